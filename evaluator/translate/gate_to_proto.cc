#include "evaluator/translate/translate.h"
#include "platform/base/text_diff.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {
namespace {

std::uint32_t Count(std::int64_t n) { return static_cast<std::uint32_t>(n); }

v1::MetricDelta ToProto(const MetricDelta& delta) {
  v1::MetricDelta out;
  out.set_metric(delta.metric);
  out.set_higher_is_better(delta.higher_is_better);
  out.set_baseline(delta.baseline);
  out.set_candidate(delta.candidate);
  *out.mutable_delta() = ToProto(delta.delta);
  out.set_pairs(Count(delta.pairs));
  out.set_worse(Count(delta.worse));
  out.set_better(Count(delta.better));
  out.set_lost(Count(delta.lost));
  out.set_baseline_p10(delta.baseline_p10);
  out.set_baseline_p90(delta.baseline_p90);
  out.set_candidate_p10(delta.candidate_p10);
  out.set_candidate_p90(delta.candidate_p90);
  if (delta.p_value.has_value()) out.set_p_value(*delta.p_value);
  if (delta.loss_p.has_value()) out.set_loss_p_value(*delta.loss_p);
  if (delta.holm_p.has_value()) out.set_holm_p_value(*delta.holm_p);
  if (delta.bh_p.has_value()) out.set_bh_p_value(*delta.bh_p);
  return out;
}

v1::GroupDelta ToProto(const GroupDelta& group) {
  v1::GroupDelta out;
  out.set_dimension(group.dimension);
  out.set_name(group.name);
  for (const std::string& name : group.pooled) out.add_pooled(name);
  out.set_pairs(Count(group.pairs));
  for (const MetricDelta& delta : group.deltas) {
    *out.add_deltas() = ToProto(delta);
  }
  return out;
}

v1::Confirmation ToProto(Confirmation confirmation) {
  switch (confirmation) {
    case Confirmation::kNotAsked:
      return v1::CONFIRMATION_UNSPECIFIED;
    case Confirmation::kConfirmed:
      return v1::CONFIRMATION_CONFIRMED;
    case Confirmation::kChance:
      return v1::CONFIRMATION_CHANCE;
  }
  return v1::CONFIRMATION_UNSPECIFIED;
}

v1::RowDelta ToProto(const RowDelta& delta) {
  v1::RowDelta out;
  out.set_item_id(delta.item_id);
  out.set_sample(delta.sample);
  for (const MetricValue& value : delta.deltas) {
    *out.add_deltas() = ToProto(value);
  }
  for (const MetricValue& value : delta.baseline_values) {
    *out.add_baseline_values() = ToProto(value);
  }
  for (const MetricValue& value : delta.candidate_values) {
    *out.add_candidate_values() = ToProto(value);
  }
  out.set_baseline_text(delta.baseline_text);
  out.set_candidate_text(delta.candidate_text);
  out.set_diff(base::UnifiedDiff(delta.baseline_text, delta.candidate_text));
  v1::Location& location = *out.mutable_location();
  location.set_repository(delta.facts.repository);
  location.set_path(delta.facts.path);
  location.set_language(delta.facts.language);
  location.set_commit(delta.facts.commit);
  location.set_line(delta.facts.line);
  out.set_class_(delta.facts.item_class);
  for (const std::string& tag : delta.facts.tags) out.add_tags(tag);
  out.set_missing(delta.missing);
  for (const std::string& metric : delta.failed_metrics) {
    out.add_failed_metrics(metric);
  }
  out.set_confirmation(ToProto(delta.confirmation));
  out.set_accepted_reason(delta.accepted_reason);
  return out;
}

v1::GatePolicy ToProto(const GatePolicy& policy) {
  v1::GatePolicy out;
  out.set_min_pairs(static_cast<std::uint32_t>(policy.min_pairs));
  out.set_rows_decide(policy.rows_decide);
  switch (policy.on_inconclusive) {
    case OnInconclusive::kBlock:
      out.set_on_inconclusive(v1::ON_INCONCLUSIVE_BLOCK);
      break;
    case OnInconclusive::kWarn:
      out.set_on_inconclusive(v1::ON_INCONCLUSIVE_WARN);
      break;
    case OnInconclusive::kSampleMore:
      out.set_on_inconclusive(v1::ON_INCONCLUSIVE_SAMPLE_MORE);
      break;
  }
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
    if (tolerance.category_tolerance.has_value()) {
      added.set_category_tolerance(*tolerance.category_tolerance);
    }
    for (const CategoryDemand& demand : tolerance.categories) {
      v1::CategoryDemand& one = *added.add_categories();
      one.set_dimension(demand.dimension);
      one.set_name(demand.name);
      if (demand.average_tolerance.has_value()) {
        one.set_average_tolerance(*demand.average_tolerance);
      }
      if (demand.threshold.has_value()) one.set_threshold(*demand.threshold);
    }
  }
  return out;
}

v1::RegressionReport ToProto(const RegressionReport& report) {
  v1::RegressionReport out;
  for (const GroupDelta& group : report.failing_groups) {
    *out.add_failing_groups() = ToProto(group);
  }
  for (const RowDelta& row : report.failing_rows) {
    *out.add_failing_rows() = ToProto(row);
  }
  out.set_failing_row_count(Count(report.failing_row_count));
  out.set_last_passed_gate_id(report.last_passed_gate);
  out.set_last_passed_run_id(report.last_passed_run);
  out.set_last_passed_version(report.last_passed_version);
  if (report.last_passed_time.has_value()) {
    *out.mutable_last_passed_time() = v1::ToTimestamp(*report.last_passed_time);
  }
  for (const ChangeSince& change : report.changes) {
    *out.add_changes() = ToProto(change);
  }
  for (const NoiseFloor& floor : report.floors) {
    v1::NoiseFloor& added = *out.add_noise_floors();
    added.set_metric(floor.metric);
    added.set_floor(floor.floor);
    added.set_differences(Count(floor.differences));
  }
  for (const std::string& note : report.notes) out.add_notes(note);
  return out;
}

}  // namespace

v1::ChangeSince ToProto(const ChangeSince& change) {
  v1::ChangeSince out;
  out.set_kind(change.kind);
  out.set_field(change.field);
  out.set_from(change.from);
  out.set_to(change.to);
  out.set_author(change.author);
  if (change.time.has_value()) {
    *out.mutable_time() = v1::ToTimestamp(*change.time);
  }
  out.set_message(change.message);
  out.set_version(change.version);
  const std::string newline = "\n";
  if (change.from.find(newline) != std::string::npos ||
      change.to.find(newline) != std::string::npos) {
    out.set_diff(base::UnifiedDiff(change.from, change.to));
  }
  return out;
}

v1::Comparison ToProto(const Comparison& comparison) {
  v1::Comparison out;
  out.set_baseline_run_id(comparison.baseline_run);
  out.set_candidate_run_id(comparison.candidate_run);
  for (const MetricDelta& delta : comparison.deltas) {
    *out.add_deltas() = ToProto(delta);
  }
  for (const GroupDelta& group : comparison.groups) {
    *out.add_groups() = ToProto(group);
  }
  out.set_confidence(comparison.confidence);
  out.set_items(static_cast<std::uint32_t>(comparison.item_ids.size()));
  out.set_missing_in_candidate(
      static_cast<std::uint32_t>(comparison.missing_in_candidate));
  for (const RowDelta& row : comparison.rows) *out.add_rows() = ToProto(row);
  out.set_missing_rows(static_cast<std::uint32_t>(comparison.missing_rows));
  out.set_clusters(static_cast<std::uint32_t>(comparison.clusters));
  out.set_quarantined_rows(static_cast<std::uint32_t>(comparison.quarantined));
  *out.mutable_validity() = ToProto(comparison.validity);
  return out;
}

v1::Gate ToProto(const GateOutcome& outcome) {
  v1::Gate out;
  *out.mutable_comparison() = ToProto(outcome.comparison);
  *out.mutable_report() = ToProto(outcome.report);
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
    added.set_dimension(finding.dimension);
    added.set_category(finding.category);
  }
  if (gate.decision.minimum_detectable_effect.has_value()) {
    out.set_minimum_detectable_effect(*gate.decision.minimum_detectable_effect);
  }
  out.set_override_reason(gate.override_reason);
  out.set_override_author(gate.override_author);
  if (gate.override_time.has_value()) {
    *out.mutable_override_time() = v1::ToTimestamp(*gate.override_time);
  }
  out.set_author(gate.author);
  out.set_warns(gate.decision.warns);
  for (const RowSignOff& row : gate.sign_offs) {
    v1::RowSignOff& added = *out.add_sign_offs();
    added.set_item_id(row.item_id);
    added.set_reason(row.reason);
    added.set_author(row.author);
    *added.mutable_time() = v1::ToTimestamp(row.time);
  }
  out.set_looks(static_cast<std::uint32_t>(gate.looks));
  out.set_samples(gate.samples);
  out.set_candidate_confirm_run_id(gate.candidate_confirm);
  out.set_baseline_confirm_run_id(gate.baseline_confirm);
  *out.mutable_start_time() = v1::ToTimestamp(gate.start_time);
  if (gate.decide_time.has_value()) {
    *out.mutable_decide_time() = v1::ToTimestamp(*gate.decide_time);
  }
  return out;
}

}  // namespace evalloop::evaluator
