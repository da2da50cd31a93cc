#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/service/evaluator_service.h"
#include "evaluator/service/pages.h"
#include "evaluator/translate/translate.h"
#include "platform/rpc/handler.h"

namespace evalloop::evaluator {
namespace {

constexpr std::chrono::milliseconds kLoopInterval{500};
constexpr std::size_t kGateRowDeltas = 20;

// What the gate's runs were asked to be.
absl::Status Describe(const EvaluatorServiceImpl::Parts& parts,
                      v1::Gate& gate) {
  const auto run = parts.run_store.Get(gate.candidate_run_id());
  if (!run.ok()) return run.status();
  const v1::Run told = ToProto(*run);
  gate.set_benchmark(told.benchmark());
  gate.set_benchmark_version(told.benchmark_version());
  gate.set_subset(told.subset());
  gate.set_mode(told.mode());
  return absl::OkStatus();
}

absl::Status Start(const EvaluatorServiceImpl::Parts& parts,
                   const v1::StartGateRequest& request,
                   v1::StartGateResponse& response) {
  if (auto given = RequireText("benchmark", request.benchmark()); !given.ok()) {
    return given;
  }
  GateRequest gate;
  gate.candidate = {.revision = FromProto(request.candidate()),
                    .benchmark = request.benchmark(),
                    .benchmark_version = request.benchmark_version(),
                    .mode = FromProto(request.mode()),
                    .subset = FromProto(request.subset()),
                    .samples = request.samples() == 0 ? 1 : request.samples(),
                    .index_commit = request.index_commit(),
                    .author = request.author(),
                    .request_id = ""};
  if (request.has_baseline_run_id()) {
    gate.baseline_run = request.baseline_run_id();
  } else if (request.has_baseline_revision()) {
    gate.baseline = FromProto(request.baseline_revision());
  } else {
    gate.baseline.prompt = request.candidate().prompt();  // Production.
  }
  if (request.has_policy()) gate.policy = FromProto(request.policy());
  gate.author = request.author();
  gate.request_id = request.request_id();
  const auto started = parts.gatekeeper.Start(gate);
  if (!started.ok()) return started.status();
  *response.mutable_gate() = ToProto(*started);
  return Describe(parts, *response.mutable_gate());
}

// A gate, with the comparison once it has a verdict.
absl::StatusOr<v1::Gate> WithComparison(
    const EvaluatorServiceImpl::Parts& parts, std::string_view id) {
  const auto gate = parts.gates.Get(id);
  if (!gate.ok()) return gate.status();
  v1::Gate out = ToProto(*gate);
  if (auto described = Describe(parts, out); !described.ok()) return described;
  if (gate->decision.verdict == Verdict::kUndecided) return out;
  if (!gate->content.empty()) {
    if (!out.MergeFromString(gate->content)) {
      return absl::DataLossError("the gate's report can't be read");
    }
    return out;
  }
  const auto comparison = parts.runs.CompareRuns(
      gate->baseline_run, gate->candidate_run, kGateRowDeltas);
  if (comparison.ok()) *out.mutable_comparison() = ToProto(*comparison);
  return out;
}

LoopContext ContextOf(const v1::TurnLoopRequest& request) {
  return {.prompt = request.prompt(),
          .benchmark = request.benchmark(),
          .benchmark_version = request.benchmark_version(),
          .mode = RunMode::kTyped,
          .index_commit = "",
          .autopilot = FromProto(request.autopilot()),
          .request_id = request.request_id()};
}

LoopContext ContextOf(const v1::DecideRevisionRequest& request) {
  return {.prompt = request.candidate().prompt(),
          .benchmark = request.benchmark(),
          .benchmark_version = request.benchmark_version(),
          .mode = FromProto(request.mode()),
          .index_commit = request.index_commit(),
          .autopilot = FromProto(request.autopilot()),
          .request_id = request.request_id()};
}

// Tells a stream how far a turn is, each state once.
template <class Response>
Progress TellTo(rpc::StreamWriter<Response>& writer) {
  return [&writer, last = std::string()](std::string_view words) mutable {
    if (words == last) return !writer.cancelled();
    last = words;
    Response response;
    response.set_progress(last);
    return writer.Write(std::move(response));
  };
}

template <class Response>
Pause PauseOf(rpc::StreamWriter<Response>& writer) {
  return [&writer] { return writer.SleepFor(kLoopInterval); };
}

}  // namespace

grpc::ServerUnaryReactor* EvaluatorServiceImpl::StartGate(
    grpc::CallbackServerContext* context, const v1::StartGateRequest* request,
    v1::StartGateResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      return Start(parts_, in, out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::GetGate(
    grpc::CallbackServerContext* context, const v1::GetGateRequest* request,
    v1::GetGateResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      auto gate = WithComparison(parts_, in.gate_id());
                      if (!gate.ok()) return gate.status();
                      *out.mutable_gate() = *std::move(gate);
                      return absl::OkStatus();
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListGates(
    grpc::CallbackServerContext* context, const v1::ListGatesRequest* request,
    v1::ListGatesResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      return Answer(parts_.gates.List(in.prompt(), *listing),
                                    in, *out.mutable_gates(), out);
                    });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::OverrideGate(
    grpc::CallbackServerContext* context,
    const v1::OverrideGateRequest* request,
    v1::OverrideGateResponse* response) {
  return rpc::Unary(
      context, parts_.executor, request, response,
      [this](const auto& in, auto& out) -> absl::Status {
        if (auto given = RequireText("reason", in.reason()); !given.ok()) {
          return given;
        }
        // An unknown gate is NotFound.
        if (const auto gate = parts_.gates.Get(in.gate_id()); !gate.ok()) {
          return gate.status();
        }
        const auto gate =
            in.item_id().empty()
                ? parts_.gates.Override(in.gate_id(), in.reason(), in.author())
                : parts_.gatekeeper.SignOff(in.gate_id(), in.item_id(),
                                            in.reason(), in.author());
        if (!gate.ok()) return gate.status();
        auto told = WithComparison(parts_, in.gate_id());
        if (!told.ok()) return told.status();
        *out.mutable_gate() = *std::move(told);
        return absl::OkStatus();
      });
}

grpc::ServerWriteReactor<v1::TurnLoopResponse>* EvaluatorServiceImpl::TurnLoop(
    grpc::CallbackServerContext* context, const v1::TurnLoopRequest* request) {
  return rpc::ServerStream<v1::TurnLoopResponse>(
      context, parts_.executor, request,
      [this](const v1::TurnLoopRequest& in,
             rpc::StreamWriter<v1::TurnLoopResponse>& writer) -> absl::Status {
        const auto decisions = parts_.loop.Turn(
            ContextOf(in), in.session(), TellTo(writer), PauseOf(writer));
        if (!decisions.ok()) return decisions.status();
        v1::TurnLoopResponse last;
        last.set_done(true);
        for (const Decision& decision : *decisions) {
          *last.add_decisions() = ToProto(decision);
        }
        return writer.Write(std::move(last))
                   ? absl::OkStatus()
                   : absl::CancelledError("the caller left");
      });
}

grpc::ServerWriteReactor<v1::DecideRevisionResponse>*
EvaluatorServiceImpl::DecideRevision(grpc::CallbackServerContext* context,
                                     const v1::DecideRevisionRequest* request) {
  return rpc::ServerStream<v1::DecideRevisionResponse>(
      context, parts_.executor, request,
      [this](const v1::DecideRevisionRequest& in,
             rpc::StreamWriter<v1::DecideRevisionResponse>& writer)
          -> absl::Status {
        const auto decision = parts_.loop.DecideRevision(
            ContextOf(in), FromProto(in.candidate()), in.kind(), TellTo(writer),
            PauseOf(writer));
        if (!decision.ok()) return decision.status();
        v1::DecideRevisionResponse last;
        last.set_done(true);
        *last.mutable_decision() = ToProto(*decision);
        return writer.Write(std::move(last))
                   ? absl::OkStatus()
                   : absl::CancelledError("the caller left");
      });
}

grpc::ServerUnaryReactor* EvaluatorServiceImpl::ListDecisions(
    grpc::CallbackServerContext* context,
    const v1::ListDecisionsRequest* request,
    v1::ListDecisionsResponse* response) {
  return rpc::Unary(context, parts_.executor, request, response,
                    [this](const auto& in, auto& out) -> absl::Status {
                      const auto listing = ListingOf(in);
                      if (!listing.ok()) return listing.status();
                      return Answer(
                          parts_.gates.ListDecisions(in.prompt(), *listing), in,
                          *out.mutable_decisions(), out);
                    });
}

}  // namespace evalloop::evaluator
