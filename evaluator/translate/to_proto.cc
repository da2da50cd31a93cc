#include "evaluator/translate/translate.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {
namespace {

v1::MetricValue ToProto(const MetricValue& value) {
  v1::MetricValue out;
  out.set_metric(value.metric);
  if (value.value.has_value()) out.set_value(*value.value);
  out.set_reason(value.reason);
  return out;
}

v1::RowDelta ToProto(const RowDelta& delta) {
  v1::RowDelta out;
  out.set_item_id(delta.item_id);
  out.set_sample(delta.sample);
  for (const MetricValue& value : delta.deltas) {
    *out.add_deltas() = ToProto(value);
  }
  out.set_baseline_text(delta.baseline_text);
  out.set_candidate_text(delta.candidate_text);
  return out;
}

v1::GatePolicy ToProto(const GatePolicy& policy) {
  v1::GatePolicy out;
  out.set_min_pairs(static_cast<std::uint32_t>(policy.min_pairs));
  for (const MetricTolerance& tolerance : policy.tolerances) {
    v1::MetricTolerance& added = *out.add_tolerances();
    added.set_metric(tolerance.metric);
    if (tolerance.row_tolerance.has_value()) {
      added.set_row_tolerance(*tolerance.row_tolerance);
    }
    added.set_max_regressed_share(tolerance.max_regressed_share);
    if (tolerance.average_tolerance.has_value()) {
      added.set_average_tolerance(*tolerance.average_tolerance);
    }
    if (tolerance.required_gain.has_value()) {
      added.set_required_gain(*tolerance.required_gain);
    }
    if (tolerance.threshold.has_value()) {
      added.set_threshold(*tolerance.threshold);
    }
  }
  return out;
}

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

}  // namespace

v1::Location LocationOf(const Item& item) {
  v1::Location out;
  out.set_repository(item.repository);
  out.set_path(item.path);
  out.set_language(item.language);
  out.set_commit(item.parent);
  out.set_line(item.line);
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

v1::Benchmark ToProto(const Benchmark& benchmark) {
  v1::Benchmark out;
  out.set_name(benchmark.name);
  out.set_version(benchmark.version);
  out.set_repository(benchmark.repository);
  out.set_after_commit(benchmark.after_commit);
  out.set_until_commit(benchmark.until_commit);
  out.set_items(benchmark.items);
  out.set_agreed(benchmark.agreed);
  out.set_contested(benchmark.contested);
  out.set_digest(benchmark.digest);
  out.set_changelog(benchmark.changelog);
  *out.mutable_create_time() = v1::ToTimestamp(benchmark.create_time);
  out.set_tested(benchmark.tested);
  out.set_checked(benchmark.checked);
  out.set_quarantined(benchmark.quarantined);
  if (benchmark.mutation_score.has_value()) {
    out.set_mutation_score(*benchmark.mutation_score);
  }
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

v1::Item ToProto(const Item& item) {
  v1::Item out;
  out.set_item_id(item.id);
  *out.mutable_location() = LocationOf(item);
  out.set_prefix(item.prefix);
  out.set_suffix(item.suffix);
  out.set_agreed(item.agreed);
  for (const Variant& variant : item.variants) {
    v1::ItemVariant& added = *out.add_variants();
    added.set_text(variant.text);
    added.set_author(variant.author);
    added.set_weight(variant.weight);
  }
  if (item.agreement.has_value()) out.set_agreement(*item.agreement);
  out.set_contested(item.contested);
  out.set_seen(item.seen);
  out.set_class_(item.item_class);
  for (const std::string& tag : item.tags) out.add_tags(tag);
  out.set_commit(item.commit);
  out.set_author(item.author);
  *out.mutable_author_time() = v1::ToTimestamp(item.author_time);
  if (!item.tests.program.empty()) {
    *out.mutable_tests() = ToProto(item.tests);
  }
  if (item.oracle.has_value()) {
    *out.mutable_oracle() = ToProto(*item.oracle);
    out.set_quarantined(item.oracle->Quarantined());
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
  out.set_subset(v1::SUBSET_FULL);
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
  return out;
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
  out.mutable_usage()->set_total_ms(row.total_ms);
  if (row.first_token_ms.has_value()) {
    out.mutable_usage()->set_first_token_ms(*row.first_token_ms);
  }
  out.set_infrastructure_error(row.infrastructure_error);
  for (const Finding& finding : row.findings) {
    v1::Finding& added = *out.add_findings();
    added.set_metric(finding.metric);
    added.set_rule(finding.rule);
    added.set_line(finding.line);
  }
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

v1::Comparison ToProto(const Comparison& comparison) {
  v1::Comparison out;
  out.set_baseline_run_id(comparison.baseline_run);
  out.set_candidate_run_id(comparison.candidate_run);
  for (const MetricDelta& delta : comparison.deltas) {
    v1::MetricDelta& added = *out.add_deltas();
    added.set_metric(delta.metric);
    added.set_higher_is_better(delta.higher_is_better);
    added.set_baseline(delta.baseline);
    added.set_candidate(delta.candidate);
    *added.mutable_delta() = ToProto(delta.delta);
    added.set_pairs(static_cast<std::uint32_t>(delta.pairs));
    added.set_worse(static_cast<std::uint32_t>(delta.worse));
    added.set_better(static_cast<std::uint32_t>(delta.better));
    if (delta.p_value.has_value()) added.set_p_value(*delta.p_value);
  }
  for (const RowDelta& row : comparison.rows) *out.add_rows() = ToProto(row);
  out.set_missing_rows(static_cast<std::uint32_t>(comparison.missing_rows));
  out.set_clusters(static_cast<std::uint32_t>(comparison.clusters));
  out.set_quarantined_rows(static_cast<std::uint32_t>(comparison.quarantined));
  return out;
}

v1::Gate ToProto(const Gate& gate) {
  v1::Gate out;
  out.set_gate_id(gate.id);
  out.set_prompt(gate.prompt);
  out.set_candidate_version(gate.candidate_version);
  out.set_baseline_version(gate.baseline_version);
  out.set_candidate_run_id(gate.candidate_run);
  out.set_baseline_run_id(gate.baseline_run);
  *out.mutable_policy() = ToProto(gate.policy);
  out.set_verdict(ToProto(gate.decision.verdict));
  for (const GateFinding& finding : gate.decision.findings) {
    v1::GateFinding& added = *out.add_findings();
    added.set_metric(finding.metric);
    added.set_demand(finding.demand);
    added.set_verdict(ToProto(finding.verdict));
    added.set_detail(finding.detail);
    added.set_alarm(finding.alarm);
  }
  if (gate.decision.minimum_detectable_effect.has_value()) {
    out.set_minimum_detectable_effect(*gate.decision.minimum_detectable_effect);
  }
  out.set_override_reason(gate.override_reason);
  *out.mutable_start_time() = v1::ToTimestamp(gate.start_time);
  if (gate.decide_time.has_value()) {
    *out.mutable_decide_time() = v1::ToTimestamp(*gate.decide_time);
  }
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
