#ifndef EVALLOOP_TRAINER_BRIDGE_TESTING_FAKES_H_
#define EVALLOOP_TRAINER_BRIDGE_TESTING_FAKES_H_

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "trainer_bridge/domain/ports.h"

// The ports' contracts in memory, for one thread.
namespace evalloop::trainer_bridge {

class FakeTrainingStore final : public TrainingStore {
 public:
  absl::StatusOr<TrainingSet> AddSet(const TrainingSet& set) override {
    return sets.emplace(set.id, set).first->second;
  }
  absl::StatusOr<TrainingSet> GetSet(std::string_view id) override {
    const auto found = sets.find(std::string(id));
    if (found == sets.end()) return absl::NotFoundError("no set");
    return found->second;
  }
  absl::StatusOr<std::vector<TrainingSet>> ListSets(const Page&) override {
    std::vector<TrainingSet> all;
    for (const auto& [id, set] : sets) all.push_back(set);
    return all;
  }
  absl::StatusOr<TrainingJob> AddJob(const TrainingJob& job) override {
    for (const TrainingJob& other : jobs) {
      if (other.request_id == job.request_id) return other;
    }
    jobs.push_back(job);
    return job;
  }
  absl::StatusOr<TrainingJob> GetJob(std::string_view id) override {
    for (const TrainingJob& job : jobs) {
      if (job.id == id) return job;
    }
    return absl::NotFoundError("no job");
  }
  absl::StatusOr<std::vector<TrainingJob>> ListJobs(const Page&) override {
    return std::vector<TrainingJob>(jobs.begin(), jobs.end());
  }
  absl::StatusOr<std::optional<TrainingJob>> NextJob() override {
    for (const TrainingJob& job : jobs) {
      if (!HasEnded(job.state)) return job;
    }
    return std::nullopt;
  }
  absl::Status UpdateJob(const TrainingJob& job) override {
    for (TrainingJob& stored : jobs) {
      if (stored.id != job.id) continue;
      if (stored.state == JobState::kCancelled) {
        return absl::AbortedError("cancelled");
      }
      stored = job;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<TrainingJob> CancelJob(std::string_view id) override {
    for (TrainingJob& job : jobs) {
      if (job.id == id) job.state = JobState::kCancelled;
    }
    return GetJob(id);
  }
  absl::Status AddVersion(const ModelVersion& version) override {
    versions.emplace(version.trained.digest, version);
    return absl::OkStatus();
  }
  absl::StatusOr<ModelVersion> GetVersion(std::string_view digest) override {
    const auto found = versions.find(std::string(digest));
    if (found == versions.end()) return absl::NotFoundError("no version");
    return found->second;
  }
  absl::StatusOr<std::vector<ModelVersion>> ListVersions(const Page&) override {
    std::vector<ModelVersion> all;
    for (const auto& [digest, version] : versions) all.push_back(version);
    return all;
  }
  absl::Status SetProduction(std::string_view digest) override {
    for (auto& [known, version] : versions) {
      version.in_production = known == digest;
    }
    return absl::OkStatus();
  }

  std::map<std::string, TrainingSet> sets;
  std::deque<TrainingJob> jobs;
  std::map<std::string, ModelVersion> versions;
};

class FakeLauncher final : public Launcher {
 public:
  absl::StatusOr<TrainedModel> Train(
      const TrainingSet&, const TrainingProgress& progress) override {
    ++trainings;
    if (!progress("fit", 0.5)) return absl::CancelledError("stopped");
    if (!failures.empty()) {
      const absl::Status failure = failures.front();
      failures.pop_front();
      return failure;
    }
    return TrainedModel{.digest = "d1", .tokens = 10};
  }

  int trainings = 0;
  std::deque<absl::Status> failures;
};

class FakePeers final : public Peers {
 public:
  absl::Status RegisterModel(const ModelVersion& version) override {
    registered.push_back(version.model);
    return absl::OkStatus();
  }
  absl::StatusOr<RevisionRef> Production(std::string_view) override {
    return production;
  }
  absl::StatusOr<RevisionRef> PushWithModel(std::string_view,
                                            const ModelVersion& version,
                                            std::string_view) override {
    return RevisionRef{2, version.model, version.trained.digest};
  }
  absl::StatusOr<Judged> Decide(const TrainingGate& gate, std::uint32_t,
                                std::string_view request_id,
                                const TrainingProgress&) override {
    request_ids.push_back(std::string(request_id));
    return Judged{.applied = passes && gate.promote, .decision = "decided"};
  }
  absl::StatusOr<RevisionRef> RollBack(std::string_view, std::string_view,
                                       std::string_view) override {
    return production;
  }

  RevisionRef production{1, "embedded-d0", "d0"};
  bool passes = true;
  std::vector<std::string> registered;
  std::vector<std::string> request_ids;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_TESTING_FAKES_H_
