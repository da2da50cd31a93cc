#include <algorithm>

#include "evaluator/domain/benchmark.h"
#include "evaluator/domain/gate.h"
#include "evaluator/domain/gate_rules.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

// A candidate that is no worse may be called regressed so often, and of that
// by its categories so often.
constexpr double kFalseAlarms = 0.05;
constexpr double kFalseCategories = 0.01;

MetricTolerance AtMostWorseBy(std::string_view metric, double tolerance,
                              std::optional<double> category = std::nullopt) {
  MetricTolerance demand;
  demand.metric = metric;
  demand.average_tolerance = tolerance;
  demand.category_tolerance = category;
  return demand;
}

}  // namespace

std::string_view NameOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUndecided:
      return "undecided";
    case Verdict::kPassed:
      return "passed";
    case Verdict::kRegressed:
      return "regressed";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kOverridden:
      return "overridden";
  }
  return "undecided";
}

GatePolicy DefaultPolicy(RunMode mode, ChangeKind kind, bool has_tests,
                         std::span<const std::string> tasks) {
  GatePolicy policy;
  const auto searches = static_cast<std::size_t>(
      std::count(tasks.begin(), tasks.end(), task::kSearch));
  if (mode == RunMode::kOnce) {
    // chrF differences under five points prove nothing on small sets
    // (Evtikhiev et al. 2023); a model that lost so much is worse.
    policy.tolerances = {AtMostWorseBy("chrf", 3.0, 5.0),
                         AtMostWorseBy("edit_similarity", 0.03, 0.05)};
    if (has_tests) {
      policy.tolerances.insert(policy.tolerances.begin(),
                               AtMostWorseBy(kPassAt1, 0.05, 0.05));
    }
    // Likeness to a place's name says nothing about finding it.
    if (searches > 0 && searches == tasks.size()) policy.tolerances.clear();
    if (searches > 0) {
      policy.tolerances.insert(policy.tolerances.begin(),
                               AtMostWorseBy("hit_at_5", 0.05, 0.05));
    }
    return policy;
  }
  MetricTolerance completed = AtMostWorseBy(kCompletedChars, 0.01);
  if (kind == ChangeKind::kOutputPolicy) {
    completed.average_tolerance.reset();
    completed.required_gain = 0;
  }
  // Less interruption is never traded for characters: an output policy may not
  // add any, a model may add a twentieth of what "always shown" costs.
  const double interruption = kind == ChangeKind::kOutputPolicy ? 0 : 2'000;
  policy.tolerances = {completed, AtMostWorseBy(kAcceptance, 0.03),
                       AtMostWorseBy(kRejectedChars, interruption)};
  return policy;
}

absl::Status CheckPolicy(const GatePolicy& policy) {
  for (const MetricTolerance& tolerance : policy.tolerances) {
    if (tolerance.metric.empty()) {
      return base::FieldError("policy.tolerances.metric", "is empty",
                              "name a metric, e.g. chrf");
    }
    bool negative = tolerance.average_tolerance.value_or(0) < 0 ||
                    tolerance.row_tolerance.value_or(0) < 0 ||
                    tolerance.category_tolerance.value_or(0) < 0;
    for (const CategoryDemand& demand : tolerance.categories) {
      negative = negative || demand.average_tolerance.value_or(0) < 0;
      if (demand.name.empty() ||
          (demand.dimension != "class" && demand.dimension != "language" &&
           demand.dimension != "tag")) {
        return base::FieldError(
            "policy.tolerances." + tolerance.metric + ".categories",
            "names no category",
            "give dimension (class, language or tag) and name");
      }
    }
    if (negative) {
      return base::FieldError("policy.tolerances." + tolerance.metric,
                              "is negative",
                              "give how much worse is let pass, from 0");
    }
    if (tolerance.max_regressed_share < 0 ||
        tolerance.max_regressed_share > 1) {
      return base::FieldError(
          "policy.tolerances." + tolerance.metric + ".max_regressed_share",
          "is not a share", "use a number from 0 to 1");
    }
  }
  if (policy.min_pairs < 1) {
    return base::FieldError("policy.min_pairs", "is under 1",
                            "use at least 1; 50 is the default");
  }
  bool judges_rows = false;
  for (const MetricTolerance& tolerance : policy.tolerances) {
    judges_rows = judges_rows || tolerance.row_tolerance.has_value();
  }
  if (policy.rows_decide && !judges_rows) {
    return base::FieldError("policy.rows_decide",
                            "has no row_tolerance to decide by",
                            "give a metric one");
  }
  return absl::OkStatus();
}

int LooksOf(const GatePolicy& policy, bool deterministic) {
  return policy.on_inconclusive == OnInconclusive::kSampleMore && !deterministic
             ? kMaxLooks
             : 1;
}

bool JudgesCategories(const MetricTolerance& tolerance) {
  return tolerance.category_tolerance.has_value() ||
         !tolerance.categories.empty();
}

double CategoryErrorOf(const GatePolicy& policy, int looks) {
  const auto judged =
      std::count_if(policy.tolerances.begin(), policy.tolerances.end(),
                    [](const auto& t) { return JudgesCategories(t); });
  return judged == 0 ? 0 : kFalseCategories / looks / judged;
}

double ConfidenceOf(const GatePolicy& policy, int looks) {
  int means = 0;
  double error = kFalseAlarms;
  for (const MetricTolerance& tolerance : policy.tolerances) {
    means += tolerance.average_tolerance.has_value() ||
             tolerance.required_gain.has_value();
    if (JudgesCategories(tolerance)) error = kFalseAlarms - kFalseCategories;
  }
  const double once =
      std::max(kUsualConfidence, 1 - 2 * error / std::max(1, means));
  return 1 - (1 - once) / looks;
}

}  // namespace evalloop::evaluator
