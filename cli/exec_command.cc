#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/exec_files.h"
#include "cli/replay_report.h"
#include "code_analysis/language.h"
#include "platform/http/json.h"
#include "platform/sandbox/sandbox.h"
#include "scorer/execution/language_tests.h"

namespace evalloop::cli {
namespace {

using scorer::FunctionalResult;

// One sample's verdict. What infrastructure kept from one is tried once more:
// a machine that is short of something for a moment is no reason to lose it.
absl::Status CheckSample(const Problem& problem, Sample& sample,
                         std::chrono::milliseconds timeout,
                         scorer::FunctionalTests& tests) {
  scorer::FunctionalCase functional_case;
  functional_case.language = code_analysis::ParseLanguage(problem.language);
  functional_case.prompt = problem.prompt;
  functional_case.completion = sample.completion;
  functional_case.tests = problem.tests;
  functional_case.calls = problem.calls;
  functional_case.entry_point = problem.entry_point;
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto verdict = tests.Check(functional_case, timeout);
    if (!verdict.ok()) return verdict.status();
    sample.verdict = *std::move(verdict);
    if (sample.verdict.result != FunctionalResult::kInfrastructure) break;
  }
  return absl::OkStatus();
}

// The input's fault, or this machine's that has no tools for a language.
absl::Status OfTask(const std::string& task_id, const absl::Status& status) {
  const std::string words =
      fmt::format("{}: {}", task_id, std::string(status.message()));
  return absl::IsFailedPrecondition(status) ? absl::UnavailableError(words)
                                            : absl::InvalidArgumentError(words);
}

// All samples, `workers` at a time. The first error that is no verdict.
absl::Status CheckAll(const Problems& problems, std::vector<Sample>& samples,
                      const ExecFlags& flags, scorer::FunctionalTests& tests,
                      Terminal& terminal) {
  const std::chrono::milliseconds timeout(
      std::max<std::int64_t>(1, std::llround(flags.timeout * 1000)));
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> done = 0;
  std::mutex mutex;
  absl::Status first_error;
  const auto work = [&] {
    for (std::size_t i = next++; i < samples.size(); i = next++) {
      Sample& sample = samples[i];
      const auto status = CheckSample(problems.find(sample.task_id)->second,
                                      sample, timeout, tests);
      if (!status.ok()) {
        const std::lock_guard lock(mutex);
        if (first_error.ok()) first_error = OfTask(sample.task_id, status);
        next = samples.size();
      }
      terminal.Progress("running", ++done,
                        static_cast<std::int64_t>(samples.size()));
    }
  };
  std::vector<std::jthread> workers;
  for (int i = 0; i < flags.workers; ++i) workers.emplace_back(work);
  workers.clear();
  terminal.EndProgress();
  return first_error;
}

}  // namespace

Outcome Exec(Terminal& terminal, const ExecFlags& flags) {
  const auto begin = std::chrono::steady_clock::now();
  const auto problem_lines = ReadLines(flags.problems);
  if (!problem_lines.ok()) return problem_lines.status();
  const auto problems = ParseProblems(*problem_lines);
  if (!problems.ok()) return problems.status();
  const auto sample_lines = ReadLines(flags.samples);
  if (!sample_lines.ok()) return sample_lines.status();
  auto samples = ParseSamples(*sample_lines, *problems);
  if (!samples.ok()) return samples.status();
  // Not the input's fault: exit code 3.
  const auto sandbox = sandbox::OpenSandbox(flags.tier);
  if (!sandbox.ok()) {
    return absl::UnavailableError(std::string(sandbox.status().message()));
  }
  const auto tests = scorer::LanguageTests::Open(**sandbox);
  if (!tests.ok()) return tests.status();
  if (auto status = CheckAll(*problems, *samples, flags, **tests, terminal);
      !status.ok()) {
    return status;
  }
  std::string out;
  for (const Sample& sample : *samples) out += ResultLine(sample) + '\n';
  if (auto status = WriteFile(flags.out, out); !status.ok()) return status;
  boost::json::object summary = Summary(*samples, flags.k);
  summary["tier"] = std::string((*sandbox)->tier());
  summary["seconds"] =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  terminal.Data(http::JsonText(summary));
  if (summary["infrastructure"].to_number<std::int64_t>() > 0) {
    return absl::UnavailableError(
        "infrastructure kept some samples from a verdict");
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
