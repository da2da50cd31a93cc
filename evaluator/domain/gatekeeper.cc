#include "evaluator/domain/gatekeeper.h"

#include <algorithm>
#include <set>
#include <utility>

#include "evaluator/domain/changes.h"
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

std::vector<Row> Without(std::span<const Row> rows,
                         const std::set<std::string_view>& items) {
  std::vector<Row> kept;
  for (const Row& row : rows) {
    if (!items.contains(row.item_id)) kept.push_back(row);
  }
  return kept;
}

RunRequest Again(const Run& run, std::uint32_t samples, std::string request_id,
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
          .request_id = std::move(request_id)};
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

  RunRequest candidate = request.candidate;
  candidate.request_id = base::DerivedId(gate.request_id, "candidate");
  candidate.author = request.author;
  const auto candidate_run = runs_.Start(candidate);
  if (!candidate_run.ok()) return candidate_run.status();

  const auto has_tests = runs_.HaveTests(*candidate_run);
  if (!has_tests.ok()) return has_tests.status();
  const GatePolicy usual =
      DefaultPolicy(request.candidate.mode, request.kind, *has_tests);
  gate.policy = request.policy.value_or(usual);
  if (gate.policy.tolerances.empty()) gate.policy.tolerances = usual.tolerances;

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
  gate.samples = request.candidate.samples;
  gate.author = request.author;
  gate.start_time = clock_.Now();
  return gates_.Start(gate);
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
    return runs_.Start(
        Again(run, gate.samples,
              base::DerivedId(gate.request_id,
                              fmt::format("{} look {}", side, gate.looks)),
              gate.author));
  };
  const auto candidate = ask(pair.candidate, "candidate");
  if (!candidate.ok()) return candidate.status();
  const auto baseline = ask(pair.baseline, "baseline");
  if (!baseline.ok()) return baseline.status();
  gate.candidate_run = candidate->id;
  gate.baseline_run = baseline->id;
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
  const auto ask = [&](const Run& run, std::string_view side) {
    return runs_.StartRows(
        run, items, kConfirmSamples,
        base::DerivedId(gate.request_id,
                        fmt::format("{} rows {}", side, gate.looks)),
        gate.author);
  };
  const auto candidate = ask(pair.candidate, "candidate");
  if (!candidate.ok()) return candidate.status();
  const auto baseline = ask(pair.baseline, "baseline");
  if (!baseline.ok()) return baseline.status();
  gate.candidate_confirm = candidate->id;
  gate.baseline_confirm = baseline->id;
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
  if (!comparison.ok()) return Refused(comparison.status());
  outcome.comparison = *std::move(comparison);
  outcome.comparison.quarantined = pair.quarantined;
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

RegressionReport Gatekeeper::Report(const Gate& gate, const RunPair& pair,
                                    const GateOutcome& outcome) {
  RegressionReport report;
  report.notes = pair.notes;
  report.failing_groups = FailingGroups(outcome.decision, outcome.comparison);
  const std::vector<FailingRow> rows =
      RowsToShow(outcome.decision, outcome.comparison);
  report.failing_row_count = static_cast<std::int64_t>(rows.size());
  std::map<std::string, const FailingRow*> by_id;
  std::vector<std::string> ids;
  for (const FailingRow& row : rows) {
    if (ids.size() == kMaxFailingRows) break;
    ids.push_back(row.item_id);
    by_id[row.item_id] = &row;
  }
  std::map<std::string, const RowSignOff*> taken;
  for (const RowSignOff& row : gate.sign_offs) {
    if (taken.emplace(row.item_id, &row).second) ids.push_back(row.item_id);
  }
  report.failing_rows = DescribeRows(pair.before, pair.after, ids, pair.facts);
  for (RowDelta& row : report.failing_rows) {
    if (const auto found = by_id.find(row.item_id); found != by_id.end()) {
      row.failed_metrics = found->second->metrics;
      row.confirmation = found->second->confirmation;
    }
    if (const auto found = taken.find(row.item_id); found != taken.end()) {
      row.accepted_reason = found->second->reason;
    }
  }
  const bool green = outcome.decision.verdict == Verdict::kPassed &&
                     report.failing_rows.empty();
  if (green) return report;
  Run since = pair.baseline;
  const auto last =
      gates_.LastPassed(gate.prompt, pair.candidate.benchmark, gate.start_time);
  if (!last.ok()) {
    report.notes.push_back("the last passed gate could not be found: " +
                           std::string(last.status().message()));
  } else if (last->has_value()) {
    const auto run = run_store_.Get((*last)->candidate_run);
    if (run.ok()) {
      since = *run;
      report.last_passed_gate = (*last)->id;
      report.last_passed_run = run->id;
      report.last_passed_version = (*last)->candidate_version;
      report.last_passed_time = (*last)->decide_time;
    }
  }
  ChangeFinder changes(library_, runs_, run_store_);
  report.changes = changes.Find(since, pair.candidate, report.notes);
  return report;
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
