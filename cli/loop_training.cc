#include "cli/loop_training.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>

#include "cli/commands.h"
#include "cli/trainer_bridge_peer.h"

namespace evalloop::cli {
namespace {

constexpr std::chrono::seconds kBuildDeadline{300};
constexpr std::chrono::seconds kTrainingDeadline{1800};
constexpr std::uint32_t kMaxTokens = 48;
// Shorter ones can't be accepted, so showing them would only hurt the baseline.
constexpr std::uint32_t kMinCharacters = 4;

}  // namespace

absl::StatusOr<v1::TrainingJob> TrainModel(Peers& peers, Terminal& terminal,
                                           const std::string& step,
                                           const TrainingAsked& asked) {
  v1::BuildTrainingSetRequest build;
  build.set_repository(asked.repository);
  build.set_commit(asked.commit);
  const auto set =
      Call(peers, &Trainers::BuildTrainingSet, build, kBuildDeadline);
  if (!set.ok()) return set.status();
  v1::StartTrainingJobRequest start;
  start.set_training_set_id(set->training_set().training_set_id());
  start.set_author(Author());
  start.set_request_id(asked.request_id);
  if (asked.gate.has_value()) *start.mutable_gate() = *asked.gate;
  const auto started = Call(peers, &Trainers::StartTrainingJob, start);
  if (!started.ok()) return started.status();
  v1::WatchTrainingJobRequest watch;
  watch.set_job_id(started->job().job_id());
  v1::TrainingJob job = started->job();
  const auto status =
      Follow(peers, &Trainers::WatchTrainingJob, watch, kTrainingDeadline,
             [&](const v1::WatchTrainingJobResponse& progress) {
               job = progress.job();
               terminal.Progress(
                   fmt::format("{}: {}", step, job.progress()),
                   static_cast<std::int64_t>(100 * job.share_done()), 100);
             });
  if (!status.ok()) return status;
  if (job.state() == v1::TrainingJob::STATE_FAILED ||
      job.state() == v1::TrainingJob::STATE_CANCELLED) {
    return absl::InternalError(
        fmt::format("training job {} ended: {}", job.job_id(), job.error()));
  }
  return job;
}

v1::RevisionContent AlwaysShown(const std::string& model,
                                const std::string& snapshot) {
  v1::RevisionContent content;
  content.mutable_template_()->set_form(v1::Template::FORM_PREFIX_SUFFIX);
  content.mutable_model()->set_name(model);
  content.mutable_model()->set_snapshot(snapshot);
  content.mutable_sampling()->set_max_tokens(kMaxTokens);
  // Not a literal: GCC 12 sees an overlap where the string copies one.
  content.mutable_sampling()->add_stop(std::string(1, '\n'));
  content.mutable_output()->set_extent(v1::OutputPolicy::EXTENT_LINE);
  content.mutable_output()->set_min_chars(kMinCharacters);
  content.mutable_output()->mutable_always();
  return content;
}

}  // namespace evalloop::cli
