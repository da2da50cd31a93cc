#include <string>
#include <utility>
#include <vector>

#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

constexpr std::uint32_t kDefaultItems = 1'000;
constexpr std::uint32_t kMostItems = 100'000;

absl::Status Build(const EvaluatorServiceImpl::Parts& parts,
                   const v1::BuildBenchmarkRequest& request,
                   v1::BuildBenchmarkResponse& response) {
  if (auto valid = CheckBenchmarkName(request.name()); !valid.ok()) {
    return valid;
  }
  if (auto given = RequireText("repository", request.repository());
      !given.ok()) {
    return given;
  }
  if (request.max_items() > kMostItems) {
    return base::FieldError("max_items", "is over 100000",
                            "use 1 to 100000; 0 means 1000");
  }
  std::vector<Item> items;
  const absl::Status mined = parts.library.Mine(
      {.repository = request.repository(),
       .after_commit = request.after_commit(),
       .until_commit = request.until_commit(),
       .max_items =
           request.max_items() == 0 ? kDefaultItems : request.max_items()},
      [&items](Item item) { items.push_back(std::move(item)); });
  if (!mined.ok()) return mined;
  if (items.empty()) {
    return base::WithReason(
        absl::FailedPreconditionError(
            "the commits of this window added no line that counts; widen "
            "after_commit .. until_commit"),
        "NOTHING_MINED");
  }
  Benchmark benchmark = Describe(request.name(), items);
  benchmark.repository = request.repository();
  benchmark.after_commit = request.after_commit().empty()
                               ? items.front().parent
                               : request.after_commit();
  benchmark.until_commit = request.until_commit().empty()
                               ? items.back().commit
                               : request.until_commit();
  benchmark.changelog = request.changelog();
  const auto stored = parts.benchmarks.Add(benchmark, items);
  if (!stored.ok()) return stored.status();
  *response.mutable_benchmark() = ToProto(*stored);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::BuildBenchmark(
    grpc::CallbackServerContext* context,
    const v1::BuildBenchmarkRequest* request,
    v1::BuildBenchmarkResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Build(parts_, in, out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ImportBenchmark(
    grpc::CallbackServerContext* context,
    const v1::ImportBenchmarkRequest* request,
    v1::ImportBenchmarkResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      std::vector<Item> items;
                      for (const v1::Item& item : in.items()) {
                        items.push_back(FromProto(item));
                      }
                      const auto stored = parts_.imports.Import(
                          in.name(), std::move(items), in.changelog());
                      if (!stored.ok()) return stored.status();
                      *out.mutable_benchmark() = ToProto(*stored);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetBenchmark(
    grpc::CallbackServerContext* context,
    const v1::GetBenchmarkRequest* request,
    v1::GetBenchmarkResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto found =
                          parts_.benchmarks.Get(in.name(), in.version());
                      if (!found.ok()) return found.status();
                      *out.mutable_benchmark() = ToProto(*found);
                      return absl::OkStatus();
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
