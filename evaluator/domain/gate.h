#ifndef EVALLOOP_EVALUATOR_DOMAIN_GATE_H_
#define EVALLOOP_EVALUATOR_DOMAIN_GATE_H_

#include <cstdint>
#include <optional>
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
};

struct GatePolicy {
  std::vector<MetricTolerance> tolerances;
  std::int64_t min_pairs = 50;
};

// What changed decides what is asked. An output policy must gain completed
// characters; a refreshed model must not be worse; anything else is held to
// similarity and, where there are hidden tests, to them. All also keep
// acceptance and interruption.
enum class ChangeKind { kOutputPolicy, kModel, kOther };

GatePolicy DefaultPolicy(RunMode mode, ChangeKind kind, bool has_tests = false);

// InvalidArgument, naming the field, when a demand makes no sense.
absl::Status CheckPolicy(const GatePolicy& policy);

// One demand and how it went.
struct GateFinding {
  std::string metric;
  std::string demand;  // average, rows, gain, threshold or pairs.
  Verdict verdict = Verdict::kUndecided;
  std::string detail;  // In words, with figures.
  // Does not count for the gate's verdict.
  bool alarm = false;
};

struct GateDecision {
  Verdict verdict = Verdict::kUndecided;
  std::vector<GateFinding> findings;
  // Smallest true change of the first metric that would have been found 8 times
  // in 10; absent without an interval.
  std::optional<double> minimum_detectable_effect;
};

// The confidence of the intervals that a gate's means are judged by: 95 %, or
// more where several means are asked for, so that a candidate that is no worse
// is called regressed at most once in twenty gates (Bonferroni over one-sided
// demands). A pass needs no such care: there every demand has to hold.
double ConfidenceOf(const GatePolicy& policy);

// A pure function of its arguments; the comparison has ConfidenceOf(policy).
//
// A mean has passed where its interval lies within the tolerance, and regressed
// where a loss is shown (the interval lies below 0) that is larger than the
// tolerance as far as anybody can tell (its middle lies beyond); between the
// two the rows don't suffice to say. Any regressed finding makes the verdict
// regressed; else any inconclusive one makes it inconclusive. Rows without an
// answer are infrastructure, so they make it inconclusive, never regressed.
// Where the rows have hidden tests, likeness to a reference only alarms.
GateDecision Decide(const GatePolicy& policy, const Comparison& comparison);

// Where a gate's baseline run comes from.
enum class BaselineSource {
  kNamed,   // The caller named the run.
  kChosen,  // A run of the baseline's revision, reused or started.
  // One more of that revision: the chosen one had another scorer digest than
  // the candidate's run.
  kRenewed,
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
  std::string author;
  std::string request_id;
  absl::Time start_time;
  std::optional<absl::Time> decide_time;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_GATE_H_
