#ifndef EVALLOOP_COMPLETION_POLICY_OUTPUT_POLICY_H_
#define EVALLOOP_COMPLETION_POLICY_OUTPUT_POLICY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "completion_policy/candidates.h"
#include "completion_policy/learnt_gate.h"

namespace evalloop::completion_policy {

// The whole suggestion, always.
struct ShowAlways {};

// The candidate of the largest probability x characters among those whose own
// probability reaches the threshold.
struct ShowThreshold {
  double min_probability = 0.5;  // In (0, 1).
};

// The same, with the probability that the gate gives.
struct ShowLearnt {
  double min_probability = 0.5;  // In (0, 1).
  LearntGate gate;
};

struct OutputPolicy {
  Extent extent = Extent::kLine;
  std::uint32_t min_characters = 0;  // Fewer non-blank ones are hidden.
  std::uint32_t max_characters = 0;  // Code points; 0: no limit.
  std::variant<ShowAlways, ShowThreshold, ShowLearnt> show = ShowAlways{};
};

struct Decision {
  bool shown = false;
  std::string text;  // What is shown; empty where nothing is.
  // That `text` is right (hidden: of the most promising candidate). Absent
  // where the model told no probabilities.
  std::optional<double> probability;
  // Where hidden: "empty", "too_short", "below_threshold", "no_probability"
  // (the policy needs one and the model told none), "unknown_feature_set".
  std::string_view hidden_reason;
};

// A length that could be shown, as a policy sees it.
struct ScoredLength {
  double probability = 0;
  int characters = 0;
};

// The one rule of choice: of the lengths that reach the threshold and have
// `min_characters`, the index of the largest probability x characters; the
// shortest where several are.
std::optional<std::size_t> ChooseLength(std::span<const ScoredLength> lengths,
                                        double threshold,
                                        std::uint32_t min_characters);

// What of the model's answer is shown. Pure and thread-safe.
Decision Decide(const OutputPolicy& policy, std::string_view raw_text,
                std::span<const ModelToken> tokens,
                const CursorContext& cursor);

// InvalidArgument, naming the field, for a policy out of its ranges: threshold
// outside (0, 1), unknown feature set, wrong number of weights, a value that is
// no number, knots out of order.
absl::Status CheckOutputPolicy(const OutputPolicy& policy);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_OUTPUT_POLICY_H_
