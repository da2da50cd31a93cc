#include "evaluator/domain/loop.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::string_view kAuthor = "evalloop autopilot";
constexpr std::string_view kProduction = "production";

std::string_view NameOf(ProposalKind kind) {
  return kind == ProposalKind::kThreshold ? "threshold" : "learnt";
}

ChangeKind KindOf(std::string_view kind) {
  if (kind == "output_policy") return ChangeKind::kOutputPolicy;
  if (kind == "model") return ChangeKind::kModel;
  return ChangeKind::kOther;
}

// What was found, the demands that failed first.
std::string Explain(const GateDecision& decision) {
  std::string words;
  const auto add = [&](const GateFinding& finding) {
    if (!words.empty()) words += "; ";
    words += fmt::format("{}{} {}{}", finding.alarm ? "alarm: " : "",
                         evaluator::NameOf(finding.verdict),
                         finding.metric.empty() ? "" : finding.metric + " ",
                         finding.demand);
    words += ": " + finding.detail;
  };
  for (const GateFinding& finding : decision.findings) {
    if (finding.verdict != Verdict::kPassed) add(finding);
  }
  for (const GateFinding& finding : decision.findings) {
    if (finding.verdict == Verdict::kPassed) add(finding);
  }
  return words;
}

bool Passed(const Decision& decision) {
  return decision.verdict == Verdict::kPassed ||
         decision.verdict == Verdict::kOverridden;
}

}  // namespace

Loop::Loop(PromptLibrary& library, Gatekeeper& gatekeeper, RunStore& runs,
           GateStore& gates, Events& events, base::Transactor& transactor,
           base::Clock& clock)
    : library_(library),
      gatekeeper_(gatekeeper),
      runs_(runs),
      gates_(gates),
      events_(events),
      transactor_(transactor),
      clock_(clock) {}

absl::StatusOr<std::vector<Decision>> Loop::Turn(const LoopContext& context,
                                                 std::string_view session,
                                                 const Progress& progress,
                                                 const Pause& pause) {
  const auto baseline = Baseline(context);
  if (!baseline.ok()) return baseline.status();
  progress("learning from outcomes");
  const auto proposals =
      library_.Propose(context.prompt, baseline->version, session);
  if (!proposals.ok()) return proposals.status();

  std::vector<Decision> decisions;
  std::vector<Candidate> candidates;
  for (const Proposal& proposal : *proposals) {
    if (!proposal.proposed || proposal.revision.version == baseline->version) {
      Decision none{
          .id = base::DerivedId(context.request_id, NameOf(proposal.kind)),
          .prompt = context.prompt,
          .kind = "output_policy",
          .from_version = baseline->version,
          .to_version = baseline->version,
          .verdict = Verdict::kInconclusive,
          .applied = false,
          .reason = proposal.proposed ? "what was learnt is in production"
                                      : proposal.reason,
          .gain = {},
          .gain_metric = std::string(kCompletedChars),
          .gate_id = "",
          .time = clock_.Now()};
      if (auto stored = Store(none); !stored.ok()) return stored;
      decisions.push_back(std::move(none));
      continue;
    }
    auto gate =
        StartGate(context, *baseline, proposal.revision, "output_policy");
    if (!gate.ok()) return gate.status();
    candidates.push_back(
        {.revision = proposal.revision,
         .kind = "output_policy",
         .note = fmt::format("{} policy ({})", NameOf(proposal.kind),
                             proposal.reason),
         .gate = *std::move(gate)});
  }

  std::vector<Decision> judged;
  for (Candidate& candidate : candidates) {
    auto gate = Await(candidate.gate, candidate.note, progress, pause);
    if (!gate.ok()) return gate.status();
    candidate.gate = *std::move(gate);
    auto decision = Describe(context, *baseline, candidate);
    if (!decision.ok()) return decision.status();
    judged.push_back(*std::move(decision));
  }
  std::size_t best = judged.size();
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (Passed(judged[i]) && (best == judged.size() ||
                              judged[i].gain.value > judged[best].gain.value)) {
      best = i;
    }
  }
  for (std::size_t i = 0; i < judged.size(); ++i) {
    if (i == best) {
      if (auto applied = Apply(context, *baseline, candidates[i], judged[i]);
          !applied.ok()) {
        return applied;
      }
    } else if (Passed(judged[i])) {
      judged[i].reason = fmt::format("passed, but revision {} gains more; {}",
                                     judged[best].to_version, judged[i].reason);
    }
    if (auto stored = Store(judged[i]); !stored.ok()) return stored;
    decisions.push_back(std::move(judged[i]));
  }
  return decisions;
}

absl::StatusOr<Decision> Loop::DecideRevision(const LoopContext& context,
                                              const RevisionName& name,
                                              std::string_view kind,
                                              const Progress& progress,
                                              const Pause& pause) {
  const auto baseline = Baseline(context);
  if (!baseline.ok()) return baseline.status();
  const auto revision = library_.Resolve(name);
  if (!revision.ok()) return revision.status();
  Candidate candidate{
      .revision = *revision, .kind = std::string(kind), .note = "", .gate = {}};
  auto gate = StartGate(context, *baseline, *revision, kind);
  if (!gate.ok()) return gate.status();
  gate = Await(*gate, fmt::format("revision {}", revision->version), progress,
               pause);
  if (!gate.ok()) return gate.status();
  candidate.gate = *std::move(gate);
  auto decision = Describe(context, *baseline, candidate);
  if (!decision.ok()) return decision.status();
  if (Passed(*decision)) {
    if (auto applied = Apply(context, *baseline, candidate, *decision);
        !applied.ok()) {
      return applied;
    }
  }
  if (auto stored = Store(*decision); !stored.ok()) return stored;
  return decision;
}

absl::StatusOr<RevisionRef> Loop::Baseline(const LoopContext& context) {
  if (context.request_id.empty()) {
    return base::FieldError("request_id", "is empty",
                            "give an id of your own; the same id again goes on "
                            "with the same turn");
  }
  auto production = library_.Resolve({.prompt = context.prompt});
  if (!production.ok()) return production.status();
  const auto began =
      gates_.BeginTurn(context.request_id, context.prompt, production->version);
  if (!began.ok()) return began.status();
  if (*began == production->version) return production;
  return library_.Resolve({.prompt = context.prompt, .version = *began});
}

absl::StatusOr<Gate> Loop::StartGate(const LoopContext& context,
                                     const RevisionRef& baseline,
                                     const RevisionRef& candidate,
                                     std::string_view kind) {
  GateRequest request;
  request.candidate.revision = {.prompt = candidate.prompt,
                                .version = candidate.version};
  request.candidate.benchmark = context.benchmark;
  request.candidate.benchmark_version = context.benchmark_version;
  request.candidate.mode = context.mode;
  request.candidate.index_commit = context.index_commit;
  request.baseline = {.prompt = baseline.prompt, .version = baseline.version};
  request.kind = KindOf(kind);
  request.author = kAuthor;
  request.request_id = base::DerivedId(
      context.request_id, fmt::format("gate {}", candidate.version));
  return gatekeeper_.Start(request);
}

absl::StatusOr<Gate> Loop::Await(const Gate& gate, std::string_view what,
                                 const Progress& progress, const Pause& pause) {
  while (true) {
    auto now = gates_.Get(gate.id);
    if (!now.ok()) return now.status();
    if (now->decision.verdict != Verdict::kUndecided) return now;
    const auto candidate = runs_.Get(now->candidate_run);
    if (!candidate.ok()) return candidate.status();
    const auto baseline = runs_.Get(now->baseline_run);
    if (!baseline.ok()) return baseline.status();
    if (!progress(fmt::format("gating {}: {}/{} rows", what,
                              candidate->scored + candidate->failed +
                                  baseline->scored + baseline->failed,
                              candidate->rows + baseline->rows)) ||
        !pause()) {
      return absl::CancelledError("nobody waits for the gate any more");
    }
  }
}

absl::StatusOr<Decision> Loop::Describe(const LoopContext& context,
                                        const RevisionRef& baseline,
                                        const Candidate& candidate) {
  Decision decision{
      .id = base::DerivedId(context.request_id, candidate.gate.id),
      .prompt = context.prompt,
      .kind = candidate.kind,
      .from_version = baseline.version,
      .to_version = candidate.revision.version,
      .verdict = candidate.gate.decision.verdict,
      .applied = false,
      .reason = candidate.note.empty() ? "" : candidate.note + ": ",
      .gain = {},
      .gain_metric = context.mode == RunMode::kTyped
                         ? std::string(kCompletedChars)
                         : "chrf",
      .gate_id = candidate.gate.id,
      .time = clock_.Now()};
  decision.reason += Explain(candidate.gate.decision);
  const auto comparison = gatekeeper_.CompareRuns(candidate.gate);
  if (comparison.ok()) {
    if (const MetricDelta* delta = comparison->Find(decision.gain_metric);
        delta != nullptr) {
      decision.gain = delta->delta;
    }
  }
  return decision;
}

absl::Status Loop::Apply(const LoopContext& context,
                         const RevisionRef& baseline,
                         const Candidate& candidate, Decision& decision) {
  if (!context.autopilot.publish) {
    decision.reason += "; passed, waits for a person to publish it";
    return absl::OkStatus();
  }
  if (auto published =
          library_.Publish(candidate.revision, candidate.gate.id, kAuthor);
      !published.ok()) {
    return published;
  }
  if (!context.autopilot.move_production) {
    decision.reason += "; published, production is moved by a person";
    return absl::OkStatus();
  }
  const absl::Status moved = library_.MoveLabel(
      candidate.revision, kProduction, baseline.version,
      fmt::format("gate {} passed", candidate.gate.id), kAuthor);
  if (moved.code() == absl::StatusCode::kAborted) {
    decision.reason += "; production moved meanwhile, so it was left alone";
    return absl::OkStatus();
  }
  if (!moved.ok()) return moved;
  decision.applied = true;
  return absl::OkStatus();
}

absl::Status Loop::Store(const Decision& decision) {
  return transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
    const auto added = gates_.AddDecision(work, decision);
    if (!added.ok()) return added.status();
    if (!*added) return absl::OkStatus();
    return events_.Decided(work, decision);
  });
}

}  // namespace evalloop::evaluator
