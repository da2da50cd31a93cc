#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

constexpr int kMostPrompts = 100;

absl::Status Draw(const EvaluatorServiceImpl::Parts& parts,
                  const v1::GetFrontierRequest& request,
                  v1::GetFrontierResponse& response) {
  if (auto given = RequireText("benchmark", request.benchmark()); !given.ok()) {
    return given;
  }
  if (request.prompts_size() > kMostPrompts) {
    return base::FieldError("prompts", "are over 100", "name fewer, or none");
  }
  const auto report = Select(parts.benchmarks, parts.run_store, parts.outcomes,
                             FromProto(request));
  if (!report.ok()) return report.status();
  response = ToProto(*report);
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetFrontier(
    grpc::CallbackServerContext* context, const v1::GetFrontierRequest* request,
    v1::GetFrontierResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Draw(parts_, in, out);
                    });
}

}  // namespace evalloop::evaluator
