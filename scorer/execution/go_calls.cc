#include "scorer/execution/go_calls.h"

#include <fmt/format.h>

#include <string>

#include "scorer/execution/calls_talk.h"
#include "scorer/execution/compiled_program.h"
#include "scorer/execution/native_sources.h"

namespace evalloop::scorer {
namespace {

// $0 is the folder of Go's tools. What they print is no program.
constexpr std::string_view kCompile = R"(
compile() { "$0/compile" -complete -pack "$@"; }
cd /tmp && {
  compile -p candidate -importcfg /box/compile.cfg -o candidate.a \
      /box/candidate.go /box/entry.go &&
  compile -p main -importcfg /box/main.cfg -o main.a /box/calls.go /box/json.go &&
  "$0/link" -s -w -importcfg /box/link.cfg -o program main.a
} 1>&2 && exec cat program
)";
constexpr std::string_view kCandidate =
    "packagefile candidate=/tmp/candidate.a\n";

// On a machine of many cores Go would start more threads than a program may.
const std::vector<std::string>& Environment() {
  static const auto& variables = *new std::vector<std::string>{"GOMAXPROCS=2"};
  return variables;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FunctionalTests>> GoCalls::Open(
    sandbox::Sandbox& sandbox) {
  auto go = FindTool("go", "golang (or Go's own release in /usr/local/go)",
                     {"/usr/local/go/bin", "/usr/lib/go/bin"});
  if (!go.ok()) return go.status();
  Tool compiler = *go;
  auto packages = GoPackages::Open(*std::move(go));
  if (!packages.ok()) return packages.status();
  compiler.path = (*packages)->tools() + "/compile";
  const auto status = ProbeTool(compiler, "-V", sandbox);
  if (!status.ok()) return status;
  return std::unique_ptr<FunctionalTests>(
      new GoCalls(sandbox, *std::move(packages)));
}

absl::StatusOr<FunctionalVerdict> GoCalls::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  if (!IsName(functional_case.entry_point)) {
    return absl::InvalidArgumentError("entry_point: no name of Go");
  }
  std::string program =
      fmt::format("{}{}\n", functional_case.prompt, functional_case.completion);
  std::string package(GoPackageName(program));
  if (!IsName(package)) {
    package = "candidate";
    program.insert(0, "package candidate; ");
  }
  const auto imports = packages_->For(program);
  if (!imports.ok()) {
    return InfrastructureVerdict(tier(), imports.status());
  }
  sandbox::Job job;
  job.argv = {"/bin/sh", "-c", std::string(kCompile), packages_->tools()};
  job.environment = Environment();
  job.read_only_folders = packages_->folders();
  job.files = {
      {.path = "/box/candidate.go", .content = std::move(program)},
      {.path = "/box/entry.go",
       .content = fmt::format("package {}\n\nfunc EvalloopEntryPoint() "
                              "interface{{}} {{ return {} }}\n",
                              package, functional_case.entry_point)},
      {.path = "/box/calls.go", .content = std::string(GoCallsSource())},
      {.path = "/box/json.go", .content = std::string(GoJsonSource())},
      {.path = "/box/compile.cfg", .content = imports->compile},
      {.path = "/box/main.cfg",
       .content = fmt::format("{}{}", imports->compile, kCandidate)},
      {.path = "/box/link.cfg",
       .content = fmt::format("{}{}", imports->link, kCandidate)}};
  job.limits = CompilerLimits();
  Compiled compiled = Compile(job, ".go:", sandbox_);
  if (compiled.verdict.has_value()) return *std::move(compiled.verdict);
  return RunCompiled(std::move(compiled.program), Environment(),
                     functional_case, timeout, sandbox_);
}

}  // namespace evalloop::scorer
