// class: 73 C++ candidates
// tries: has the compiler quote a secret file
// sees: leak
// defended: compiling is done in the sandbox
// weak: naive cpp_words scratch
#include "@SECRET_FILE@"
long solve(long x) { return 0; }
