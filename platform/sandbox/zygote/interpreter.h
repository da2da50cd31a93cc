#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_INTERPRETER_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_INTERPRETER_H_

#include <string>

namespace evalloop::sandbox {

// Starts this process's Python, isolated from environment and site packages,
// and runs `source`, which must define main(). Returns what went wrong, or
// empty.
std::string StartInterpreter(const std::string& source);

// In a child that ends soon after: calls main() as if these had been told to
// its descriptors: what the source names `rehearsal`, a list of bytes for 3, 4
// ... False where it names none.
bool Rehearse();

// Around a fork of this process: what the interpreter must know.
void BeforeFork();
void AfterForkInParent();
void AfterForkInChild();

// Calls main() and ends the process: 0 when it returned, 1 when it raised, or
// what it gave to sys.exit.
[[noreturn]] void CallMain();

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_INTERPRETER_H_
