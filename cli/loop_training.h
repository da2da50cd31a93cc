#ifndef EVALLOOP_CLI_LOOP_TRAINING_H_
#define EVALLOOP_CLI_LOOP_TRAINING_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "cli/peers.h"
#include "cli/terminal.h"
#include "evalloop/v1/common.pb.h"
#include "evalloop/v1/trainer_bridge.pb.h"

namespace evalloop::cli {

struct TrainingAsked {
  std::string repository;
  std::string commit;      // The tree to learn from; nothing later is seen.
  std::string request_id;  // The same id is the same job.
  // How the new model version is judged; absent: it is registered only.
  std::optional<v1::TrainingGate> gate;
};

// Has trainer_bridge train on the tree at a commit, follows the job to its end
// (progress lines begin with `step`) and returns it. Internal: it failed or was
// cancelled. DeadlineExceeded after half an hour.
absl::StatusOr<v1::TrainingJob> TrainModel(Peers& peers, Terminal& terminal,
                                           const std::string& step,
                                           const TrainingAsked& asked);

// The loop's starting point: the model's line, whole and always.
v1::RevisionContent AlwaysShown(const std::string& model,
                                const std::string& snapshot);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_LOOP_TRAINING_H_
