#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_TRAINER_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_TRAINER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "model_server/domain/fit.h"

namespace evalloop::model_server {

struct TrainOptions {
  std::string repository_name;  // Kept in the artefact.
  std::string commit;           // Full sha: the tree to learn.
  // Parameters are fitted on this many first-parent commits that come before
  // `commit`, each judged by a model of its parent; 0: defaults. Up to 2000.
  int fit_commits = 100;
  int fit_lines = 600;  // At most, over all of them.
};

struct TrainResult {
  std::shared_ptr<const FrozenBase> base;
  std::size_t files = 0;
  std::size_t tokens = 0;
  FitResult fit;
};

// What is being done ("fit", "tree") and how far it is, 0 to 1.
using TrainProgress = std::function<void(std::string_view step, double done)>;

// Learns a repository at a commit. Nothing later than the commit is read.
// Errors of BuildBase.
absl::StatusOr<TrainResult> Train(const code_analysis::Repository& repository,
                                  const TrainOptions& options,
                                  const TrainProgress& progress);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_TRAINER_H_
