#include <string>
#include <utility>
#include <vector>

#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

constexpr std::uint32_t kDefaultGroups = 100;
constexpr std::uint32_t kDefaultRows = 20;

absl::Status Aggregate(Questions& questions,
                       const v1::AggregateRowsRequest& request,
                       v1::AggregateRowsResponse& response) {
  const std::vector<std::string> dimensions(request.group_by().begin(),
                                            request.group_by().end());
  const auto answer = questions.Aggregate(
      {.filter = request.filter(),
       .group_by = dimensions,
       .metrics = {request.metrics().begin(), request.metrics().end()},
       .order_by = request.order_by(),
       .max_groups =
           request.max_groups() == 0 ? kDefaultGroups : request.max_groups()});
  if (!answer.ok()) return answer.status();
  for (const GroupTally& group : answer->groups) {
    *response.add_groups() = ToProto(group, dimensions);
  }
  response.set_truncated(answer->truncated);
  return absl::OkStatus();
}

absl::Status Regress(Questions& questions,
                     const v1::FindRegressionsRequest& request,
                     v1::FindRegressionsResponse& response) {
  if (auto given = RequireText("prompt", request.prompt()); !given.ok()) {
    return given;
  }
  if (request.since_version() == 0) {
    return base::FieldError("since_version", "is missing",
                            "name the revision that was still good");
  }
  const auto found = questions.FindRegressions(
      {.prompt = request.prompt(),
       .since_version = request.since_version(),
       .until_version = request.until_version(),
       .benchmark = request.benchmark(),
       .max_rows =
           request.max_rows() == 0 ? kDefaultRows : request.max_rows()});
  if (!found.ok()) return found.status();
  *response.mutable_comparison() = ToProto(found->comparison);
  for (const ChangeSince& change : found->changes) {
    *response.add_changes() = ToProto(change);
  }
  *response.mutable_since_run() = ToProto(found->since);
  *response.mutable_until_run() = ToProto(found->until);
  return absl::OkStatus();
}

absl::Status List(Questions& questions, const v1::ListFlipsRequest& request,
                  v1::ListFlipsResponse& response) {
  for (const auto& given : {RequireText("prompt", request.prompt()),
                            RequireText("benchmark", request.benchmark())}) {
    if (!given.ok()) return given;
  }
  const auto page = PageOf(request.page());
  if (!page.ok()) return page.status();
  auto flips =
      questions.ListFlips({.prompt = request.prompt(),
                           .version = request.version(),
                           .benchmark = request.benchmark(),
                           .benchmark_version = request.benchmark_version(),
                           .metric = request.metric()},
                          *page);
  if (!flips.ok()) return flips.status();
  for (const Flip& flip : flips->page.items) {
    *response.add_flips() = ToProto(flip, flips->metric);
  }
  response.set_next_page_token(std::move(flips->page.next_page_token));
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::AggregateRows(
    grpc::CallbackServerContext* context,
    const v1::AggregateRowsRequest* request,
    v1::AggregateRowsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Aggregate(parts_.questions, in, out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::FindRegressions(
    grpc::CallbackServerContext* context,
    const v1::FindRegressionsRequest* request,
    v1::FindRegressionsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Regress(parts_.questions, in, out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListFlips(
    grpc::CallbackServerContext* context, const v1::ListFlipsRequest* request,
    v1::ListFlipsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return List(parts_.questions, in, out);
                    });
}

}  // namespace evalloop::evaluator
