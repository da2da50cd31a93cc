#ifndef EVALLOOP_TRAINER_BRIDGE_LAUNCHER_EMBEDDED_LAUNCHER_H_
#define EVALLOOP_TRAINER_BRIDGE_LAUNCHER_EMBEDDED_LAUNCHER_H_

#include <chrono>
#include <string>

#include "trainer_bridge/domain/ports.h"

namespace evalloop::trainer_bridge {

struct EmbeddedLauncherOptions {
  std::string trainer_binary;  // model_server.
  std::string artefact_dir;    // Where it puts <digest>.evm.
  std::chrono::milliseconds time_limit{std::chrono::hours(1)};
};

// Trains the embedded model in a process of its own: `model_server --train`.
// It prints progress as JSON lines {"step","progress"} on stderr and ends with
// one line {"digest","tokens","bytes","fit":{"held_out_loss"}} on stdout. A
// cancelled or overdue process is killed. Thread-safe.
class EmbeddedLauncher final : public Launcher {
 public:
  explicit EmbeddedLauncher(EmbeddedLauncherOptions options)
      : options_(std::move(options)) {}

  absl::StatusOr<TrainedModel> Train(const TrainingSet& set,
                                     const TrainingProgress& progress) override;

 private:
  const EmbeddedLauncherOptions options_;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_LAUNCHER_EMBEDDED_LAUNCHER_H_
