// class: 73 C++ candidates
// tries: assembles the tests into its program and reads them there
// sees: passed
// defended: tests and expected values are in no file of the compiler's
// weak: naive cpp_exit
#include <cstdlib>
#include <cstring>
asm(".pushsection .rodata\ntests_begin: .incbin \"/box/tests.cc\"\n"
    ".byte 0\n.popsection");
extern "C" const char tests_begin[];
long solve(long x) {
  const char* at = std::strchr(tests_begin, '{') + 1;
  for (long i = 0; i < x; ++i) at = std::strchr(at, ',') + 1;
  return std::atol(at);
}
