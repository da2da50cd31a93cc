#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/run_summary.h"
#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "fmt/format.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

// A run is looked at again after a sixteenth of the time that it has been
// watched, within these bounds: a short one is not kept waiting, a long one
// costs little.
constexpr std::chrono::milliseconds kLeastWatchInterval{2};
constexpr std::chrono::milliseconds kWatchInterval{250};
constexpr std::size_t kDefaultRowDeltas = 20;
constexpr std::size_t kMostRowDeltas = 1'000;  // Their texts are told, too.

absl::Status Start(const EvaluatorServiceImpl::Parts& parts,
                   const v1::StartRunRequest& request,
                   v1::StartRunResponse& response) {
  if (auto given = RequireText("benchmark", request.benchmark()); !given.ok()) {
    return given;
  }
  const auto run = parts.runs.Start(
      {.revision = FromProto(request.revision()),
       .benchmark = request.benchmark(),
       .benchmark_version = request.benchmark_version(),
       .mode = FromProto(request.mode()),
       .subset = FromProto(request.subset()),
       .samples = request.samples() == 0 ? 1 : request.samples(),
       .index_commit = request.index_commit(),
       .author = request.author(),
       .request_id = request.request_id()});
  if (!run.ok()) return run.status();
  *response.mutable_run() = ToProto(*run);
  return absl::OkStatus();
}

// A run with its metrics summed up, which takes all of its rows.
absl::StatusOr<v1::Run> WithMetrics(const EvaluatorServiceImpl::Parts& parts,
                                    std::string_view id) {
  const auto run = parts.run_store.Get(id);
  if (!run.ok()) return run.status();
  const auto figures = parts.runs.Summarize(*run);
  if (!figures.ok()) return figures.status();
  v1::Run out = ToProto(*run);
  for (const MetricSummary& summary : figures->sums.Metrics()) {
    *out.add_metrics() = ToProto(summary);
  }
  const TypedTally& tally = figures->sums.tally();
  if (tally.lines > 0) *out.mutable_tally() = ToProto(tally);
  *out.mutable_validity() = ToProto(figures->validity);
  const auto details = parts.run_store.Details(id);
  if (!details.ok()) return details.status();
  AddDetails(*details, out);
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::StartRun(
    grpc::CallbackServerContext* context, const v1::StartRunRequest* request,
    v1::StartRunResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Start(parts_, in, out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetRun(
    grpc::CallbackServerContext* context, const v1::GetRunRequest* request,
    v1::GetRunResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      auto run = WithMetrics(parts_, in.run_id());
                      if (!run.ok()) return run.status();
                      *out.mutable_run() = *std::move(run);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListRuns(
    grpc::CallbackServerContext* context, const v1::ListRunsRequest* request,
    v1::ListRunsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      return Answer(parts_.run_store.List(
                                        in.prompt(), in.benchmark(), *listing),
                                    in, *out.mutable_runs(), out);
                    });
}

grpc::ServerWriteReactor<v1::WatchRunResponse>* EvaluatorServiceImpl::WatchRun(
    grpc::CallbackServerContext* context, const v1::WatchRunRequest* request) {
  return rpc::ServerStream<v1::WatchRunResponse>(
      context, parts_.executor, request,
      [this](const v1::WatchRunRequest& in,
             rpc::StreamWriter<v1::WatchRunResponse>& writer) -> absl::Status {
        const auto begin = std::chrono::steady_clock::now();
        std::int64_t told = -1;
        while (!writer.cancelled()) {
          const auto run = parts_.run_store.Get(in.run_id());
          if (!run.ok()) return run.status();
          const bool ended = run->state != RunState::kRunning;
          const std::int64_t done = run->scored + run->failed;
          if (ended || done != told) {
            told = done;
            v1::WatchRunResponse response;
            *response.mutable_run() = ToProto(*run);
            if (ended) {
              auto full = WithMetrics(parts_, in.run_id());
              if (!full.ok()) return full.status();
              *response.mutable_run() = *std::move(full);
            }
            if (!writer.Write(std::move(response))) break;
          }
          if (ended) return absl::OkStatus();
          const auto watched =
              std::chrono::duration_cast<std::chrono::milliseconds>(
                  std::chrono::steady_clock::now() - begin);
          if (!writer.SleepFor(std::clamp(watched / 16, kLeastWatchInterval,
                                          kWatchInterval))) {
            break;
          }
        }
        return absl::CancelledError("the watcher left");
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::CancelRun(
    grpc::CallbackServerContext* context, const v1::CancelRunRequest* request,
    v1::CancelRunResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto run = parts_.run_store.Cancel(in.run_id());
                      if (!run.ok()) return run.status();
                      *out.mutable_run() = ToProto(*run);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::RetryRun(
    grpc::CallbackServerContext* context, const v1::RetryRunRequest* request,
    v1::RetryRunResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto run = parts_.runs.Retry(in.run_id());
                      if (!run.ok()) return run.status();
                      *out.mutable_run() = ToProto(*run);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::RescoreRun(
    grpc::CallbackServerContext* context, const v1::RescoreRunRequest* request,
    v1::RescoreRunResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        if (auto given = RequireText("run_id", in.run_id()); !given.ok()) {
          return given;
        }
        const auto run =
            parts_.runs.Rescore(in.run_id(), in.request_id(), in.author());
        if (!run.ok()) return run.status();
        *out.mutable_run() = ToProto(*run);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListRows(
    grpc::CallbackServerContext* context, const v1::ListRowsRequest* request,
    v1::ListRowsResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        const auto listing = ListingOf(in);
        if (!listing.ok()) return listing.status();
        // An unknown run is NotFound, not an empty list.
        if (const auto run = parts_.run_store.Get(in.run_id()); !run.ok()) {
          return run.status();
        }
        return Answer(parts_.run_store.ListRows(in.run_id(), *listing), in,
                      *out.mutable_rows(), out);
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::CompareRuns(
    grpc::CallbackServerContext* context, const v1::CompareRunsRequest* request,
    v1::CompareRunsResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        if (in.max_rows() > kMostRowDeltas) {
          return base::FieldError("max_rows",
                                  fmt::format("is over {}", kMostRowDeltas),
                                  "use less; ListRows has every row of a run");
        }
        const auto comparison = parts_.runs.CompareRuns(
            in.baseline_run_id(), in.candidate_run_id(),
            in.max_rows() == 0 ? kDefaultRowDeltas : in.max_rows());
        if (!comparison.ok()) return comparison.status();
        *out.mutable_comparison() = ToProto(*comparison);
        return absl::OkStatus();
      });
}

}  // namespace evalloop::evaluator
