#include "completion_policy/output_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "platform/base/reason.h"

namespace evalloop::completion_policy {
namespace {

// The probability that a policy gives a candidate.
struct ProbabilityOf {
  const Candidate& candidate;
  const CursorContext& cursor;

  double operator()(const ShowAlways&) const { return Raw(); }
  double operator()(const ShowThreshold&) const { return Raw(); }
  double operator()(const ShowLearnt& show) const {
    const std::vector<Feature> features = FeaturesV1(candidate, cursor);
    return Calibrate(show.gate.calibration,
                     Logistic(show.gate.weights, features));
  }
  double Raw() const { return std::exp(*candidate.log_probability); }
};

Decision Hidden(std::string_view reason,
                std::optional<double> probability = std::nullopt) {
  return {false, "", probability, reason};
}

Decision DecideAlways(std::span<const Candidate> candidates,
                      std::uint32_t min_characters, std::string_view raw_text) {
  const Candidate& longest = candidates.back();
  std::optional<double> probability;
  if (longest.log_probability) {
    probability = std::exp(*longest.log_probability);
  }
  if (longest.characters < static_cast<int>(min_characters)) {
    return Hidden("too_short", probability);
  }
  return {
      true, std::string(raw_text.substr(0, longest.bytes)), probability, {}};
}

double ThresholdOf(const OutputPolicy& policy) {
  if (const auto* raw = std::get_if<ShowThreshold>(&policy.show)) {
    return raw->min_probability;
  }
  return std::get<ShowLearnt>(policy.show).min_probability;
}

Decision DecideByProbability(const OutputPolicy& policy,
                             std::span<const Candidate> candidates,
                             const CursorContext& cursor,
                             std::string_view raw_text) {
  std::vector<ScoredLength> lengths;
  std::optional<double> most_promising;
  for (const Candidate& candidate : candidates) {
    const double probability =
        std::visit(ProbabilityOf{candidate, cursor}, policy.show);
    lengths.push_back({probability, candidate.characters});
    if (candidate.characters >= static_cast<int>(policy.min_characters)) {
      most_promising =
          std::max(most_promising.value_or(probability), probability);
    }
  }
  const auto best =
      ChooseLength(lengths, ThresholdOf(policy), policy.min_characters);
  if (best) {
    return {true,
            std::string(raw_text.substr(0, candidates[*best].bytes)),
            lengths[*best].probability,
            {}};
  }
  return Hidden(most_promising ? "below_threshold" : "too_short",
                most_promising);
}

bool InUnit(double value) { return value >= 0 && value <= 1; }  // False for NaN

absl::Status CheckGate(const LearntGate& gate) {
  const std::optional<std::size_t> count = FeatureCount(gate.feature_set);
  if (!count) {
    return base::FieldError("output.learnt.feature_set", "is unknown here",
                            "use \"v1\"");
  }
  if (gate.weights.size() != *count) {
    return base::FieldError(
        "output.learnt.weights",
        fmt::format("has {} values where the set has {} features",
                    gate.weights.size(), *count),
        "give one weight a feature");
  }
  for (const double weight : gate.weights) {
    if (!std::isfinite(weight)) {
      return base::FieldError("output.learnt.weights",
                              "holds a value that is no number");
    }
  }
  for (std::size_t i = 0; i < gate.calibration.size(); ++i) {
    const CalibrationKnot& knot = gate.calibration[i];
    const bool rising =
        i == 0 || (knot.raw > gate.calibration[i - 1].raw &&
                   knot.calibrated >= gate.calibration[i - 1].calibrated);
    if (!rising || !InUnit(knot.raw) || !InUnit(knot.calibrated)) {
      return base::FieldError("output.learnt.calibration",
                              "must rise and stay within [0, 1]");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckThreshold(std::string_view field, double value) {
  if (value > 0 && value < 1) return absl::OkStatus();
  return base::FieldError(field, fmt::format("is {}", value),
                          "choose a probability above 0 and below 1");
}

}  // namespace

std::optional<std::size_t> ChooseLength(std::span<const ScoredLength> lengths,
                                        double threshold,
                                        std::uint32_t min_characters) {
  std::optional<std::size_t> best;
  double best_worth = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const ScoredLength& length = lengths[i];
    if (length.characters < static_cast<int>(min_characters) ||
        !(length.probability >= threshold)) {
      continue;
    }
    const double worth = length.probability * length.characters;
    if (best && worth <= best_worth) continue;
    best = i;
    best_worth = worth;
  }
  return best;
}

Decision Decide(const OutputPolicy& policy, std::string_view raw_text,
                std::span<const ModelToken> tokens,
                const CursorContext& cursor) {
  const std::vector<Candidate> candidates = Candidates(
      raw_text, tokens, cursor.language, policy.extent, policy.max_characters);
  if (candidates.empty()) return Hidden("empty");
  if (std::holds_alternative<ShowAlways>(policy.show)) {
    return DecideAlways(candidates, policy.min_characters, raw_text);
  }
  if (!candidates.front().log_probability) return Hidden("no_probability");
  if (const auto* learnt = std::get_if<ShowLearnt>(&policy.show);
      learnt && learnt->gate.feature_set != kFeatureSetV1) {
    return Hidden("unknown_feature_set");
  }
  return DecideByProbability(policy, candidates, cursor, raw_text);
}

absl::Status CheckOutputPolicy(const OutputPolicy& policy) {
  if (const auto* raw = std::get_if<ShowThreshold>(&policy.show)) {
    return CheckThreshold("output.threshold.min_probability",
                          raw->min_probability);
  }
  if (const auto* learnt = std::get_if<ShowLearnt>(&policy.show)) {
    if (auto status = CheckThreshold("output.learnt.min_probability",
                                     learnt->min_probability);
        !status.ok()) {
      return status;
    }
    return CheckGate(learnt->gate);
  }
  return absl::OkStatus();
}

}  // namespace evalloop::completion_policy
