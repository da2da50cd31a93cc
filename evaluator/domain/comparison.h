#ifndef EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_
#define EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/run.h"
#include "evaluator/domain/validity.h"

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

// By how much an item got worse (positive: worse), in the metric's units, over
// its samples; infinite where the candidate has no answer.
struct ItemLoss {
  std::uint32_t item = 0;  // In Comparison::item_ids.
  double loss = 0;
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
  double baseline_p10 = 0;
  double baseline_p90 = 0;
  double candidate_p10 = 0;
  double candidate_p90 = 0;
  std::vector<ItemLoss> losses;  // Only of all pairs, not of groups.
  // Of groups: the one-sided chance of such a loss where there is none (the
  // larger of a t test on commits and, for 0 and 1, exact McNemar), and what
  // Holm and Benjamini-Hochberg make of it over all groups.
  std::optional<double> loss_p;
  std::optional<double> holm_p;
  std::optional<double> bh_p;
};

// What a comparison has to know of an item.
struct ItemFacts {
  std::string repository;
  std::string path;
  std::string language;
  std::string commit;  // The item's parent: where its path and line are.
  std::uint32_t line = 0;
  std::string item_class;
  std::vector<std::string> tags;
  std::string task = {};
  bool holdout = false;
};
using FactsById = std::map<std::string, ItemFacts, std::less<>>;

// What asking again said of a failing row.
enum class Confirmation { kNotAsked, kConfirmed, kChance };

// One pair's change, with what was said.
struct RowDelta {
  std::string item_id;
  std::uint32_t sample = 0;
  std::vector<MetricValue> deltas;
  // In the order of `deltas`.
  std::vector<MetricValue> baseline_values;
  std::vector<MetricValue> candidate_values;
  std::string baseline_text;
  std::string candidate_text;
  bool missing = false;  // The candidate has no answer: all deltas are null.
  ItemFacts facts;
  // By a gate.
  std::vector<std::string> failed_metrics;
  Confirmation confirmation = Confirmation::kNotAsked;
  std::string accepted_reason;
};

// The pairs whose items have something in common.
struct GroupDelta {
  std::string dimension;  // class, language or tag.
  std::string name;       // "other": the small ones in `pooled`.
  std::vector<std::string> pooled;
  std::int64_t pairs = 0;
  // Intervals by standard errors clustered by commit (Miller 2024).
  std::vector<MetricDelta> deltas;

  const MetricDelta* Find(std::string_view metric) const;
};

struct Comparison {
  std::string baseline_run;
  std::string candidate_run;
  std::vector<MetricDelta> deltas;
  std::vector<RowDelta> rows;     // Worst first.
  std::int64_t missing_rows = 0;  // Without an answer on one side.
  // Of these, on the candidate's: null in every metric, and failed.
  std::int64_t missing_in_candidate = 0;
  std::vector<std::string> item_ids;  // That have a pair.
  std::vector<GroupDelta> groups;     // By dimension, the largest first.
  std::int64_t clusters = 0;          // Commits.
  std::int64_t quarantined = 0;       // Rows left out by who called Compare.
  Validity validity;                  // Of the candidate's rows, likewise.
  double confidence = 0.95;           // Of the deltas' intervals.

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

// Pairs rows by item and sample. A row that the candidate lacks counts as
// failed: 0, or the worst value of any row where less is better. Intervals:
// paired bootstrap, BCa, clustered by commit (Davison, Hinkley 1997), for
// values of 0 and 1 with one unseen pair each way; at most `max_rows` row
// deltas are kept. Groups are made of what `facts` tells of the items; under
// kSmallGroup pairs they are one group "other".
// `confidence`: of the intervals, in (0, 1). FailedPrecondition when no row
// pairs up.
inline constexpr double kUsualConfidence = 0.95;
inline constexpr std::int64_t kSmallGroup = 30;
absl::StatusOr<Comparison> Compare(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::size_t max_rows,
                                   double confidence = kUsualConfidence,
                                   const FactsById& facts = {});

// Adds what whole rows say to row deltas of rows that were compared without:
// texts, and why values are missing.
void AddTexts(std::span<const Row> baseline, std::span<const Row> candidate,
              std::span<RowDelta> rows);

// The pairs of `item_ids` as Compare tells rows, in that order.
std::vector<RowDelta> DescribeRows(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::span<const std::string> item_ids,
                                   const FactsById& facts);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_COMPARISON_H_
