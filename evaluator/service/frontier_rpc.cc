#include "evaluator/domain/selection.h"
#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetFrontier(
    grpc::CallbackServerContext* context, const v1::GetFrontierRequest* request,
    v1::GetFrontierResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const v1::GetFrontierRequest& in,
             v1::GetFrontierResponse& out) -> absl::Status {
        if (auto given = RequireText("benchmark", in.benchmark());
            !given.ok()) {
          return given;
        }
        FrontierRequest asked{
            .benchmark = in.benchmark(),
            .benchmark_version = in.benchmark_version(),
            .subset = FromProto(in.subset()),
            .metric = in.metric(),
            .prompts = {in.prompts().begin(), in.prompts().end()}};
        if (in.has_completed_at()) asked.completed_at = in.completed_at();
        asked.options.correction_micros = in.correction_micros();
        if (in.near_share() != 0) asked.options.near_share = in.near_share();
        const auto frontier =
            SelectRuns(parts_.benchmarks, parts_.run_store, asked);
        if (!frontier.ok()) return frontier.status();
        ToProto(*frontier, out);
        return absl::OkStatus();
      });
}

}  // namespace evalloop::evaluator
