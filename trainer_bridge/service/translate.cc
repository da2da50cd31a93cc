#include "trainer_bridge/service/translate.h"

#include "protos/timestamps.h"

namespace evalloop::trainer_bridge {
namespace {

v1::TrainingJob::State ToProto(JobState state) {
  switch (state) {
    case JobState::kQueued:
      return v1::TrainingJob::STATE_QUEUED;
    case JobState::kTraining:
      return v1::TrainingJob::STATE_TRAINING;
    case JobState::kRegistered:
      return v1::TrainingJob::STATE_REGISTERED;
    case JobState::kGating:
      return v1::TrainingJob::STATE_GATING;
    case JobState::kPromoted:
      return v1::TrainingJob::STATE_PROMOTED;
    case JobState::kHeld:
      return v1::TrainingJob::STATE_HELD;
    case JobState::kFailed:
      return v1::TrainingJob::STATE_FAILED;
    case JobState::kCancelled:
      return v1::TrainingJob::STATE_CANCELLED;
    case JobState::kDone:
      return v1::TrainingJob::STATE_DONE;
  }
  return v1::TrainingJob::STATE_UNSPECIFIED;
}

}  // namespace

v1::TrainingSet ToProto(const TrainingSet& set) {
  v1::TrainingSet out;
  out.set_training_set_id(set.id);
  out.set_repository(set.repository);
  out.set_commit(set.commit);
  out.set_files(set.files);
  out.set_bytes(set.bytes);
  out.mutable_left_out()->insert(set.left_out.begin(), set.left_out.end());
  out.set_digest(set.digest);
  *out.mutable_create_time() = v1::ToTimestamp(set.create_time);
  return out;
}

v1::TrainingJob ToProto(const TrainingJob& job) {
  v1::TrainingJob out;
  out.set_job_id(job.id);
  out.set_training_set_id(job.training_set_id);
  out.set_launcher(job.launcher);
  out.set_state(ToProto(job.state));
  out.set_progress(job.progress);
  out.set_share_done(job.share_done);
  out.set_model_digest(job.model_digest);
  out.set_error(job.error);
  if (!job.decision.empty()) {
    out.mutable_decision()->ParseFromString(job.decision);
  }
  *out.mutable_create_time() = v1::ToTimestamp(job.create_time);
  if (job.finish_time.has_value()) {
    *out.mutable_finish_time() = v1::ToTimestamp(*job.finish_time);
  }
  return out;
}

v1::ModelVersion ToProto(const ModelVersion& version) {
  v1::ModelVersion out;
  out.set_digest(version.trained.digest);
  out.set_model(version.model);
  out.set_training_set_id(version.training_set_id);
  out.set_job_id(version.job_id);
  out.set_parent_digest(version.parent_digest);
  out.set_commit(version.commit);
  out.set_tokens(version.trained.tokens);
  out.set_bytes(version.trained.bytes);
  if (version.trained.held_out_loss.has_value()) {
    out.set_held_out_loss(*version.trained.held_out_loss);
  }
  out.set_trainer(version.trained.trainer);
  *out.mutable_create_time() = v1::ToTimestamp(version.create_time);
  out.set_in_production(version.in_production);
  return out;
}

TrainingGate FromProto(const v1::TrainingGate& gate) {
  return {.prompt = gate.prompt(),
          .benchmark = gate.benchmark(),
          .benchmark_version = gate.benchmark_version(),
          .promote = gate.promote()};
}

}  // namespace evalloop::trainer_bridge
