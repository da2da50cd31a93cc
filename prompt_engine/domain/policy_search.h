#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_POLICY_SEARCH_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_POLICY_SEARCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "completion_policy/output_policy.h"
#include "prompt_engine/domain/gate_training.h"
#include "prompt_engine/domain/simulate.h"

namespace evalloop::prompt_engine {

// What a show rule came to on the lines that it was chosen on.
struct RuleTrial {
  ShowRule rule;
  replay::Tally tally;
  double acceptance = 0;
  double acceptance_low = 0;        // One-sided 90 % bound, over commits.
  double completed_characters = 0;  // Share of what was written.
};

// The rule with the most completed characters among those whose acceptance is
// at least `min_acceptance` by its lower bound. FailedPrecondition in plain
// words where there is none.
absl::StatusOr<RuleTrial> SearchRule(const TuningData& data,
                                     const Probabilities& probabilities,
                                     std::uint32_t least_characters,
                                     double min_acceptance);

// A policy that learning proposes, and what it rests on.
struct TunedPolicy {
  completion_policy::OutputPolicy policy;
  RuleTrial trial;
  // Of the probabilities of what would be shown, on lines that neither gate nor
  // calibration had seen.
  std::optional<double> brier;
  std::optional<double> calibration_error;
};

// Nothing learnt: threshold and least length over the model's own probability.
absl::StatusOr<TunedPolicy> TuneThreshold(
    const TuningData& data, const completion_policy::OutputPolicy& base,
    double min_acceptance);

// A learnt gate, with threshold and least length.
absl::StatusOr<TunedPolicy> TuneLearnt(
    const TuningData& data, const completion_policy::OutputPolicy& base,
    double min_acceptance);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_POLICY_SEARCH_H_
