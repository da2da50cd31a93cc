#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_TRAINING_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_TRAINING_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "completion_policy/learnt_gate.h"
#include "prompt_engine/domain/simulate.h"
#include "prompt_engine/domain/tuning_data.h"

namespace evalloop::prompt_engine {

// A prediction and what came true.
struct Judged {
  double probability = 0;
  bool right = false;
};

// Isotonic regression (pool adjacent violators) as knots: strictly rising raw
// values, one per pool at its mean; pools under `least` rows are joined with
// their neighbour. Empty with fewer than `least` rows.
std::vector<completion_policy::CalibrationKnot> FitIsotonic(
    std::vector<Judged> rows, std::size_t least);

// Mean squared error; absent without rows.
std::optional<double> BrierScore(std::span<const Judged> rows);

// Expected calibration error over 15 bins of equal mass; absent without rows.
std::optional<double> CalibrationError(std::vector<Judged> rows);

// Probability and truth of each suggestion that the rule would show, cursor by
// cursor.
std::vector<Judged> ShownRows(const TuningData& data,
                              const Probabilities& probabilities,
                              const ShowRule& rule);

// A gate, and the probabilities that gates which had not seen a line give it.
struct TrainedGate {
  completion_policy::LearntGate gate;  // Learnt from all lines.
  // Calibrated, each line's from a gate learnt without its part of the data:
  // what a threshold may be chosen on.
  Probabilities held_out;
  int epochs = 0;
};

// Learns a logistic gate from every length at every cursor, silent ones
// included (the truth tells each one's label), starting at the model's own
// probability: AdaGrad (Duchi, Hazan, Singer 2011), as many epochs as the lines
// left out ask for. The data is cut by commits in time order into `folds`
// parts. Calibrated on the lengths that would be chosen, since the best of many
// estimates is too high on average. Pure, and the same for the same data.
// FailedPrecondition "too_few_cursors" or "too_few_commits".
absl::StatusOr<TrainedGate> TrainGate(const TuningData& data, int folds = 5);

// Part (0 to folds - 1) of each line: whole commits in order of their first
// line, about equally many lines each. FailedPrecondition "too_few_commits".
absl::StatusOr<std::vector<int>> FoldsOf(const TuningData& data, int folds);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_GATE_TRAINING_H_
