#include "evaluator/domain/gatekeeper.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {

namespace {

// Refused: unlike runs can't be told apart, now or later.
GateOutcome Refused(const absl::Status& why) {
  GateOutcome refused;
  refused.decision.verdict = Verdict::kInconclusive;
  refused.decision.findings.push_back(
      {"", "pairs", Verdict::kInconclusive, std::string(why.message())});
  return refused;
}

// Says also what kept rows from an answer: one example of either side.
absl::Status WithFailures(const absl::Status& why, const RunPair& pair) {
  std::string words(why.message());
  const auto add = [&](std::span<const Row> rows, std::string_view side) {
    const auto failed = [](const Row& row) {
      return !row.infrastructure_error.empty();
    };
    const auto first = std::find_if(rows.begin(), rows.end(), failed);
    if (first == rows.end()) return;
    words += fmt::format("; {} rows of the {} had no answer, e.g. {}",
                         std::count_if(rows.begin(), rows.end(), failed), side,
                         first->infrastructure_error);
  };
  add(pair.before, "baseline");
  add(pair.after, "candidate");
  return absl::Status(why.code(), words);
}

std::vector<Row> Without(std::span<const Row> rows,
                         const std::set<std::string_view>& items) {
  std::vector<Row> kept;
  for (const Row& row : rows) {
    if (!items.contains(row.item_id)) kept.push_back(row);
  }
  return kept;
}

RunRequest LookAt(const Run& run, std::uint32_t samples, std::string request_id,
                  const std::string& author) {
  return {.revision = {.prompt = run.revision.prompt,
                       .version = run.revision.version},
          .benchmark = run.benchmark,
          .benchmark_version = run.benchmark_version,
          .mode = run.mode,
          .subset = run.subset,
          .samples = samples,
          .index_commit = run.index_commit,
          .author = author,
          .request_id = std::move(request_id),
          .purpose = purpose::kLook,
          .rubric = run.rubric};
}

}  // namespace

Gatekeeper::Gatekeeper(PromptLibrary& library, Runs& runs, RunStore& run_store,
                       GateStore& gates, base::Clock& clock)
    : library_(library),
      runs_(runs),
      run_store_(run_store),
      gates_(gates),
      clock_(clock) {}

absl::StatusOr<Gate> Gatekeeper::Start(const GateRequest& request) {
  Gate gate;
  gate.request_id =
      request.request_id.empty() ? base::RandomId() : request.request_id;
  if (request.policy.has_value()) {
    if (auto checked = CheckPolicy(*request.policy); !checked.ok()) {
      return checked;
    }
  }

  const auto sides = StartRuns(request, gate);
  if (!sides.ok()) return sides.status();
  const Run& candidate_run = sides->candidate;
  const Run& baseline_run = sides->baseline;

  const auto benchmark = runs_.BenchmarkOf(candidate_run);
  if (!benchmark.ok()) return benchmark.status();
  const GatePolicy usual =
      DefaultPolicy(request.candidate.mode, request.kind,
                    /*has_tests=*/benchmark->TestsLead(), benchmark->tasks);
  gate.policy = request.policy.value_or(usual);
  if (gate.policy.tolerances.empty()) gate.policy.tolerances = usual.tolerances;

  gate.id = "gate-" + base::DerivedId(gate.request_id, "gate");
  gate.prompt = candidate_run.revision.prompt;
  gate.candidate_version = candidate_run.revision.version;
  if (baseline_run.revision.prompt == gate.prompt) {
    gate.baseline_version = baseline_run.revision.version;
  }
  gate.candidate_run = candidate_run.id;
  gate.baseline_run = baseline_run.id;
  gate.samples = request.candidate.samples;
  gate.author = request.author;
  gate.start_time = clock_.Now();
  return gates_.Start(gate);
}

absl::StatusOr<StartedPair> Gatekeeper::StartRuns(const GateRequest& request,
                                                  Gate& gate) {
  RunRequest candidate = request.candidate;
  candidate.request_id = base::DerivedId(gate.request_id, "candidate");
  candidate.author = request.author;
  candidate.purpose = purpose::kGate;
  if (request.baseline_run.empty()) {
    RunRequest baseline = candidate;
    baseline.revision = request.baseline;
    baseline.request_id = base::DerivedId(gate.request_id, "baseline");
    return runs_.StartPair(candidate, baseline, /*reuse=*/true);
  }
  gate.baseline_source = BaselineSource::kNamed;
  auto named = run_store_.Get(request.baseline_run);
  if (!named.ok()) return named.status();
  auto started = runs_.Start(candidate);
  if (!started.ok()) return started.status();
  return StartedPair{*std::move(started), *std::move(named)};
}

absl::StatusOr<Comparison> Gatekeeper::CompareRuns(const Gate& gate) {
  return runs_.CompareRuns(gate.baseline_run, gate.candidate_run, 0,
                           ConfidenceOf(gate.policy, gate.looks));
}

absl::StatusOr<int> Gatekeeper::DecideDue() {
  const auto due = gates_.Decidable();
  if (!due.ok()) return due.status();
  int decided = 0;
  for (const Gate& gate : *due) {
    const auto outcome = Judge(gate);
    if (!outcome.ok()) return outcome.status();
    if (!outcome->has_value()) continue;
    if (auto stored = gates_.Decide(gate.id, **outcome); !stored.ok()) {
      return stored;
    }
    ++decided;
  }
  return decided;
}

absl::StatusOr<std::optional<GateOutcome>> Gatekeeper::Judge(Gate gate) {
  const auto retried = RetryOnce(gate);
  if (!retried.ok()) return retried.status();
  if (*retried) return std::optional<GateOutcome>();
  const auto renewed = RenewBaseline(gate);
  if (!renewed.ok()) return renewed.status();
  if (*renewed) return std::optional<GateOutcome>();
  const auto pair = runs_.LoadPair(gate.baseline_run, gate.candidate_run);
  if (!pair.ok()) {
    if (pair.status().code() != absl::StatusCode::kFailedPrecondition) {
      return pair.status();
    }
    return std::optional(Refused(pair.status()));
  }
  auto outcome = Weigh(gate, *pair);
  if (!outcome.ok()) return outcome.status();
  if (outcome->decision.needs_samples) {
    if (auto asked = LookAgain(gate, *pair); !asked.ok()) return asked;
    return std::optional<GateOutcome>();
  }
  if (outcome->decision.needs_confirmation) {
    if (auto asked = AskAgain(gate, *pair, outcome->decision.failing);
        !asked.ok()) {
      return asked;
    }
    return std::optional<GateOutcome>();
  }
  return std::optional(*std::move(outcome));
}

absl::StatusOr<bool> Gatekeeper::RetryOnce(Gate& gate) {
  if (gate.retried) return false;
  bool waits = false;
  for (const std::string& id : {gate.candidate_run, gate.baseline_run}) {
    const auto run = run_store_.Get(id);
    if (!run.ok()) return run.status();
    if (run->failed == 0 || run->state != RunState::kFinished) continue;
    const auto retried = runs_.Retry(id);
    if (!retried.ok()) return retried.status();
    waits = true;
  }
  if (!waits) return false;
  gate.retried = true;
  if (auto told = gates_.Advance(gate); !told.ok()) return told;
  return true;
}

absl::Status Gatekeeper::LookAgain(Gate gate, const RunPair& pair) {
  ++gate.looks;
  gate.samples *= 2;
  const auto ask = [&](const Run& run, std::string_view side) {
    return LookAt(run, gate.samples,
                  base::DerivedId(gate.request_id,
                                  fmt::format("{} look {}", side, gate.looks)),
                  gate.author);
  };
  const auto asked =
      runs_.StartPair(ask(pair.candidate, "candidate"),
                      ask(pair.baseline, "baseline"), /*reuse=*/false);
  if (!asked.ok()) return asked.status();
  gate.candidate_run = asked->candidate.id;
  gate.baseline_run = asked->baseline.id;
  gate.candidate_confirm.clear();
  gate.baseline_confirm.clear();
  gate.retried = false;
  return gates_.Advance(gate);
}

absl::Status Gatekeeper::AskAgain(Gate gate, const RunPair& pair,
                                  std::span<const FailingRow> failing) {
  std::vector<std::string> items;
  for (const FailingRow& row : failing) {
    if (items.size() < kMaxConfirmed) items.push_back(row.item_id);
  }
  const auto asked = runs_.StartRows(
      pair, items, kConfirmSamples,
      base::DerivedId(gate.request_id, fmt::format("rows {}", gate.looks)),
      gate.author);
  if (!asked.ok()) return asked.status();
  gate.candidate_confirm = asked->candidate.id;
  gate.baseline_confirm = asked->baseline.id;
  return gates_.Advance(gate);
}

absl::StatusOr<GateEvidence> Gatekeeper::EvidenceOf(
    const Gate& gate, const RunPair& pair, const Comparison& comparison) {
  GateEvidence evidence;
  evidence.deterministic = pair.Deterministic();
  evidence.look = gate.looks;
  evidence.looks = LooksOf(gate.policy, evidence.deterministic);
  const auto means = run_store_.MeansOfReruns(pair.candidate);
  if (!means.ok()) return means.status();
  evidence.floors = NoiseFloorsOf(*means);
  if (gate.candidate_confirm.empty()) return evidence;
  const auto before = run_store_.AllRows(gate.baseline_confirm);
  if (!before.ok()) return before.status();
  const auto after = run_store_.AllRows(gate.candidate_confirm);
  if (!after.ok()) return after.status();
  const GateDecision first = Decide(gate.policy, comparison, evidence);
  evidence.asked_again =
      ConfirmRows(gate.policy, first.failing, *before, *after);
  return evidence;
}

absl::StatusOr<GateOutcome> Gatekeeper::Weigh(const Gate& gate,
                                              const RunPair& pair) {
  std::set<std::string_view> taken;
  for (const RowSignOff& row : gate.sign_offs) taken.insert(row.item_id);
  // Large runs are not copied for nothing.
  std::vector<Row> kept_before, kept_after;
  std::span<const Row> before = pair.before, after = pair.after;
  if (!taken.empty()) {
    kept_before = Without(pair.before, taken);
    kept_after = Without(pair.after, taken);
    before = kept_before;
    after = kept_after;
  }
  GateOutcome outcome;
  auto comparison = Compare(
      before, after, 0,
      ConfidenceOf(gate.policy, LooksOf(gate.policy, pair.Deterministic())),
      pair.facts);
  if (!comparison.ok()) {
    return Refused(WithFailures(comparison.status(), pair));
  }
  outcome.comparison = *std::move(comparison);
  outcome.comparison.quarantined = pair.quarantined;
  outcome.comparison.validity = pair.validity;
  outcome.comparison.baseline_run = pair.baseline.id;
  outcome.comparison.candidate_run = pair.candidate.id;
  const auto evidence = EvidenceOf(gate, pair, outcome.comparison);
  if (!evidence.ok()) return evidence.status();
  outcome.decision = Decide(gate.policy, outcome.comparison, *evidence);
  if (outcome.decision.needs_samples || outcome.decision.needs_confirmation) {
    return outcome;
  }
  outcome.report = Report(gate, pair, outcome);
  if (auto read = runs_.ReadTexts(pair, outcome.report.failing_rows);
      !read.ok()) {
    return read;
  }
  outcome.report.floors = evidence->floors;
  return outcome;
}

absl::StatusOr<Gate> Gatekeeper::SignOff(std::string_view gate_id,
                                         std::string_view item_id,
                                         std::string_view reason,
                                         std::string_view author) {
  auto gate = gates_.Get(gate_id);
  if (!gate.ok()) return gate.status();
  if (gate->decision.verdict == Verdict::kUndecided) {
    return base::WithReason(absl::FailedPreconditionError(fmt::format(
                                "gate {} has no verdict yet", gate_id)),
                            "GATE_UNDECIDED");
  }
  const auto pair = runs_.LoadPair(gate->baseline_run, gate->candidate_run);
  if (!pair.ok()) return pair.status();
  const bool known =
      std::any_of(pair->before.begin(), pair->before.end(),
                  [&](const Row& row) { return row.item_id == item_id; });
  if (!known) {
    return base::FieldError("item_id",
                            fmt::format("\"{}\" is no row of it", item_id),
                            "see the failing rows of the gate's report");
  }
  const RowSignOff sign_off{.item_id = std::string(item_id),
                            .reason = std::string(reason),
                            .author = std::string(author),
                            .time = clock_.Now()};
  std::erase_if(gate->sign_offs,
                [&](const RowSignOff& row) { return row.item_id == item_id; });
  gate->sign_offs.push_back(sign_off);
  auto outcome = Weigh(*gate, *pair);
  if (!outcome.ok()) return outcome.status();
  return gates_.SignOff(gate_id, sign_off, *outcome);
}

absl::StatusOr<bool> Gatekeeper::RenewBaseline(Gate gate) {
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
  gate.baseline_run = run->id;
  gate.baseline_source = BaselineSource::kRenewed;
  if (auto told = gates_.Advance(gate); !told.ok()) return told;
  return true;
}

}  // namespace evalloop::evaluator
