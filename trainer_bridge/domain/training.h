#ifndef EVALLOOP_TRAINER_BRIDGE_DOMAIN_TRAINING_H_
#define EVALLOOP_TRAINER_BRIDGE_DOMAIN_TRAINING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace evalloop::trainer_bridge {

// What a model version learns from: the tree of one commit, and nothing later.
struct TrainingSet {
  std::string id;
  std::string repository;
  std::string commit;  // A full sha.
  std::uint32_t files = 0;
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint32_t> left_out;  // Files, by reason.
  std::string digest;  // sha256 over the paths and contents.
  absl::Time create_time;
};

// How a new model version is judged.
struct TrainingGate {
  std::string prompt;
  std::string benchmark;
  std::uint32_t benchmark_version = 0;
  bool promote = false;  // Whether a passed gate moves production.
};

enum class JobState {
  kQueued,
  kTraining,
  kRegistered,  // The model exists and serving knows it.
  kGating,
  kPromoted,
  kHeld,  // The gate did not pass, or may not promote; the version stays.
  kFailed,
  kCancelled,
  kDone,  // Registered, and no gate was asked for.
};

// "queued", "training", ...
std::string_view NameOf(JobState state);
// kFailed for an unknown name.
JobState JobStateOf(std::string_view name);
bool HasEnded(JobState state);

struct TrainingJob {
  std::string id;
  std::string training_set_id;
  std::string launcher;
  std::optional<TrainingGate> gate;
  JobState state = JobState::kQueued;
  std::string progress;
  double share_done = 0;  // In [0, 1].
  std::string model_digest;
  std::string error;
  std::string decision;  // A serialised evalloop.v1.LoopDecision.
  std::string author;
  std::string request_id;
  absl::Time create_time;
  std::optional<absl::Time> finish_time;
};

// What a launcher reports of a model that it trained.
struct TrainedModel {
  std::string digest;  // sha256 of the artefact.
  std::uint64_t tokens = 0;
  std::uint64_t bytes = 0;
  std::optional<double> held_out_loss;  // Nats a token.
  std::string trainer;                  // Version of the trainer's code.
};

// A trained model, content-addressed, with where it comes from.
struct ModelVersion {
  TrainedModel trained;
  std::string model;  // Its name in serving.
  std::string training_set_id;
  std::string job_id;
  std::string parent_digest;  // In production when this one was trained.
  std::string commit;
  absl::Time create_time;
  bool in_production = false;
};

// The name under which serving knows an embedded model.
std::string ModelNameOf(std::string_view digest);

// Reads the tree of `commit` (any revision of the repository) and describes it;
// the id is derived from what it holds. Generated and vendored files, and those
// that are no source text, are left out, with the reason. Errors name the
// repository or the commit.
absl::StatusOr<TrainingSet> DescribeTree(std::string_view repository,
                                         std::string_view commit);

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_DOMAIN_TRAINING_H_
