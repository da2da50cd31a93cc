#include "evaluator/domain/gate.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {
namespace {

// A candidate that is no worse may be called regressed so often.
constexpr double kFalseAlarms = 0.05;
constexpr double kPower = 0.8;

// `metric`'s interval turned so that positive is better.
struct Gain {
  double value;
  double lower;
  double upper;
};

std::optional<Gain> GainOf(const MetricDelta& delta) {
  if (!delta.delta.lower.has_value()) return std::nullopt;
  if (delta.higher_is_better) {
    return Gain{delta.delta.value, *delta.delta.lower, *delta.delta.upper};
  }
  return Gain{-delta.delta.value, -*delta.delta.upper, -*delta.delta.lower};
}

// As many digits as a reader can use: shares to a thousandth, counts whole.
std::string Figure(double value, bool with_sign = false) {
  const double size = std::abs(value);
  const int digits = size >= 1'000 ? 0 : (size >= 10 ? 1 : 3);
  return with_sign ? fmt::format("{:+.{}f}", value, digits)
                   : fmt::format("{:.{}f}", value, digits);
}

std::string Words(const MetricDelta& delta) {
  std::string text =
      fmt::format("{} to {}", Figure(delta.baseline), Figure(delta.candidate));
  if (delta.delta.lower.has_value()) {
    text += fmt::format(", change {} [{}, {}]", Figure(delta.delta.value, true),
                        Figure(*delta.delta.lower, true),
                        Figure(*delta.delta.upper, true));
  }
  return text + fmt::format(", {} pairs", delta.pairs);
}

GateFinding NoInterval(const MetricDelta& delta, std::string_view demand) {
  return {delta.metric, std::string(demand), Verdict::kInconclusive,
          Words(delta) + ": all pairs come from one commit"};
}

GateFinding CheckAverage(const MetricDelta& delta, double tolerance) {
  const auto gain = GainOf(delta);
  if (!gain.has_value()) return NoInterval(delta, "average");
  GateFinding finding{delta.metric, "average", Verdict::kInconclusive, ""};
  if (gain->lower >= -tolerance) {
    finding.verdict = Verdict::kPassed;
  } else if (gain->upper < 0 && gain->value < -tolerance) {
    finding.verdict = Verdict::kRegressed;
  }
  finding.detail = fmt::format("{}; may be worse by at most {}", Words(delta),
                               Figure(tolerance));
  return finding;
}

GateFinding CheckGain(const MetricDelta& delta, double required) {
  const auto gain = GainOf(delta);
  if (!gain.has_value()) return NoInterval(delta, "gain");
  GateFinding finding{delta.metric, "gain", Verdict::kInconclusive, ""};
  if (gain->lower > required) {
    finding.verdict = Verdict::kPassed;
  } else if (gain->upper < required) {
    finding.verdict = Verdict::kRegressed;
  }
  finding.detail =
      fmt::format("{}; must gain more than {}", Words(delta), Figure(required));
  return finding;
}

GateFinding CheckRows(const MetricDelta& delta,
                      const MetricTolerance& tolerance) {
  const auto regressed = std::count_if(
      delta.losses.begin(), delta.losses.end(),
      [&](double loss) { return loss > *tolerance.row_tolerance; });
  const double share = delta.losses.empty() ? 0
                                            : static_cast<double>(regressed) /
                                                  delta.losses.size();
  return {delta.metric, "rows",
          share <= tolerance.max_regressed_share ? Verdict::kPassed
                                                 : Verdict::kRegressed,
          fmt::format(
              "{} of {} rows worse by more than {}, at most {:.3g} % may "
              "be",
              regressed, delta.losses.size(), Figure(*tolerance.row_tolerance),
              100 * tolerance.max_regressed_share)};
}

GateFinding CheckThreshold(const MetricDelta& delta, double threshold) {
  const bool kept = delta.higher_is_better ? delta.candidate >= threshold
                                           : delta.candidate <= threshold;
  return {delta.metric, "threshold",
          kept ? Verdict::kPassed : Verdict::kRegressed,
          fmt::format("{}, must be {} {}", Figure(delta.candidate),
                      delta.higher_is_better ? "at least" : "at most",
                      Figure(threshold))};
}

void CheckMetric(const MetricTolerance& tolerance, const Comparison& comparison,
                 std::vector<GateFinding>& findings) {
  const MetricDelta* delta = comparison.Find(tolerance.metric);
  if (delta == nullptr) {
    findings.push_back({tolerance.metric, "pairs", Verdict::kInconclusive,
                        "no row of the baseline has this metric"});
    return;
  }
  if (tolerance.average_tolerance.has_value()) {
    findings.push_back(CheckAverage(*delta, *tolerance.average_tolerance));
  }
  if (tolerance.required_gain.has_value()) {
    findings.push_back(CheckGain(*delta, *tolerance.required_gain));
  }
  if (tolerance.row_tolerance.has_value()) {
    findings.push_back(CheckRows(*delta, tolerance));
  }
  if (tolerance.threshold.has_value()) {
    findings.push_back(CheckThreshold(*delta, *tolerance.threshold));
  }
}

MetricTolerance AtMostWorseBy(std::string_view metric, double tolerance) {
  MetricTolerance demand;
  demand.metric = metric;
  demand.average_tolerance = tolerance;
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

GatePolicy DefaultPolicy(RunMode mode, ChangeKind kind, bool has_tests) {
  GatePolicy policy;
  if (mode == RunMode::kOnce) {
    // chrF differences under five points prove nothing on small sets
    // (Evtikhiev et al. 2023); a model that lost so much is worse.
    policy.tolerances = {AtMostWorseBy("chrf", 3.0),
                         AtMostWorseBy("edit_similarity", 0.03)};
    if (has_tests) {
      policy.tolerances.insert(policy.tolerances.begin(),
                               AtMostWorseBy(kPassAt1, 0.05));
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
    if (tolerance.average_tolerance.value_or(0) < 0 ||
        tolerance.row_tolerance.value_or(0) < 0) {
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
  return absl::OkStatus();
}

double ConfidenceOf(const GatePolicy& policy) {
  int means = 0;
  for (const MetricTolerance& tolerance : policy.tolerances) {
    means += tolerance.average_tolerance.has_value() ||
             tolerance.required_gain.has_value();
  }
  return std::max(kUsualConfidence, 1 - 2 * kFalseAlarms / std::max(1, means));
}

GateDecision Decide(const GatePolicy& policy, const Comparison& comparison) {
  GateDecision decision;
  std::int64_t pairs = 0;
  for (const MetricDelta& delta : comparison.deltas) {
    pairs = std::max(pairs, delta.pairs);
  }
  if (pairs < policy.min_pairs) {
    decision.findings.push_back(
        {"", "pairs", Verdict::kInconclusive,
         fmt::format("{} pairs, {} are needed", pairs, policy.min_pairs)});
  }
  if (comparison.missing_rows > 0) {
    decision.findings.push_back(
        {"", "pairs", Verdict::kInconclusive,
         fmt::format("{} rows lack an answer on one side: evalloop run retry "
                     "{} (or {}) sends them again, for a new gate",
                     comparison.missing_rows, comparison.candidate_run,
                     comparison.baseline_run)});
  }
  for (const MetricTolerance& tolerance : policy.tolerances) {
    CheckMetric(tolerance, comparison, decision.findings);
  }
  decision.verdict = Verdict::kPassed;
  const bool has_tests = comparison.Find(kPassAt1) != nullptr;
  for (GateFinding& finding : decision.findings) {
    if (has_tests && IsSimilarity(finding.metric) &&
        finding.verdict != Verdict::kPassed) {
      finding.alarm = true;
      continue;
    }
    if (finding.verdict == Verdict::kRegressed) {
      decision.verdict = Verdict::kRegressed;
    } else if (finding.verdict == Verdict::kInconclusive &&
               decision.verdict != Verdict::kRegressed) {
      decision.verdict = Verdict::kInconclusive;
    }
  }
  if (!policy.tolerances.empty()) {
    const MetricDelta* target =
        comparison.Find(policy.tolerances.front().metric);
    if (target != nullptr && target->delta.lower.has_value()) {
      const double half_width =
          base::NormalQuantile(0.5 + comparison.confidence / 2);
      const double error =
          (*target->delta.upper - *target->delta.lower) / (2 * half_width);
      decision.minimum_detectable_effect =
          (half_width + base::NormalQuantile(kPower)) * error;
    }
  }
  return decision;
}

}  // namespace evalloop::evaluator
