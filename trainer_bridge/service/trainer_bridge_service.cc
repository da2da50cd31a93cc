#include "trainer_bridge/service/trainer_bridge_service.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"
#include "platform/rpc/handler.h"
#include "trainer_bridge/service/translate.h"

namespace evalloop::trainer_bridge {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{300};
constexpr std::string_view kLauncher = "embedded";

absl::Status Require(std::string_view field, const std::string& text) {
  if (!text.empty()) return absl::OkStatus();
  return base::FieldError(field, "is empty", "it is required");
}

absl::Status CheckGate(const TrainingGate& gate) {
  if (auto given = Require("gate.prompt", gate.prompt); !given.ok()) {
    return given;
  }
  return Require("gate.benchmark", gate.benchmark);
}

// Fills in a page of a list whose elements are told apart by `id`.
template <class Values, class Response, class Add, class Id>
absl::Status ListInto(const v1::PageRequest& asked,
                      const std::function<Values(const Page&)>& list,
                      Response& out, Add add, Id id) {
  if (asked.page_size() > 1000) {
    return base::FieldError("page.page_size", "is over 1000", "use 1 to 1000");
  }
  const Page page{.size = asked.page_size() == 0 ? 50u : asked.page_size(),
                  .after = asked.page_token()};
  const auto found = list(page);
  if (!found.ok()) return found.status();
  for (const auto& value : *found) add(value);
  if (found->size() == page.size) out.set_next_page_token(id(found->back()));
  return absl::OkStatus();
}

absl::Status StartJob(TrainingStore& store,
                      const v1::StartTrainingJobRequest& request,
                      v1::StartTrainingJobResponse& response) {
  if (!request.launcher().empty() && request.launcher() != kLauncher) {
    return base::FieldError("launcher", "is not one that this bridge has",
                            "use embedded");
  }
  const auto set = store.GetSet(request.training_set_id());
  if (!set.ok()) return set.status();
  TrainingJob job;
  job.id = "job-" + base::RandomId();
  job.training_set_id = set->id;
  job.launcher = kLauncher;
  if (request.has_gate()) {
    job.gate = FromProto(request.gate());
    if (auto valid = CheckGate(*job.gate); !valid.ok()) return valid;
  }
  job.author = request.author();
  job.request_id = request.request_id().empty() ? job.id : request.request_id();
  const auto stored = store.AddJob(job);
  if (!stored.ok()) return stored.status();
  *response.mutable_job() = ToProto(*stored);
  return absl::OkStatus();
}

// A version that exists needs no training: its job begins at the gate.
absl::Status Promote(TrainingStore& store,
                     const v1::PromoteModelVersionRequest& request,
                     v1::PromoteModelVersionResponse& response) {
  const auto version = store.GetVersion(request.digest());
  if (!version.ok()) return version.status();
  TrainingJob job;
  job.id = "job-" + base::RandomId();
  job.training_set_id = version->training_set_id;
  job.launcher = kLauncher;
  job.gate = FromProto(request.gate());
  if (auto valid = CheckGate(*job.gate); !valid.ok()) return valid;
  job.gate->promote = true;
  job.state = JobState::kRegistered;
  job.model_digest = version->trained.digest;
  job.author = request.author();
  job.request_id = job.id;
  const auto stored = store.AddJob(job);
  if (!stored.ok()) return stored.status();
  *response.mutable_job() = ToProto(*stored);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::BuildTrainingSet(
    grpc::CallbackServerContext* context,
    const v1::BuildTrainingSetRequest* request,
    v1::BuildTrainingSetResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        if (auto given = Require("repository", in.repository()); !given.ok()) {
          return given;
        }
        if (auto given = Require("commit", in.commit()); !given.ok()) {
          return given;
        }
        const auto described = DescribeTree(in.repository(), in.commit());
        if (!described.ok()) return described.status();
        const auto stored = store_.AddSet(*described);
        if (!stored.ok()) return stored.status();
        *out.mutable_training_set() = ToProto(*stored);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::GetTrainingSet(
    grpc::CallbackServerContext* context,
    const v1::GetTrainingSetRequest* request,
    v1::GetTrainingSetResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto set = store_.GetSet(in.training_set_id());
                      if (!set.ok()) return set.status();
                      *out.mutable_training_set() = ToProto(*set);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::ListTrainingSets(
    grpc::CallbackServerContext* context,
    const v1::ListTrainingSetsRequest* request,
    v1::ListTrainingSetsResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        return ListInto<absl::StatusOr<std::vector<TrainingSet>>>(
            in.page(),
            [this](const Page& page) { return store_.ListSets(page); }, out,
            [&](const TrainingSet& set) {
              *out.add_training_sets() = ToProto(set);
            },
            [](const TrainingSet& set) { return set.id; });
      });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::StartTrainingJob(
    grpc::CallbackServerContext* context,
    const v1::StartTrainingJobRequest* request,
    v1::StartTrainingJobResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return StartJob(store_, in, out);
                    });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::GetTrainingJob(
    grpc::CallbackServerContext* context,
    const v1::GetTrainingJobRequest* request,
    v1::GetTrainingJobResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto job = store_.GetJob(in.job_id());
                      if (!job.ok()) return job.status();
                      *out.mutable_job() = ToProto(*job);
                      return absl::OkStatus();
                    });
}

grpc::ServerWriteReactor<v1::WatchTrainingJobResponse>*
TrainerBridgeServiceImpl::WatchTrainingJob(
    grpc::CallbackServerContext* context,
    const v1::WatchTrainingJobRequest* request) {
  return rpc::ServerStream<v1::WatchTrainingJobResponse>(
      context, executor_, request,
      [this](const v1::WatchTrainingJobRequest& in,
             rpc::StreamWriter<v1::WatchTrainingJobResponse>& writer)
          -> absl::Status {
        std::string told;
        while (!writer.cancelled()) {
          const auto job = store_.GetJob(in.job_id());
          if (!job.ok()) return job.status();
          const bool ended = HasEnded(job->state);
          std::string now = fmt::format("{} {} {}", NameOf(job->state),
                                        job->progress, job->share_done);
          if (ended || now != told) {
            told = std::move(now);
            v1::WatchTrainingJobResponse response;
            *response.mutable_job() = ToProto(*job);
            if (!writer.Write(std::move(response))) break;
          }
          if (ended) return absl::OkStatus();
          if (!writer.SleepFor(kWatchInterval)) break;
        }
        return absl::CancelledError("the watcher left");
      });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::ListTrainingJobs(
    grpc::CallbackServerContext* context,
    const v1::ListTrainingJobsRequest* request,
    v1::ListTrainingJobsResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        return ListInto<absl::StatusOr<std::vector<TrainingJob>>>(
            in.page(),
            [this](const Page& page) { return store_.ListJobs(page); }, out,
            [&](const TrainingJob& job) { *out.add_jobs() = ToProto(job); },
            [](const TrainingJob& job) { return job.id; });
      });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::CancelTrainingJob(
    grpc::CallbackServerContext* context,
    const v1::CancelTrainingJobRequest* request,
    v1::CancelTrainingJobResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto job = store_.CancelJob(in.job_id());
                      if (!job.ok()) return job.status();
                      *out.mutable_job() = ToProto(*job);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::ListModelVersions(
    grpc::CallbackServerContext* context,
    const v1::ListModelVersionsRequest* request,
    v1::ListModelVersionsResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        return ListInto<absl::StatusOr<std::vector<ModelVersion>>>(
            in.page(),
            [this](const Page& page) { return store_.ListVersions(page); }, out,
            [&](const ModelVersion& version) {
              *out.add_versions() = ToProto(version);
            },
            [](const ModelVersion& version) { return version.trained.digest; });
      });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::GetModelVersion(
    grpc::CallbackServerContext* context,
    const v1::GetModelVersionRequest* request,
    v1::GetModelVersionResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto version = store_.GetVersion(in.digest());
                      if (!version.ok()) return version.status();
                      *out.mutable_version() = ToProto(*version);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::PromoteModelVersion(
    grpc::CallbackServerContext* context,
    const v1::PromoteModelVersionRequest* request,
    v1::PromoteModelVersionResponse* response) {
  return rpc::Unary(context, executor_, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Promote(store_, in, out);
                    });
}

grpc::ServerUnaryReactor* TrainerBridgeServiceImpl::RollBackModelVersion(
    grpc::CallbackServerContext* context,
    const v1::RollBackModelVersionRequest* request,
    v1::RollBackModelVersionResponse* response) {
  return rpc::Unary(
      context, executor_, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        if (auto given = Require("prompt", in.prompt()); !given.ok()) {
          return given;
        }
        if (auto given = Require("reason", in.reason()); !given.ok()) {
          return given;
        }
        const auto version =
            pipeline_.RollBack(in.prompt(), in.reason(), in.author());
        if (!version.ok()) return version.status();
        *out.mutable_version() = ToProto(*version);
        return absl::OkStatus();
      });
}

}  // namespace evalloop::trainer_bridge
