#include "scorer/domain/oracle.h"

#include <algorithm>
#include <string>
#include <utility>

namespace evalloop::scorer {
namespace {

// Why no mutant need be tried; empty: they must.
std::string_view Settle(OracleReport& report, const FunctionalCase& right) {
  const auto passed = static_cast<std::size_t>(std::count(
      report.repeats.begin(), report.repeats.end(), FunctionalResult::kPassed));
  const auto unknown = static_cast<std::size_t>(
      std::count(report.repeats.begin(), report.repeats.end(),
                 FunctionalResult::kInfrastructure));
  const std::size_t failed = report.repeats.size() - passed - unknown;
  report.flaky = passed > 0 && failed > 0;
  if (report.flaky) return "flaky";
  if (failed > 0) return "solution_fails";
  if (passed == 0) return "infrastructure";
  return code_analysis::CanMutate(right.language) ? "" : "no_mutations";
}

}  // namespace

absl::StatusOr<OracleReport> CheckOracle(FunctionalTests& tests,
                                         const FunctionalCase& right,
                                         const OracleOptions& options) {
  OracleReport report;
  for (int i = 0; i < std::max(options.repeats, 2); ++i) {
    const auto verdict = tests.Check(right, options.timeout);
    if (!verdict.ok()) return verdict.status();
    report.repeats.push_back(verdict->result);
  }
  report.reason = Settle(report, right);
  if (!report.reason.empty()) return report;
  const std::size_t size = right.completion.size() -
                           std::min(options.below, right.completion.size());
  const std::string_view below = right.completion.substr(size);
  for (code_analysis::Mutant& mutant :
       code_analysis::MutantsOf(right.completion.substr(0, size),
                                right.language, options.most_mutants)) {
    FunctionalCase wrong = right;
    const std::string completion = mutant.text + std::string(below);
    wrong.completion = completion;
    const auto verdict = tests.Check(wrong, options.timeout);
    if (!verdict.ok()) return verdict.status();
    switch (verdict->result) {
      case FunctionalResult::kPassed:
        report.survivors.push_back(std::move(mutant));
        break;
      case FunctionalResult::kFailed:
      case FunctionalResult::kTimedOut:
        ++report.killed;
        break;
      case FunctionalResult::kInfrastructure:
        ++report.unknown;
        break;
    }
  }
  const std::size_t known = report.killed + report.survivors.size();
  if (known > 0) {
    report.mutation_score =
        static_cast<double>(report.killed) / static_cast<double>(known);
  } else {
    report.reason = report.unknown > 0 ? "infrastructure" : "no_mutants";
  }
  return report;
}

}  // namespace evalloop::scorer
