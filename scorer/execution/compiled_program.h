#ifndef EVALLOOP_SCORER_EXECUTION_COMPILED_PROGRAM_H_
#define EVALLOOP_SCORER_EXECUTION_COMPILED_PROGRAM_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// What compiling came to: a program, or the verdict that it already is.
struct Compiled {
  std::string program;
  std::optional<FunctionalVerdict> verdict;
};

// What a compiler may use, all its processes alike.
sandbox::Limits CompilerLimits();

// Runs a job that compiles in the sandbox: it exits with 0 and the program on
// its stdout, or otherwise with its complaints on stderr, of which the first
// with `error_mark` in it is told.
Compiled Compile(const sandbox::Job& job, std::string_view error_mark,
                 sandbox::Sandbox& sandbox);

// Runs a program that speaks as TalkCalls says by descriptor 3, in a fresh
// sandbox.
FunctionalVerdict RunCompiled(std::string program,
                              std::vector<std::string> environment,
                              const FunctionalCase& functional_case,
                              std::chrono::milliseconds timeout,
                              sandbox::Sandbox& sandbox);

// Whether an entry point is a name of the language's, so that it can stand in a
// program: [A-Za-z_][A-Za-z0-9_]*, with "::" between such where `qualified`,
// with '$' where `dollar`.
struct NameForm {
  bool qualified = false;
  bool dollar = false;
};
bool IsName(std::string_view text, NameForm form = {});

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_COMPILED_PROGRAM_H_
