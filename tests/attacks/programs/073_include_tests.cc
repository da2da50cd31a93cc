// class: 73 C++ candidates
// tries: includes the tests and reads what is expected
// sees: passed
// defended: tests and expected values are in no file of the compiler's
// weak: naive cpp_exit
#include <cassert>
namespace stolen {
#define main stolen_main
static long solve(long) { return 0; }
#include "/box/tests.cc"
#undef main
}
long solve(long x) { return stolen::EXPECTED[x]; }
