#include "scorer/domain/hidden_tests.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

Measure PassedBy(FunctionalTests& tests, const FunctionalCase& one,
                 const HiddenTestOptions& options) {
  for (int attempt = 0; attempt < std::max(options.attempts, 1); ++attempt) {
    const auto verdict = tests.Check(one, options.timeout);
    if (!verdict.ok()) {
      switch (verdict.status().code()) {
        case absl::StatusCode::kFailedPrecondition:
          // Without a sandbox there is no tier.
          return Measure::Missing(tests.tier().empty() ? "no_sandbox"
                                                       : "no_tool");
        case absl::StatusCode::kInvalidArgument:
          return Measure::Missing("no_test_runner");
        default:
          continue;
      }
    }
    switch (verdict->result) {
      case FunctionalResult::kPassed:
        return Measure::Of(1);
      case FunctionalResult::kFailed:
      case FunctionalResult::kTimedOut:
        return Measure::Of(0);
      case FunctionalResult::kInfrastructure:
        break;
    }
  }
  return Measure::Missing("infrastructure");
}

}  // namespace

std::vector<Measure> RunHiddenTests(FunctionalTests& tests,
                                    std::span<const FunctionalCase> cases,
                                    const HiddenTestOptions& options) {
  std::vector<Measure> passed(cases.size());
  std::atomic<std::size_t> next{0};
  const auto check_some = [&] {
    for (std::size_t i = next++; i < cases.size(); i = next++) {
      passed[i] = PassedBy(tests, cases[i], options);
    }
  };
  std::vector<std::jthread> others;
  const auto wanted = std::min<std::size_t>(
      static_cast<std::size_t>(std::max(options.parallel, 1)), cases.size());
  for (std::size_t i = 1; i < wanted; ++i) others.emplace_back(check_some);
  check_some();
  others.clear();  // Joins.
  return passed;
}

}  // namespace evalloop::scorer
