#ifndef EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_
#define EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/run.h"

namespace evalloop::evaluator {

// A figure with its 95 % interval; no bounds where there were too few commits.
struct Estimate {
  double value = 0;
  std::optional<double> lower;
  std::optional<double> upper;
};

// One metric over the scored rows of a run.
struct MetricSummary {
  std::string metric;
  Estimate mean;
  double p10 = 0;
  double p90 = 0;
  std::int64_t rows = 0;
  std::int64_t missing = 0;
};

// Candidate minus baseline over all pairs.
struct MetricDelta {
  std::string metric;
  bool higher_is_better = true;
  double baseline = 0;
  double candidate = 0;
  Estimate delta;
  std::int64_t pairs = 0;
  std::int64_t worse = 0;
  std::int64_t better = 0;
  // Pairs where only the baseline has a value: they count as worse.
  std::int64_t lost = 0;
  std::optional<double> p_value;  // Exact McNemar, for metrics of 0 and 1.
  // By how much each pair got worse (positive: worse), in the metric's units.
  std::vector<double> losses;
};

// One pair's change, with what was said.
struct RowDelta {
  std::string item_id;
  std::uint32_t sample = 0;
  std::vector<MetricValue> deltas;
  std::string baseline_text;
  std::string candidate_text;
};

struct Comparison {
  std::string baseline_run;
  std::string candidate_run;
  std::vector<MetricDelta> deltas;
  std::vector<RowDelta> rows;     // Worst first.
  std::int64_t missing_rows = 0;  // Without an answer on one side.
  std::int64_t clusters = 0;      // Commits.
  std::int64_t quarantined = 0;   // Rows left out by who called Compare.
  double confidence = 0.95;       // Of the deltas' intervals.

  const MetricDelta* Find(std::string_view metric) const;
};

// False for metrics where less is better, e.g. rejected_chars.
bool HigherIsBetter(std::string_view metric);

// Likeness to a reference: it may alarm, but never blocks where hidden tests
// are.
bool IsSimilarity(std::string_view metric);

// Of hidden tests: 1 passed, 0 failed.
inline constexpr std::string_view kPassAt1 = "pass_at_1";

// The three figures of typing, from tallies:
// acceptance, completed_chars (shares), rejected_chars (per 400 lines).
inline constexpr std::string_view kAcceptance = "acceptance";
inline constexpr std::string_view kCompletedChars = "completed_chars";
inline constexpr std::string_view kRejectedChars = "rejected_chars";

// Means (ratios of sums for the figures of typing) with intervals bootstrapped
// over commits. Rows that are not scored are left out.
std::vector<MetricSummary> Summarize(std::span<const Row> rows);

// Pairs rows by item and sample. Intervals: paired bootstrap, BCa, clustered by
// commit (Davison, Hinkley 1997), for values of 0 and 1 with one unseen pair
// each way; at most `max_rows` row deltas are kept.
// `confidence`: of the intervals, in (0, 1). FailedPrecondition when no row
// pairs up.
inline constexpr double kUsualConfidence = 0.95;
absl::StatusOr<Comparison> Compare(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::size_t max_rows,
                                   double confidence = kUsualConfidence);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_
