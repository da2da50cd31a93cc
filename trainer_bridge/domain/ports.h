#ifndef EVALLOOP_TRAINER_BRIDGE_DOMAIN_PORTS_H_
#define EVALLOOP_TRAINER_BRIDGE_DOMAIN_PORTS_H_

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "trainer_bridge/domain/training.h"

// What training needs from the outside. All implementations are thread-safe.
namespace evalloop::trainer_bridge {

struct Page {
  std::size_t size = 50;
  std::string after;  // An id; empty for the first page.
};

// Where sets, jobs and versions live. NotFound: unknown id.
class TrainingStore {
 public:
  virtual ~TrainingStore() = default;

  // The same set again is the one that is there.
  virtual absl::StatusOr<TrainingSet> AddSet(const TrainingSet& set) = 0;
  virtual absl::StatusOr<TrainingSet> GetSet(std::string_view id) = 0;
  virtual absl::StatusOr<std::vector<TrainingSet>> ListSets(
      const Page& page) = 0;

  // A job with the same request id is returned instead.
  virtual absl::StatusOr<TrainingJob> AddJob(const TrainingJob& job) = 0;
  virtual absl::StatusOr<TrainingJob> GetJob(std::string_view id) = 0;
  virtual absl::StatusOr<std::vector<TrainingJob>> ListJobs(
      const Page& page) = 0;
  // The oldest job that has not ended.
  virtual absl::StatusOr<std::optional<TrainingJob>> NextJob() = 0;
  // Writes state, progress, digest, error and decision, unless the job was
  // cancelled meanwhile: then Aborted.
  virtual absl::Status UpdateJob(const TrainingJob& job) = 0;
  virtual absl::StatusOr<TrainingJob> CancelJob(std::string_view id) = 0;

  // The same digest again is left as it is.
  virtual absl::Status AddVersion(const ModelVersion& version) = 0;
  virtual absl::StatusOr<ModelVersion> GetVersion(std::string_view digest) = 0;
  virtual absl::StatusOr<std::vector<ModelVersion>> ListVersions(
      const Page& page) = 0;
  // Marks this version alone as the one in production.
  virtual absl::Status SetProduction(std::string_view digest) = 0;
};

// Tells how far training is; false: stop.
using TrainingProgress =
    std::function<bool(std::string_view words, double share)>;

// Trains a model. Deterministic: the same set gives the same digest.
class Launcher {
 public:
  virtual ~Launcher() = default;

  // Cancelled when `progress` says so; Unavailable when the trainer can't be
  // started; Internal with its last words when it fails.
  virtual absl::StatusOr<TrainedModel> Train(
      const TrainingSet& set, const TrainingProgress& progress) = 0;
};

// A revision of the prompt library.
struct RevisionRef {
  std::uint32_t version = 0;
  std::string model;
  std::string model_snapshot;
};

// The suite's other services, as far as training needs them.
class Peers {
 public:
  virtual ~Peers() = default;

  // Makes a trained model known to serving.
  virtual absl::Status RegisterModel(const ModelVersion& version) = 0;
  // What production of the prompt points at.
  virtual absl::StatusOr<RevisionRef> Production(std::string_view prompt) = 0;
  // The production revision with another model, as a draft.
  virtual absl::StatusOr<RevisionRef> PushWithModel(
      std::string_view prompt, const ModelVersion& version,
      std::string_view author) = 0;

  struct Judged {
    bool applied = false;
    std::string decision;  // A serialised evalloop.v1.LoopDecision.
  };
  // Has the evaluator gate the revision, and apply it where the gate says so.
  // `request_id` makes it one decision however often it is asked for.
  virtual absl::StatusOr<Judged> Decide(const TrainingGate& gate,
                                        std::uint32_t version,
                                        std::string_view request_id,
                                        const TrainingProgress& progress) = 0;
  // Moves production back; says what it points at then.
  virtual absl::StatusOr<RevisionRef> RollBack(std::string_view prompt,
                                               std::string_view reason,
                                               std::string_view author) = 0;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_DOMAIN_PORTS_H_
