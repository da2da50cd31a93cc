#ifndef EVALLOOP_TRAINER_BRIDGE_STORE_POSTGRES_TRAINING_STORE_H_
#define EVALLOOP_TRAINER_BRIDGE_STORE_POSTGRES_TRAINING_STORE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "platform/base/unit_of_work.h"
#include "platform/postgres/pool.h"
#include "trainer_bridge/domain/ports.h"

namespace evalloop::trainer_bridge {

// TrainingStore over the tables training_sets, training_jobs and
// model_versions. Thread-safe.
class PostgresTrainingStore final : public TrainingStore {
 public:
  // Both outlive this object.
  PostgresTrainingStore(postgres::Pool& pool, base::Transactor& transactor)
      : pool_(pool), transactor_(transactor) {}

  absl::StatusOr<TrainingSet> AddSet(const TrainingSet& set) override;
  absl::StatusOr<TrainingSet> GetSet(std::string_view id) override;
  absl::StatusOr<std::vector<TrainingSet>> ListSets(const Page& page) override;
  absl::StatusOr<TrainingJob> AddJob(const TrainingJob& job) override;
  absl::StatusOr<TrainingJob> GetJob(std::string_view id) override;
  absl::StatusOr<std::vector<TrainingJob>> ListJobs(const Page& page) override;
  absl::StatusOr<std::optional<TrainingJob>> NextJob() override;
  absl::Status UpdateJob(const TrainingJob& job) override;
  absl::StatusOr<TrainingJob> CancelJob(std::string_view id) override;
  absl::Status AddVersion(const ModelVersion& version) override;
  absl::StatusOr<ModelVersion> GetVersion(std::string_view digest) override;
  absl::StatusOr<std::vector<ModelVersion>> ListVersions(
      const Page& page) override;
  absl::Status SetProduction(std::string_view digest) override;

 private:
  postgres::Pool& pool_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_STORE_POSTGRES_TRAINING_STORE_H_
