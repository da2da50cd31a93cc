#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_SIMULATE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_SIMULATE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "completion_policy/output_policy.h"
#include "prompt_engine/domain/tuning_data.h"
#include "replay/totals.h"

namespace evalloop::prompt_engine {

// The probabilities of every option: by line, cursor and option.
using Probabilities = std::vector<std::vector<std::vector<double>>>;

// The model's own.
Probabilities ModelProbabilities(const TuningData& data);

// A threshold and the least length, over some probability.
struct ShowRule {
  double threshold = 0.5;
  std::uint32_t min_characters = 4;
};

// The option that the rule shows; absent: hidden.
std::optional<std::size_t> Shown(const CursorRecord& cursor,
                                 std::span<const double> probabilities,
                                 const ShowRule& rule);

// What typing came to in one commit.
struct CommitTally {
  std::string commit;
  replay::Tally tally;
};

// Types every line again by replay's rule with what the model said then, under
// another show rule. Where the model was not asked (a suggestion had been
// accepted over that place), nothing is shown: a small loss to every rule.
// Commits in the order in which they come.
absl::StatusOr<std::vector<CommitTally>> Simulate(
    const TuningData& data, const Probabilities& probabilities,
    const ShowRule& rule);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_SIMULATE_H_
