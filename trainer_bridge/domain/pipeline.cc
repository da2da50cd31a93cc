#include "trainer_bridge/domain/pipeline.h"

#include <utility>

#include "fmt/format.h"

namespace evalloop::trainer_bridge {
namespace {

// The job's end belongs to the job; these belong to its surroundings and pass.
bool IsPassing(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kResourceExhausted ||
         status.code() == absl::StatusCode::kCancelled ||
         status.code() == absl::StatusCode::kAborted;
}

}  // namespace

Pipeline::Pipeline(TrainingStore& store, Launcher& launcher, Peers& peers,
                   base::Clock& clock)
    : store_(store), launcher_(launcher), peers_(peers), clock_(clock) {}

absl::StatusOr<bool> Pipeline::WorkOnNext(std::stop_token stop) {
  auto next = store_.NextJob();
  if (!next.ok()) return next.status();
  if (!next->has_value()) return false;
  TrainingJob job = **std::move(next);
  while (!HasEnded(job.state) && !stop.stop_requested()) {
    const absl::Status stepped = Step(job, stop);
    if (stepped.ok()) continue;
    if (IsPassing(stepped)) return stepped;
    job.error = std::string(stepped.message());
    if (auto ended = Enter(job, JobState::kFailed, "failed"); !ended.ok()) {
      return ended;
    }
  }
  return true;
}

absl::Status Pipeline::Step(TrainingJob& job, std::stop_token stop) {
  switch (job.state) {
    case JobState::kQueued:
      return Enter(job, JobState::kTraining, "training");
    case JobState::kTraining:
      return Train(job, stop);
    case JobState::kRegistered:
      if (!job.gate.has_value()) {
        return Enter(job, JobState::kDone, "registered");
      }
      return Enter(job, JobState::kGating, "gating");
    case JobState::kGating:
      return Gate(job, stop);
    default:
      return absl::OkStatus();
  }
}

absl::Status Pipeline::Train(TrainingJob& job, std::stop_token stop) {
  const auto set = store_.GetSet(job.training_set_id);
  if (!set.ok()) return set.status();
  auto trained = launcher_.Train(*set, Report(job, stop));
  if (!trained.ok()) return trained.status();

  ModelVersion version;
  version.trained = *std::move(trained);
  version.model = ModelNameOf(version.trained.digest);
  version.training_set_id = set->id;
  version.job_id = job.id;
  version.commit = set->commit;
  version.create_time = clock_.Now();
  if (job.gate.has_value()) {
    const auto production = peers_.Production(job.gate->prompt);
    if (!production.ok()) return production.status();
    version.parent_digest = production->model_snapshot;
  }
  if (auto added = store_.AddVersion(version); !added.ok()) return added;
  if (auto known = peers_.RegisterModel(version); !known.ok()) return known;
  job.model_digest = version.trained.digest;
  job.share_done = 1;
  return Enter(job, JobState::kRegistered,
               fmt::format("{} tokens learnt", version.trained.tokens));
}

absl::Status Pipeline::Gate(TrainingJob& job, std::stop_token stop) {
  const auto version = store_.GetVersion(job.model_digest);
  if (!version.ok()) return version.status();
  const auto draft =
      peers_.PushWithModel(job.gate->prompt, *version, job.author);
  if (!draft.ok()) return draft.status();
  const auto judged =
      peers_.Decide(*job.gate, draft->version, job.id, Report(job, stop));
  if (!judged.ok()) return judged.status();
  job.decision = judged->decision;
  if (!judged->applied) return Enter(job, JobState::kHeld, "held");
  if (auto marked = store_.SetProduction(job.model_digest); !marked.ok()) {
    return marked;
  }
  return Enter(job, JobState::kPromoted, "promoted");
}

absl::Status Pipeline::Enter(TrainingJob& job, JobState state,
                             std::string_view progress) {
  job.state = state;
  job.progress = progress;
  if (HasEnded(state)) job.finish_time = clock_.Now();
  return store_.UpdateJob(job);
}

TrainingProgress Pipeline::Report(TrainingJob& job, std::stop_token stop) {
  return [this, &job, stop](std::string_view words, double share) {
    job.progress = words;
    job.share_done = share;
    // A cancelled job can't be updated: that is how it hears of it.
    return !stop.stop_requested() &&
           store_.UpdateJob(job).code() != absl::StatusCode::kAborted;
  };
}

absl::StatusOr<ModelVersion> Pipeline::RollBack(std::string_view prompt,
                                                std::string_view reason,
                                                std::string_view author) {
  const auto revision = peers_.RollBack(prompt, reason, author);
  if (!revision.ok()) return revision.status();
  auto version = store_.GetVersion(revision->model_snapshot);
  if (!version.ok()) return version.status();
  if (auto marked = store_.SetProduction(version->trained.digest);
      !marked.ok()) {
    return marked;
  }
  version->in_production = true;
  return version;
}

}  // namespace evalloop::trainer_bridge
