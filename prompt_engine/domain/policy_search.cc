#include "prompt_engine/domain/policy_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "platform/base/statistics.h"
#include "replay/typed_line.h"

namespace evalloop::prompt_engine {
namespace {

// Thresholds that are tried, in percent: 1, 2, 4 ... 96.
constexpr int kLastPercent = 96;
constexpr int kPercentStep = 2;
constexpr std::uint32_t kLengthSteps[] = {1, 2, 4, 6, 8};
// A bound from a handful of suggestions says nothing.
constexpr std::int64_t kLeastShown = 30;

double LowerBound(const std::vector<CommitTally>& commits, double acceptance,
                  std::int64_t shown) {
  std::vector<base::RatioTally> clusters;
  for (const CommitTally& commit : commits) {
    clusters.push_back({static_cast<double>(commit.tally.accepted),
                        static_cast<double>(commit.tally.shown)});
  }
  base::BootstrapOptions options;
  options.resamples = 400;
  options.confidence = 0.8;
  options.method = base::IntervalMethod::kPercentile;
  const auto estimate = base::BootstrapRatio(clusters, options);
  if (estimate.ok()) return estimate->low;
  // One commit only: as if each suggestion stood alone.
  constexpr double kNormal90 = 1.2816;
  return acceptance - kNormal90 * std::sqrt(acceptance * (1 - acceptance) /
                                            static_cast<double>(shown));
}

absl::StatusOr<RuleTrial> Try(const TuningData& data,
                              const Probabilities& probabilities,
                              const ShowRule& rule) {
  const auto commits = Simulate(data, probabilities, rule);
  if (!commits.ok()) return commits.status();
  RuleTrial trial;
  trial.rule = rule;
  for (const CommitTally& commit : *commits) trial.tally += commit.tally;
  const replay::Tally& tally = trial.tally;
  if (tally.shown > 0) {
    trial.acceptance =
        static_cast<double>(tally.accepted) / static_cast<double>(tally.shown);
    trial.acceptance_low = LowerBound(*commits, trial.acceptance, tally.shown);
  }
  const std::int64_t written =
      tally.accepted_characters + tally.typed_characters;
  if (written > 0) {
    trial.completed_characters =
        static_cast<double>(tally.accepted_characters) /
        static_cast<double>(written);
  }
  return trial;
}

// Keeps the best rule that holds the constraint.
class Best {
 public:
  explicit Best(double min_acceptance) : min_acceptance_(min_acceptance) {}

  void Offer(const RuleTrial& trial) {
    highest_ = std::max(highest_, trial.acceptance_low);
    if (trial.tally.shown < kLeastShown ||
        trial.acceptance_low < min_acceptance_) {
      return;
    }
    // Of two that complete as much, the one that interrupts less.
    const auto rank = [](const RuleTrial& of) {
      return std::pair(of.tally.accepted_characters,
                       -of.tally.rejected_characters);
    };
    if (!best_ || rank(trial) > rank(*best_)) best_ = trial;
  }
  const std::optional<RuleTrial>& best() const { return best_; }
  double highest() const { return highest_; }

 private:
  const double min_acceptance_;
  double highest_ = 0;
  std::optional<RuleTrial> best_;
};

absl::Status CheckData(const TuningData& data) {
  if (data.lines.empty()) {
    return absl::FailedPreconditionError(
        "no outcome with the text that was typed");
  }
  if (data.without_probabilities * 2 > data.cursors) {
    return absl::FailedPreconditionError(
        "the model tells no token probabilities");
  }
  return absl::OkStatus();
}

std::uint32_t LeastCharacters(const completion_policy::OutputPolicy& base) {
  return std::max<std::uint32_t>(base.min_characters,
                                 replay::kLeastSavedCharacters);
}

}  // namespace

absl::StatusOr<RuleTrial> SearchRule(const TuningData& data,
                                     const Probabilities& probabilities,
                                     std::uint32_t least_characters,
                                     double min_acceptance) {
  Best best(min_acceptance);
  for (int percent = 0; percent <= kLastPercent; percent += kPercentStep) {
    const auto trial = Try(data, probabilities,
                           {std::max(percent, 1) / 100.0, least_characters});
    if (!trial.ok()) return trial.status();
    best.Offer(*trial);
  }
  if (!best.best()) {
    return absl::FailedPreconditionError(fmt::format(
        "no threshold reaches an acceptance of {:.0f} %: the highest lower "
        "bound is {:.1f} %",
        100 * min_acceptance, 100 * best.highest()));
  }
  const double threshold = best.best()->rule.threshold;
  for (const std::uint32_t more : kLengthSteps) {
    for (const int step : {-6, -4, -2, 0}) {
      const double lower = threshold + step / 100.0;
      if (lower <= 0) continue;
      const auto trial =
          Try(data, probabilities, {lower, least_characters + more});
      if (!trial.ok()) return trial.status();
      best.Offer(*trial);
    }
  }
  return *best.best();
}

absl::StatusOr<TunedPolicy> TuneThreshold(
    const TuningData& data, const completion_policy::OutputPolicy& base,
    double min_acceptance) {
  if (auto status = CheckData(data); !status.ok()) return status;
  const Probabilities probabilities = ModelProbabilities(data);
  const auto trial =
      SearchRule(data, probabilities, LeastCharacters(base), min_acceptance);
  if (!trial.ok()) return trial.status();
  TunedPolicy tuned;
  tuned.policy = base;
  tuned.policy.min_characters = trial->rule.min_characters;
  tuned.policy.show = completion_policy::ShowThreshold{trial->rule.threshold};
  tuned.trial = *trial;
  const std::vector<Judged> shown = ShownRows(data, probabilities, trial->rule);
  tuned.brier = BrierScore(shown);
  tuned.calibration_error = CalibrationError(shown);
  return tuned;
}

absl::StatusOr<TunedPolicy> TuneLearnt(
    const TuningData& data, const completion_policy::OutputPolicy& base,
    double min_acceptance) {
  if (auto status = CheckData(data); !status.ok()) return status;
  auto trained = TrainGate(data);
  if (!trained.ok()) return trained.status();
  const auto trial = SearchRule(data, trained->held_out, LeastCharacters(base),
                                min_acceptance);
  if (!trial.ok()) return trial.status();
  TunedPolicy tuned;
  tuned.policy = base;
  tuned.policy.min_characters = trial->rule.min_characters;
  tuned.policy.show = completion_policy::ShowLearnt{trial->rule.threshold,
                                                    std::move(trained->gate)};
  tuned.trial = *trial;
  const std::vector<Judged> shown =
      ShownRows(data, trained->held_out, trial->rule);
  tuned.brier = BrierScore(shown);
  tuned.calibration_error = CalibrationError(shown);
  return tuned;
}

}  // namespace evalloop::prompt_engine
