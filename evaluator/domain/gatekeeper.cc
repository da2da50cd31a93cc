#include "evaluator/domain/gatekeeper.h"

#include <utility>

#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {

Gatekeeper::Gatekeeper(Runs& runs, RunStore& run_store, GateStore& gates,
                       base::Clock& clock)
    : runs_(runs), run_store_(run_store), gates_(gates), clock_(clock) {}

absl::StatusOr<Gate> Gatekeeper::Start(const GateRequest& request) {
  Gate gate;
  gate.request_id =
      request.request_id.empty() ? base::RandomId() : request.request_id;
  if (request.policy.has_value()) {
    if (auto checked = CheckPolicy(*request.policy); !checked.ok()) {
      return checked;
    }
  }

  RunRequest candidate = request.candidate;
  candidate.request_id = base::DerivedId(gate.request_id, "candidate");
  candidate.author = request.author;
  const auto candidate_run = runs_.Start(candidate);
  if (!candidate_run.ok()) return candidate_run.status();

  const auto has_tests = runs_.HaveTests(*candidate_run);
  if (!has_tests.ok()) return has_tests.status();
  gate.policy = request.policy.value_or(
      DefaultPolicy(request.candidate.mode, request.kind, *has_tests));

  absl::StatusOr<Run> baseline_run;
  if (!request.baseline_run.empty()) {
    gate.baseline_source = BaselineSource::kNamed;
    baseline_run = run_store_.Get(request.baseline_run);
  } else {
    RunRequest baseline = candidate;
    baseline.revision = request.baseline;
    baseline.request_id = base::DerivedId(gate.request_id, "baseline");
    baseline_run = runs_.Reuse(baseline);
  }
  if (!baseline_run.ok()) return baseline_run.status();

  gate.id = "gate-" + base::DerivedId(gate.request_id, "gate");
  gate.prompt = candidate_run->revision.prompt;
  gate.candidate_version = candidate_run->revision.version;
  if (baseline_run->revision.prompt == gate.prompt) {
    gate.baseline_version = baseline_run->revision.version;
  }
  gate.candidate_run = candidate_run->id;
  gate.baseline_run = baseline_run->id;
  gate.author = request.author;
  gate.start_time = clock_.Now();
  return gates_.Start(gate);
}

absl::StatusOr<Comparison> Gatekeeper::CompareRuns(const Gate& gate) {
  return runs_.CompareRuns(gate.baseline_run, gate.candidate_run, 0,
                           ConfidenceOf(gate.policy));
}

absl::StatusOr<int> Gatekeeper::DecideDue() {
  const auto due = gates_.Decidable();
  if (!due.ok()) return due.status();
  int decided = 0;
  for (const Gate& gate : *due) {
    const auto decision = Judge(gate);
    if (!decision.ok()) return decision.status();
    if (!decision->has_value()) continue;
    if (auto stored = gates_.Decide(gate.id, **decision); !stored.ok()) {
      return stored;
    }
    ++decided;
  }
  return decided;
}

absl::StatusOr<std::optional<GateDecision>> Gatekeeper::Judge(
    const Gate& gate) {
  const auto renewed = RenewBaseline(gate);
  if (!renewed.ok()) return renewed.status();
  if (*renewed) return std::optional<GateDecision>();
  const auto comparison = CompareRuns(gate);
  if (comparison.ok()) {
    return std::optional(Decide(gate.policy, *comparison));
  }
  if (comparison.status().code() != absl::StatusCode::kFailedPrecondition) {
    return comparison.status();
  }
  // Unlike runs can't be told apart, now or later.
  GateDecision refused;
  refused.verdict = Verdict::kInconclusive;
  refused.findings.push_back({"", "pairs", Verdict::kInconclusive,
                              std::string(comparison.status().message())});
  return std::optional(std::move(refused));
}

absl::StatusOr<bool> Gatekeeper::RenewBaseline(const Gate& gate) {
  if (gate.baseline_source != BaselineSource::kChosen) return false;
  const auto baseline = run_store_.Get(gate.baseline_run);
  if (!baseline.ok()) return baseline.status();
  const auto candidate = run_store_.Get(gate.candidate_run);
  if (!candidate.ok()) return candidate.status();
  // A run without a scored row has no digest: another baseline is no help.
  if (candidate->scorer_digest.empty() ||
      candidate->state != RunState::kFinished ||
      baseline->scorer_digest == candidate->scorer_digest) {
    return false;
  }
  const auto run =
      runs_.Renew(*baseline, *candidate,
                  base::DerivedId(gate.request_id,
                                  "baseline by " + candidate->scorer_digest),
                  gate.author);
  if (!run.ok()) return run.status();
  if (auto told = gates_.RenewBaseline(gate.id, run->id); !told.ok()) {
    return told;
  }
  return true;
}

}  // namespace evalloop::evaluator
