#ifndef EVALLOOP_COMPLETION_POLICY_FEATURES_H_
#define EVALLOOP_COMPLETION_POLICY_FEATURES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "completion_policy/candidates.h"

namespace evalloop::completion_policy {

// The feature set that weights are learnt for. A change of meaning is a new
// name, never an edit: stored weights belong to what they were learnt on.
inline constexpr std::string_view kFeatureSetV1 = "v1";

struct Feature {
  std::uint16_t index = 0;
  float value = 0;
};

// How many weights `feature_set` has; nullopt for a set that we don't know.
std::optional<std::size_t> FeatureCount(std::string_view feature_set);

// The features of v1 that aren't 0: the logit of the model's own probability of
// the candidate, a constant, and bins of: cumulative, weakest and mean
// log-probability, tokens, characters, classes of the last and the following
// token, length of the shortest and the last match and the support of the
// shortest (with a bin for "not told"), tokens and characters typed before,
// whether the candidate is whole, the language, and some pairs of these.
// `candidate` has a log_probability. Pure and thread-safe.
std::vector<Feature> FeaturesV1(const Candidate& candidate,
                                const CursorContext& cursor);

// Weights with which the logistic model gives the model's own probability.
std::vector<double> InitialWeightsV1();

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_FEATURES_H_
