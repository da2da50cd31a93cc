#ifndef EVALLOOP_MODEL_SERVER_TRAIN_COMMAND_H_
#define EVALLOOP_MODEL_SERVER_TRAIN_COMMAND_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::model_server {

// `model_server --train`.
struct TrainFlags {
  std::string repository;
  std::string commit = "HEAD";
  std::string out;
  int fit_commits = 100;
};

// InvalidArgument: an unknown or repeated flag, or one without a value.
absl::StatusOr<TrainFlags> ReadTrainFlags(int count, const char* const* flags);

// Trains, saves, prints one JSON line on stdout and progress on stderr, a JSON
// line each: {"step":"fit","progress":0.5}.
absl::Status RunTraining(const TrainFlags& flags);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_TRAIN_COMMAND_H_
