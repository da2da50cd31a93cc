#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <cmath>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/names.h"
#include "cli/serving_peer.h"
#include "cli/trainer_bridge_peer.h"
#include "platform/base/ids.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

constexpr std::chrono::seconds kBuildDeadline{600};
constexpr std::chrono::seconds kJobDeadline{7200};

// A price of 0.4 for a million tokens is 400,000 millionths.
std::int64_t Micros(double price) {
  return static_cast<std::int64_t>(std::llround(price * 1e6));
}

std::string StateName(v1::TrainingJob::State state) {
  std::string name = v1::TrainingJob::State_Name(state).substr(6);
  for (char& c : name) c = static_cast<char>(std::tolower(c));
  return name;
}

void Print(Terminal& terminal, const v1::TrainingJob& job) {
  if (terminal.json()) {
    terminal.Json(job);
    return;
  }
  std::vector<std::vector<std::string>> rows = {
      {"job", job.job_id()},
      {"state", StateName(job.state())},
      {"training set", job.training_set_id()},
      {"model", job.model_digest()},
      {"progress", job.progress()}};
  if (!job.error().empty()) rows.push_back({"error", job.error()});
  if (job.has_decision()) rows.push_back({"decision", job.decision().reason()});
  terminal.Data(Table(rows));
}

// Follows a job to its end.
Outcome FollowJob(Session& session, v1::TrainingJob job) {
  v1::WatchTrainingJobRequest request;
  request.set_job_id(job.job_id());
  const auto status =
      Follow(session.peers, &Trainers::WatchTrainingJob, request, kJobDeadline,
             [&](const v1::WatchTrainingJobResponse& progress) {
               job = progress.job();
               session.terminal.Progress(
                   fmt::format("job {}: {}", job.job_id(), job.progress()),
                   static_cast<std::int64_t>(100 * job.share_done()), 100);
             });
  session.terminal.EndProgress();
  if (!status.ok()) return status;
  Print(session.terminal, job);
  switch (job.state()) {
    case v1::TrainingJob::STATE_FAILED:
    case v1::TrainingJob::STATE_CANCELLED:
      return ExitCode::kInfrastructure;
    case v1::TrainingJob::STATE_HELD:
      return job.decision().verdict() == v1::VERDICT_KIND_INCONCLUSIVE
                 ? ExitCode::kInconclusive
                 : ExitCode::kFailedGate;
    default:
      return ExitCode::kPassed;
  }
}

absl::StatusOr<v1::TrainingGate> MakeGate(const std::string& prompt,
                                          const std::string& benchmark,
                                          bool promote) {
  const auto name = ParseBenchmark(benchmark);
  if (!name.ok()) return name.status();
  v1::TrainingGate gate;
  gate.set_prompt(prompt);
  gate.set_benchmark(name->name);
  gate.set_benchmark_version(name->version);
  gate.set_promote(promote);
  return gate;
}

}  // namespace

Outcome ModelAdd(Session& session, const ModelAddFlags& flags) {
  v1::RegisterModelRequest request;
  v1::Model& model = *request.mutable_model();
  model.set_name(flags.name);
  model.set_provider(v1::Model::PROVIDER_OPENAI_COMPATIBLE);
  model.set_base_url(flags.url);
  model.set_model_id(flags.model_id);
  model.set_snapshot(flags.snapshot);
  model.set_family(flags.family);
  model.set_key_file(flags.key_file);
  model.set_fim_form(flags.fim);
  model.set_token_probabilities(flags.logprobs);
  model.set_input_price_micros(Micros(flags.price_in));
  model.set_output_price_micros(Micros(flags.price_out));
  if (!flags.cutoff.empty()) {
    const auto date = ParseDate(flags.cutoff);
    if (!date.ok()) return date.status();
    *model.mutable_cutoff_time() =
        TimeUtil::SecondsToTimestamp(absl::ToUnixSeconds(*date));
  }
  const auto added = Call(session.peers, &Serving::RegisterModel, request);
  if (!added.ok()) return added.status();
  if (session.terminal.json()) {
    session.terminal.Json(added->model());
  } else {
    session.terminal.Data(fmt::format("{} answers at {} as {}", flags.name,
                                      flags.url, flags.model_id));
  }
  return ExitCode::kPassed;
}

Outcome ModelList(Session& session) {
  v1::ListModelsRequest request;
  request.mutable_page()->set_page_size(1000);
  const auto list = Call(session.peers, &Serving::ListModels, request);
  if (!list.ok()) return list.status();
  if (session.terminal.json()) {
    session.terminal.Json(*list);
    return ExitCode::kPassed;
  }
  std::vector<std::vector<std::string>> rows = {
      {"model", "id", "at", "snapshot", "state"}};
  for (const v1::Model& model : list->models()) {
    rows.push_back({model.name(), model.model_id(), model.base_url(),
                    model.snapshot().substr(0, 12),
                    model.retired() ? "retired" : "in service"});
  }
  session.terminal.Data(Table(rows));
  return ExitCode::kPassed;
}

Outcome TrainingBuild(Session& session, const TrainingBuildFlags& flags) {
  const auto repository = CanonicalRepository(flags.repository);
  if (!repository.ok()) return repository.status();
  v1::BuildTrainingSetRequest request;
  request.set_repository(*repository);
  request.set_commit(flags.commit);
  const auto built =
      Call(session.peers, &Trainers::BuildTrainingSet, request, kBuildDeadline);
  if (!built.ok()) return built.status();
  if (session.terminal.json()) {
    session.terminal.Json(built->training_set());
  } else {
    const v1::TrainingSet& set = built->training_set();
    session.terminal.Data(fmt::format("{}: {} files, {} bytes at {}",
                                      set.training_set_id(), set.files(),
                                      set.bytes(), set.commit()));
  }
  return ExitCode::kPassed;
}

Outcome TrainingStart(Session& session, const TrainingStartFlags& flags) {
  v1::StartTrainingJobRequest request;
  request.set_training_set_id(flags.training_set);
  request.set_launcher(flags.launcher);
  request.set_author(Author());
  request.set_request_id(base::RandomId());
  if (!flags.prompt.empty()) {
    const auto gate = MakeGate(flags.prompt, flags.benchmark, flags.promote);
    if (!gate.ok()) return gate.status();
    *request.mutable_gate() = *gate;
  }
  const auto started =
      Call(session.peers, &Trainers::StartTrainingJob, request);
  if (!started.ok()) return started.status();
  return FollowJob(session, started->job());
}

Outcome TrainingShow(Session& session, const std::string& job_id) {
  v1::GetTrainingJobRequest request;
  request.set_job_id(job_id);
  const auto job = Call(session.peers, &Trainers::GetTrainingJob, request);
  if (!job.ok()) return job.status();
  Print(session.terminal, job->job());
  return ExitCode::kPassed;
}

Outcome TrainingPromote(Session& session, const TrainingPromoteFlags& flags) {
  v1::PromoteModelVersionRequest request;
  request.set_digest(flags.digest);
  request.set_author(Author());
  const auto gate = MakeGate(flags.prompt, flags.benchmark, true);
  if (!gate.ok()) return gate.status();
  *request.mutable_gate() = *gate;
  const auto started =
      Call(session.peers, &Trainers::PromoteModelVersion, request);
  if (!started.ok()) return started.status();
  return FollowJob(session, started->job());
}

Outcome TrainingRollback(Session& session, const std::string& prompt,
                         const std::string& reason) {
  v1::RollBackModelVersionRequest request;
  request.set_prompt(prompt);
  request.set_reason(reason);
  request.set_author(Author());
  // Twice would be twice back: not tried again.
  const auto back =
      Call(session.peers, &Trainers::RollBackModelVersion, request,
           std::chrono::seconds(60), std::chrono::seconds(0));
  if (!back.ok()) return back.status();
  if (session.terminal.json()) {
    session.terminal.Json(back->version());
  } else {
    session.terminal.Data(
        fmt::format("{} is served again", back->version().digest()));
  }
  return ExitCode::kPassed;
}

}  // namespace evalloop::cli
