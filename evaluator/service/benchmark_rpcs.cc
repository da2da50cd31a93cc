#include <string>
#include <utility>
#include <vector>

#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

// A benchmark version with what it is made of.
absl::Status Tell(BenchmarkStore& store,
                  const absl::StatusOr<Benchmark>& benchmark,
                  v1::Benchmark& out) {
  if (!benchmark.ok()) return benchmark.status();
  const auto manifest = store.GetManifest(benchmark->name, benchmark->version);
  if (!manifest.ok()) return manifest.status();
  out = ToProto(*benchmark);
  AddManifest(*manifest, out);
  return absl::OkStatus();
}

BuildRequest FromProto(const v1::BuildBenchmarkRequest& request) {
  return {.name = request.name(),
          .repository = request.repository(),
          .after_commit = request.after_commit(),
          .until_commit = request.until_commit(),
          .max_items = request.max_items(),
          .changelog = request.changelog(),
          .classes = {request.classes().begin(), request.classes().end()},
          .tasks = {request.tasks().begin(), request.tasks().end()},
          .holdout_share = request.holdout_share()};
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::BuildBenchmark(
    grpc::CallbackServerContext* context,
    const v1::BuildBenchmarkRequest* request,
    v1::BuildBenchmarkResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Tell(parts_.benchmarks,
                                  parts_.makers.Build(FromProto(in)),
                                  *out.mutable_benchmark());
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ImportBenchmark(
    grpc::CallbackServerContext* context,
    const v1::ImportBenchmarkRequest* request,
    v1::ImportBenchmarkResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        std::vector<Item> items;
        for (const v1::Item& item : in.items()) {
          items.push_back(evaluator::FromProto(item));
        }
        return Tell(
            parts_.benchmarks,
            parts_.makers.Import(in.name(), std::move(items), in.changelog()),
            *out.mutable_benchmark());
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetBenchmark(
    grpc::CallbackServerContext* context,
    const v1::GetBenchmarkRequest* request,
    v1::GetBenchmarkResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Tell(
                          parts_.benchmarks,
                          parts_.benchmarks.Get(in.name(), in.version()),
                          *out.mutable_benchmark());
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::RotateBenchmark(
    grpc::CallbackServerContext* context,
    const v1::RotateBenchmarkRequest* request,
    v1::RotateBenchmarkResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        return Tell(parts_.benchmarks,
                    parts_.makers.Rotate({.name = in.name(),
                                          .share = in.share(),
                                          .until_commit = in.until_commit(),
                                          .changelog = in.changelog()}),
                    *out.mutable_benchmark());
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListBenchmarks(
    grpc::CallbackServerContext* context,
    const v1::ListBenchmarksRequest* request,
    v1::ListBenchmarksResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      return Answer(parts_.benchmarks.List(*listing), in,
                                    *out.mutable_benchmarks(), out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetItem(
    grpc::CallbackServerContext* context, const v1::GetItemRequest* request,
    v1::GetItemResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto item = parts_.benchmarks.GetItem(in.item_id());
                      if (!item.ok()) return item.status();
                      *out.mutable_item() = ToProto(*item);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListItems(
    grpc::CallbackServerContext* context, const v1::ListItemsRequest* request,
    v1::ListItemsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      const auto benchmark =
                          parts_.benchmarks.Get(in.benchmark(), in.version());
                      if (!benchmark.ok()) return benchmark.status();
                      return Answer(
                          parts_.benchmarks.QueryItems(
                              benchmark->name, benchmark->version, *listing),
                          in, *out.mutable_items(), out);
                    });
}

}  // namespace evalloop::evaluator
