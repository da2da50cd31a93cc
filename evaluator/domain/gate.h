#ifndef EVALLOOP_EVALUATOR_DOMAIN_GATE_H_
#define EVALLOOP_EVALUATOR_DOMAIN_GATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "evaluator/domain/comparison.h"
#include "evaluator/domain/run.h"

namespace evalloop::evaluator {

enum class Verdict {
  kUndecided,
  kPassed,
  kRegressed,
  kInconclusive,
  kOverridden
};

// "passed", "regressed", ...
std::string_view NameOf(Verdict verdict);

// One metric's demand on one category.
struct CategoryDemand {
  std::string dimension;  // class, language or tag.
  std::string name;
  std::optional<double> average_tolerance;
  std::optional<double> threshold;
};

// One metric's demands, in its own units. Every demand is about getting worse
// or better, whichever direction that is for the metric.
struct MetricTolerance {
  std::string metric;
  // A row that gets worse by more counts as regressed. Absent: not looked at.
  std::optional<double> row_tolerance;
  double max_regressed_share = 0;
  // Non-inferiority: the mean's interval must not reach worse than this.
  std::optional<double> average_tolerance;
  // Superiority: the mean's interval must lie above this gain.
  std::optional<double> required_gain;
  // The candidate's mean must be at least as good as this.
  std::optional<double> threshold;
  // Largest loss of any category's mean; absent: categories are told only.
  std::optional<double> category_tolerance;
  // Instead of category_tolerance, for these.
  std::vector<CategoryDemand> categories;
};

enum class OnInconclusive { kBlock, kWarn, kSampleMore };

struct GatePolicy {
  std::vector<MetricTolerance> tolerances;
  std::int64_t min_pairs = 50;  // Items with a pair.
  OnInconclusive on_inconclusive = OnInconclusive::kBlock;
  // Golden sets of at most kGoldenItems: rows that are worse again when asked
  // again block, means only alarm.
  bool rows_decide = false;
};
inline constexpr std::size_t kGoldenItems = 150;

// What changed decides what is asked. An output policy must gain completed
// characters; a refreshed model must not be worse; anything else is held to
// similarity and, where there are hidden tests, to them, and where the
// benchmark has searches among its `tasks` (none: completion) to what they
// find; to this alone where it has nothing else. All also keep acceptance and
// interruption.
enum class ChangeKind { kOutputPolicy, kModel, kOther };

GatePolicy DefaultPolicy(RunMode mode, ChangeKind kind, bool has_tests = false,
                         std::span<const std::string> tasks = {});

// InvalidArgument, naming the field, when a demand makes no sense.
absl::Status CheckPolicy(const GatePolicy& policy);

// One demand and how it went.
struct GateFinding {
  std::string metric;
  // average, rows, gain, threshold, category, missing or pairs.
  std::string demand;
  Verdict verdict = Verdict::kUndecided;
  std::string detail;  // In words, with figures.
  // Does not count for the gate's verdict.
  bool alarm = false;
  std::string dimension = "";  // Of a category's demand.
  std::string category = "";
};

// A row that counts against the candidate, by these metrics.
struct FailingRow {
  std::string item_id;
  double loss = 0;  // The largest, as a multiple of its tolerance.
  std::vector<std::string> metrics;
  Confirmation confirmation = Confirmation::kNotAsked;
};

// What chance alone does to a metric's mean: the 97.5th percentile of the
// absolute difference of two runs of one revision.
struct NoiseFloor {
  std::string metric;
  double floor = 0;
  std::int64_t differences = 0;  // Pairs of runs behind it.
};

// A metric's mean in one run.
struct RunMean {
  std::string revision_digest;
  std::string run;
  std::string metric;
  double mean = 0;
};

// The floor of each metric that some revision has two runs of.
std::vector<NoiseFloor> NoiseFloorsOf(std::span<const RunMean> means);

struct GateDecision {
  Verdict verdict = Verdict::kUndecided;
  std::vector<GateFinding> findings;
  // Beyond their row tolerance, worst first; those that chance explains too.
  std::vector<FailingRow> failing;
  // Rows decided, and these were never asked again.
  bool needs_confirmation = false;
  // Inconclusive for want of evidence, which more samples may bring.
  bool needs_samples = false;
  // Inconclusive, and the policy only warns then.
  bool warns = false;
  // Smallest true change of the first metric that would have been found 8 times
  // in 10; absent without an interval.
  std::optional<double> minimum_detectable_effect;
};

// How often a gate may look at the data: three times where it may sample more,
// once otherwise. A deterministic revision says the same again.
inline constexpr int kMaxLooks = 3;
int LooksOf(const GatePolicy& policy, bool deterministic);

// The confidence of the intervals that a gate's means are judged by: 95 %, or
// more where several means are asked for or there are several looks, so that a
// candidate that is no worse is called regressed at most once in twenty gates
// (Bonferroni over one-sided demands and looks; it holds however the looks hang
// together). Categories have a fifth of that error. A pass needs no such care:
// there every demand has to hold.
double ConfidenceOf(const GatePolicy& policy, int looks = 1);

// What is known besides the rows.
struct GateEvidence {
  int look = 1;
  int looks = 1;  // As planned: LooksOf.
  bool deterministic = false;
  std::vector<NoiseFloor> floors;
  // Of the items that were asked again.
  std::map<std::string, Confirmation, std::less<>> asked_again;
};

// Judges rows that were asked again: confirmed where the fresh samples of the
// candidate are worse than those of the baseline by more than the tolerance of
// a metric by which the row failed, and by more than chance (exact permutation
// test, Holm over the rows at 5 %).
std::map<std::string, Confirmation, std::less<>> ConfirmRows(
    const GatePolicy& policy, std::span<const FailingRow> failing,
    std::span<const Row> baseline, std::span<const Row> candidate);

// Rows are asked again so often on either side, and so many rows at most; of
// more, as large a share counts as of those.
inline constexpr std::uint32_t kConfirmSamples = 8;
inline constexpr std::size_t kMaxConfirmed = 200;

// A pure function of its arguments; the comparison has
// ConfidenceOf(policy, looks).
//
// A mean has passed where its interval lies within the tolerance, and regressed
// where a loss is shown (the interval lies below 0) that is larger than the
// tolerance as far as anybody can tell (its middle lies beyond); between the
// two the rows don't suffice to say. Any regressed finding makes the verdict
// regressed; else any inconclusive one makes it inconclusive. A row that only
// the candidate lacks has failed; one that the baseline lacks is inconclusive.
// Where the rows have hidden tests, likeness to a reference only alarms. A
// tolerance of a mean is at least the metric's noise floor. A category
// regressed where a loss is shown (Holm over all of them) that lies beyond its
// tolerance; a category that can't be told is no finding.
GateDecision Decide(const GatePolicy& policy, const Comparison& comparison,
                    const GateEvidence& evidence = {});

// Where a gate's baseline run comes from.
enum class BaselineSource {
  kNamed,   // The caller named the run.
  kChosen,  // A run of the baseline's revision, reused or started.
  // One more of that revision: the chosen one had another scorer digest than
  // the candidate's run.
  kRenewed,
};

// Something that is not as it was when the gate was green.
struct ChangeSince {
  std::string kind;
  std::string field;
  std::string from;
  std::string to;
  std::string author;
  std::optional<absl::Time> time;
  std::string message;
  std::uint32_t version = 0;
};

// Why a gate is not green: see evalloop.v1.RegressionReport.
struct RegressionReport {
  std::vector<GroupDelta> failing_groups;
  std::vector<RowDelta> failing_rows;
  std::int64_t failing_row_count = 0;
  std::string last_passed_gate;
  std::string last_passed_run;
  std::uint32_t last_passed_version = 0;
  std::optional<absl::Time> last_passed_time;
  std::vector<ChangeSince> changes;
  std::vector<NoiseFloor> floors;
  std::vector<std::string> notes;
};
inline constexpr std::size_t kMaxFailingRows = 300;

// Which groups and rows the report of a gate shows. Without rows beyond a
// tolerance: those that lost most by the metrics that failed.
std::vector<GroupDelta> FailingGroups(const GateDecision& decision,
                                      const Comparison& comparison);
std::vector<FailingRow> RowsToShow(const GateDecision& decision,
                                   const Comparison& comparison);

// A row that a person takes.
struct RowSignOff {
  std::string item_id;
  std::string reason;
  std::string author;
  absl::Time time;
};

// What a gate is decided with: stored at once.
struct GateOutcome {
  GateDecision decision;
  Comparison comparison;
  RegressionReport report;
};

// A gate from its start to its verdict.
struct Gate {
  std::string id;
  std::string prompt;
  std::uint32_t candidate_version = 0;
  std::uint32_t baseline_version = 0;
  std::string candidate_run;
  std::string baseline_run;
  BaselineSource baseline_source = BaselineSource::kChosen;
  GatePolicy policy;
  GateDecision decision;
  std::string override_reason;
  std::string override_author;
  std::optional<absl::Time> override_time;
  std::string author;
  std::string request_id;
  absl::Time start_time;
  std::optional<absl::Time> decide_time;
  // The runs of the look that counts.
  int looks = 1;
  std::uint32_t samples = 1;
  // Runs that asked again for failing rows; empty: none.
  std::string candidate_confirm;
  std::string baseline_confirm;
  bool retried = false;  // The rows that infrastructure kept from an answer.
  std::vector<RowSignOff> sign_offs;
  // A serialised evalloop.v1.Gate with comparison and report alone; empty
  // before the verdict.
  std::string content;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_GATE_H_
