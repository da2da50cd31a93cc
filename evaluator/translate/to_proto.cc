#include "evaluator/translate/translate.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {
namespace {

v1::Run::State StateOf(RunState state) {
  switch (state) {
    case RunState::kRunning:
      return v1::Run::STATE_RUNNING;
    case RunState::kFinished:
      return v1::Run::STATE_FINISHED;
    case RunState::kCancelled:
      return v1::Run::STATE_CANCELLED;
  }
  return v1::Run::STATE_UNSPECIFIED;
}

v1::Subset ToProto(Subset subset) {
  if (subset == Subset::kSmoke) return v1::SUBSET_SMOKE;
  return subset == Subset::kHoldout ? v1::SUBSET_HOLDOUT : v1::SUBSET_FULL;
}

}  // namespace

v1::MetricValue ToProto(const MetricValue& value) {
  v1::MetricValue out;
  out.set_metric(value.metric);
  if (value.value.has_value()) out.set_value(*value.value);
  out.set_reason(value.reason);
  return out;
}

v1::RunMode ToProto(RunMode mode) {
  return mode == RunMode::kTyped ? v1::RUN_MODE_TYPED : v1::RUN_MODE_ONCE;
}

v1::VerdictKind ToProto(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUndecided:
      return v1::VERDICT_KIND_UNSPECIFIED;
    case Verdict::kPassed:
      return v1::VERDICT_KIND_PASSED;
    case Verdict::kRegressed:
      return v1::VERDICT_KIND_REGRESSED;
    case Verdict::kInconclusive:
      return v1::VERDICT_KIND_INCONCLUSIVE;
    case Verdict::kOverridden:
      return v1::VERDICT_KIND_OVERRIDDEN;
  }
  return v1::VERDICT_KIND_UNSPECIFIED;
}

v1::Estimate ToProto(const Estimate& estimate) {
  v1::Estimate out;
  out.set_value(estimate.value);
  if (estimate.lower.has_value()) out.set_lower(*estimate.lower);
  if (estimate.upper.has_value()) out.set_upper(*estimate.upper);
  return out;
}

v1::TypedTally ToProto(const TypedTally& tally) {
  const auto count = [](std::int64_t n) {
    return static_cast<std::uint32_t>(n);
  };
  v1::TypedTally out;
  out.set_lines(count(tally.lines));
  out.set_requests(count(tally.requests));
  out.set_shown(count(tally.shown));
  out.set_accepted(count(tally.accepted));
  out.set_typed_chars(count(tally.typed_chars));
  out.set_accepted_chars(count(tally.accepted_chars));
  out.set_rejected_chars(count(tally.rejected_chars));
  return out;
}

v1::HiddenTests ToProto(const HiddenTests& tests) {
  v1::HiddenTests out;
  out.set_program(tests.program);
  out.set_entry_point(tests.entry_point);
  return out;
}

v1::OracleReport ToProto(const Oracle& oracle) {
  v1::OracleReport out;
  if (oracle.mutation_score.has_value()) {
    out.set_mutation_score(*oracle.mutation_score);
  }
  out.set_killed(oracle.killed);
  out.set_survived(oracle.survived);
  out.set_unknown(oracle.unknown);
  out.set_reason(oracle.reason);
  for (const Survivor& survivor : oracle.survivors) {
    v1::Survivor& added = *out.add_survivors();
    added.set_line(survivor.line);
    added.set_change(survivor.change);
  }
  return out;
}

v1::Run ToProto(const Run& run) {
  v1::Run out;
  out.set_run_id(run.id);
  out.set_prompt(run.revision.prompt);
  out.set_revision_version(run.revision.version);
  out.set_revision_digest(run.revision.digest);
  out.set_benchmark(run.benchmark);
  out.set_benchmark_version(run.benchmark_version);
  out.set_subset(ToProto(run.subset));
  out.set_subset_digest(run.subset_digest);
  out.set_mode(ToProto(run.mode));
  out.set_samples(run.samples);
  out.set_scorer_digest(run.scorer_digest);
  out.set_model(run.revision.model);
  out.set_model_snapshot(run.revision.model_snapshot);
  out.set_index_commit(run.index_commit);
  out.set_state(StateOf(run.state));
  out.set_rows(static_cast<std::uint32_t>(run.rows));
  out.set_scored(static_cast<std::uint32_t>(run.scored));
  out.set_failed(static_cast<std::uint32_t>(run.failed));
  out.set_cost_micros(run.cost_micros);
  out.set_author(run.author);
  *out.mutable_start_time() = v1::ToTimestamp(run.start_time);
  if (run.finish_time.has_value()) {
    *out.mutable_finish_time() = v1::ToTimestamp(*run.finish_time);
  }
  out.set_purpose(run.purpose);
  out.set_rescored_run_id(run.rescored_run);
  return out;
}

void AddDetails(const RunDetails& details, v1::Run& out) {
  for (const std::string& provider : details.providers) {
    out.add_providers(provider);
  }
  for (const Component& component : details.components) {
    v1::ComponentVersion& added = *out.add_components();
    added.set_component(component.name);
    added.set_version(component.version);
  }
  out.set_prompt_tokens(static_cast<std::uint64_t>(details.prompt_tokens));
  out.set_completion_tokens(
      static_cast<std::uint64_t>(details.completion_tokens));
  if (details.p50_ms) out.set_p50_ms(*details.p50_ms);
  if (details.p95_ms) out.set_p95_ms(*details.p95_ms);
  if (details.first_token_p50_ms) {
    out.set_first_token_p50_ms(*details.first_token_p50_ms);
  }
  if (details.first_token_p95_ms) {
    out.set_first_token_p95_ms(*details.first_token_p95_ms);
  }
}

void PutAnswer(const Row& row, v1::RunAnswered& out) {
  out.set_raw_text(row.raw_text);
  out.set_shown(row.shown);
  out.set_shown_text(row.shown_text);
  v1::Usage& usage = *out.mutable_usage();
  usage.set_prompt_tokens(static_cast<std::uint32_t>(row.prompt_tokens));
  usage.set_completion_tokens(
      static_cast<std::uint32_t>(row.completion_tokens));
  usage.set_cost_micros(row.cost_micros);
  usage.set_total_ms(row.total_ms);
  if (row.first_token_ms) usage.set_first_token_ms(*row.first_token_ms);
  out.set_attempts(static_cast<std::uint32_t>(row.attempts));
  out.set_index_commit(row.index_commit);
  if (row.tally) *out.mutable_tally() = ToProto(*row.tally);
  out.set_infrastructure_error(row.infrastructure_error);
  out.set_reported_model(row.reported_model);
  out.set_system_fingerprint(row.system_fingerprint);
}

v1::Row ToProto(const Row& row) {
  v1::Row out;
  out.set_run_id(row.run_id);
  out.set_item_id(row.item_id);
  out.set_sample(row.sample);
  out.set_scored(row.scored);
  out.set_raw_text(row.raw_text);
  out.set_shown(row.shown);
  out.set_shown_text(row.shown_text);
  for (const MetricValue& value : row.metrics) {
    *out.add_metrics() = ToProto(value);
  }
  if (row.composite.has_value()) out.set_composite(*row.composite);
  if (row.tally.has_value()) *out.mutable_tally() = ToProto(*row.tally);
  out.mutable_usage()->set_cost_micros(row.cost_micros);
  out.mutable_usage()->set_prompt_tokens(
      static_cast<std::uint32_t>(row.prompt_tokens));
  out.mutable_usage()->set_completion_tokens(
      static_cast<std::uint32_t>(row.completion_tokens));
  out.mutable_usage()->set_total_ms(row.total_ms);
  if (row.first_token_ms.has_value()) {
    out.mutable_usage()->set_first_token_ms(*row.first_token_ms);
  }
  out.set_infrastructure_error(row.infrastructure_error);
  out.set_reported_model(row.reported_model);
  out.set_system_fingerprint(row.system_fingerprint);
  for (const Finding& finding : row.findings) {
    v1::Finding& added = *out.add_findings();
    added.set_metric(finding.metric);
    added.set_rule(finding.rule);
    added.set_line(finding.line);
  }
  return out;
}

v1::Validity ToProto(const Validity& validity) {
  v1::Validity out;
  if (validity.cutoff) {
    *out.mutable_cutoff_time() = v1::ToTimestamp(*validity.cutoff);
  }
  out.set_valid_rows(static_cast<std::uint32_t>(validity.valid));
  out.set_older_rows(static_cast<std::uint32_t>(validity.older));
  out.set_undated_rows(static_cast<std::uint32_t>(validity.undated));
  out.set_note(validity.note);
  return out;
}

v1::MetricSummary ToProto(const MetricSummary& summary) {
  v1::MetricSummary out;
  out.set_metric(summary.metric);
  *out.mutable_mean() = ToProto(summary.mean);
  out.set_p10(summary.p10);
  out.set_p90(summary.p90);
  out.set_rows(static_cast<std::uint32_t>(summary.rows));
  out.set_missing(static_cast<std::uint32_t>(summary.missing));
  return out;
}

v1::LoopDecision ToProto(const Decision& decision) {
  v1::LoopDecision out;
  out.set_decision_id(decision.id);
  out.set_prompt(decision.prompt);
  out.set_kind(decision.kind);
  out.set_from_version(decision.from_version);
  out.set_to_version(decision.to_version);
  out.set_verdict(ToProto(decision.verdict));
  out.set_applied(decision.applied);
  out.set_reason(decision.reason);
  *out.mutable_gain() = ToProto(decision.gain);
  out.set_gain_metric(decision.gain_metric);
  out.set_gate_id(decision.gate_id);
  *out.mutable_decide_time() = v1::ToTimestamp(decision.time);
  return out;
}

}  // namespace evalloop::evaluator
