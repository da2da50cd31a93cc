#include "scorer/execution/javascript_tests.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "scorer/execution/calls_talk.h"
#include "scorer/execution/compiled_program.h"
#include "scorer/execution/javascript_script.h"
#include "scorer/execution/native_sources.h"

namespace evalloop::scorer {
namespace {

// Texts, as our scripts read them.
sandbox::File TextsFile(std::string path,
                        const std::vector<std::string_view>& texts) {
  PlainValue list;
  list.kind = PlainValue::Kind::kArray;
  for (const std::string_view text : texts) {
    PlainValue& value = list.items.emplace_back();
    value.kind = PlainValue::Kind::kString;
    value.text = text;
  }
  return {.path = std::move(path), .content = TextOf(list)};
}

sandbox::File CandidateFile(const FunctionalCase& functional_case) {
  const std::string program =
      fmt::format("{}{}", functional_case.prompt, functional_case.completion);
  return TextsFile("/box/candidate.json",
                   {program, functional_case.entry_point});
}

sandbox::File TestsFile(const FunctionalCase& functional_case) {
  return TextsFile("/box/tests.json",
                   {functional_case.prompt, functional_case.tests,
                    functional_case.entry_point});
}

}  // namespace

absl::StatusOr<std::unique_ptr<FunctionalTests>> JavaScriptTests::Open(
    sandbox::Sandbox& sandbox) {
  auto node = FindTool("node", "nodejs");
  if (!node.ok()) return node.status();
  const auto status = ProbeTool(*node, "--version", sandbox);
  if (!status.ok()) return status;
  return std::unique_ptr<FunctionalTests>(
      new JavaScriptTests(sandbox, *std::move(node)));
}

absl::StatusOr<FunctionalVerdict> JavaScriptTests::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  if (!IsName(functional_case.entry_point, {.dollar = true})) {
    return absl::InvalidArgumentError("entry_point: no name of JavaScript");
  }
  if (!functional_case.calls.empty()) {
    return CheckCalls(functional_case, timeout);
  }
  sandbox::Job candidate = JobOf(JavaScriptCandidateSource(), timeout);
  candidate.files.push_back(CandidateFile(functional_case));
  sandbox::Job check = JobOf(JavaScriptCheckSource(), timeout);
  check.files.push_back(TestsFile(functional_case));
  return RunScript(candidate, check, timeout, sandbox_);
}

FunctionalVerdict JavaScriptTests::CheckCalls(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  const auto broken = [this](const absl::Status& status) {
    return InfrastructureVerdict(tier(), status);
  };
  auto pair = SocketPair();
  if (!pair.ok()) return broken(pair.status());
  sandbox::Job job = JobOf(JavaScriptCallsSource(), timeout);
  job.files.push_back(CandidateFile(functional_case));
  auto process = sandbox_.Start(job, {pair->second.get()});
  if (!process.ok()) return broken(process.status());
  pair->second.Close();  // Or its end would never be seen.
  auto verdict = TalkCalls(functional_case, "", std::move(pair->first),
                           *std::move(process), timeout);
  return verdict.ok() ? *std::move(verdict) : broken(verdict.status());
}

sandbox::Job JavaScriptTests::JobOf(std::string_view script,
                                    std::chrono::milliseconds timeout) const {
  sandbox::Job job;
  job.argv = {node_.path, "--max-old-space-size=256", "--no-deprecation",
              "/box/script.js"};
  job.read_only_folders = node_.folders;
  job.files.push_back(
      {.path = "/box/script.js", .content = std::string(script)});
  job.limits = ProgramLimits(timeout);
  return job;
}

}  // namespace evalloop::scorer
