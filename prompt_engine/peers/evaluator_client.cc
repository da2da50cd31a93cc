#include "prompt_engine/peers/evaluator_client.h"

#include <fmt/format.h>

#include <chrono>
#include <string>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"

namespace evalloop::prompt_engine {
namespace {

// One row by its key. Short, since the evaluator may be waiting for us
// meanwhile: two services whose workers all wait for each other let go of each
// other after this.
constexpr std::chrono::seconds kDeadline{5};

Verdict FromProto(v1::VerdictKind verdict) {
  switch (verdict) {
    case v1::VERDICT_KIND_PASSED:
      return Verdict::kPassed;
    case v1::VERDICT_KIND_REGRESSED:
      return Verdict::kRegressed;
    case v1::VERDICT_KIND_INCONCLUSIVE:
      return Verdict::kInconclusive;
    case v1::VERDICT_KIND_OVERRIDDEN:
      return Verdict::kOverridden;
    default:
      return Verdict::kNone;
  }
}

}  // namespace

absl::StatusOr<GateResult> EvaluatorClient::Get(std::string_view gate_id) {
  v1::GetGateRequest request;
  request.set_gate_id(std::string(gate_id));
  const auto found = rpc::CallUnary(
      *stub_, &v1::EvaluatorService::Stub::GetGate, request, kDeadline);
  if (absl::IsNotFound(found.status())) return found.status();
  if (!found.ok()) {
    // Whatever keeps the evaluator from an answer is not the caller's doing.
    return base::WithReason(
        absl::UnavailableError(fmt::format(
            "the evaluator can't be asked about gate {}: {}; try again",
            gate_id, std::string(found.status().message()))),
        "EVALUATOR_UNAVAILABLE");
  }
  const v1::Gate& gate = found->gate();
  GateResult result;
  result.prompt = gate.prompt();
  result.version = gate.candidate_version();
  result.verdict = FromProto(gate.verdict());
  result.warns = gate.warns();
  result.override_reason = gate.override_reason();
  return result;
}

}  // namespace evalloop::prompt_engine
