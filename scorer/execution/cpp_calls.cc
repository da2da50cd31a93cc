#include "scorer/execution/cpp_calls.h"

#include <fmt/format.h>

#include <string>

#include "scorer/execution/compiled_program.h"
#include "scorer/execution/native_sources.h"

namespace evalloop::scorer {
namespace {

// The candidate's own main, if it has one, is another function's name; and some
// define int as another type.
constexpr std::string_view kProgram =
    R"(#include "scorer/execution/native/calls.h"
#define main evalloop_candidate_main
#line 1 "candidate.cc"
{}{}
#undef main
#line 1 "entry.cc"
signed main() {{ return evalloop_calls::Serve({}); }}
)";

// $0 is the compiler. What it prints is no program.
constexpr std::string_view kCompile =
    "\"$0\" -std=c++20 -O2 -w -s -fmax-errors=1 -fdiagnostics-plain-output "
    "-I/box -o /tmp/program /box/program.cc 1>&2 && exec cat /tmp/program";

}  // namespace

absl::StatusOr<std::unique_ptr<FunctionalTests>> CppCalls::Open(
    sandbox::Sandbox& sandbox) {
  auto compiler = FindTool("g++", "g++");
  if (!compiler.ok()) return compiler.status();
  const auto status = ProbeTool(*compiler, "--version", sandbox);
  if (!status.ok()) return status;
  return std::unique_ptr<FunctionalTests>(
      new CppCalls(sandbox, *std::move(compiler)));
}

absl::StatusOr<FunctionalVerdict> CppCalls::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  if (!IsName(functional_case.entry_point, {.qualified = true})) {
    return absl::InvalidArgumentError("entry_point: no name of C++");
  }
  sandbox::Job job;
  job.argv = {"/bin/sh", "-c", std::string(kCompile), compiler_.path};
  job.environment = {"LC_ALL=C"};
  job.read_only_folders = compiler_.folders;
  job.files = {{.path = "/box/scorer/execution/native/calls.h",
                .content = std::string(CppCallsSource())},
               {.path = "/box/scorer/execution/native/json.h",
                .content = std::string(CppJsonSource())},
               {.path = "/box/program.cc",
                .content = fmt::format(kProgram, functional_case.prompt,
                                       functional_case.completion,
                                       functional_case.entry_point)}};
  job.limits = CompilerLimits();
  Compiled compiled = Compile(job, "error: ", sandbox_);
  if (compiled.verdict.has_value()) return *std::move(compiled.verdict);
  return RunCompiled(std::move(compiled.program), {}, functional_case, timeout,
                     sandbox_);
}

}  // namespace evalloop::scorer
