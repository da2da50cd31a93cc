#include "prompt_engine/peers/evaluator_client.h"

#include <chrono>
#include <string>

#include "platform/rpc/channel.h"

namespace evalloop::prompt_engine {
namespace {

using Stub = v1::EvaluatorService::Stub;

constexpr std::chrono::milliseconds kDeadline{10'000};

Verdict VerdictOf(v1::VerdictKind kind) {
  switch (kind) {
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

absl::StatusOr<GateVerdict> EvaluatorClient::Find(std::string_view gate_id) {
  v1::GetGateRequest request;
  request.set_gate_id(std::string(gate_id));
  const auto found = rpc::CallUnary(*stub_, &Stub::GetGate, request, kDeadline);
  if (!found.ok()) return found.status();
  const v1::Gate& gate = found->gate();
  return GateVerdict{.prompt = gate.prompt(),
                     .version = gate.candidate_version(),
                     .verdict = VerdictOf(gate.verdict()),
                     .warns = gate.warns()};
}

}  // namespace evalloop::prompt_engine
