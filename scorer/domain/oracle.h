#ifndef EVALLOOP_SCORER_DOMAIN_ORACLE_H_
#define EVALLOOP_SCORER_DOMAIN_ORACLE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "code_analysis/mutations.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// The tests are tested too: do they tell a right solution from one with a small
// mistake, and do they say the same twice?

struct OracleOptions {
  int repeats = 3;  // Of the right solution; 2 or more.
  std::size_t most_mutants = 40;
  std::chrono::milliseconds timeout{3'000};  // For each check.
  // Bytes at the completion's end that are no solution but what stands below:
  // they are not mutated.
  std::size_t below = 0;
};

struct OracleReport {
  // Of the unchanged solution, by repeat.
  std::vector<FunctionalResult> repeats;
  // The same solution passed and did not: such tests belong in quarantine.
  bool flaky = false;
  std::size_t killed = 0;   // Mutants that failed, or ran out of time.
  std::size_t unknown = 0;  // Mutants about which infrastructure says nothing.
  std::vector<code_analysis::Mutant> survivors;
  // Killed of those about which something is known.
  std::optional<double> mutation_score;
  // Without one: "flaky", "solution_fails", "infrastructure", "no_mutants", or
  // "no_mutations" (for the language).
  std::string_view reason;
};

// `right` with a completion that should pass. A call blocks for as long as all
// checks take. Errors: those of `tests`.
absl::StatusOr<OracleReport> CheckOracle(FunctionalTests& tests,
                                         const FunctionalCase& right,
                                         const OracleOptions& options = {});

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_ORACLE_H_
