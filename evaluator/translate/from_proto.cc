#include <optional>
#include <utility>

#include "evaluator/translate/translate.h"
#include "protos/timestamps.h"

namespace evalloop::evaluator {

Subset FromProto(v1::Subset subset) {
  if (subset == v1::SUBSET_SMOKE) return Subset::kSmoke;
  return subset == v1::SUBSET_HOLDOUT ? Subset::kHoldout : Subset::kFull;
}

RunMode FromProto(v1::RunMode mode) {
  return mode == v1::RUN_MODE_TYPED ? RunMode::kTyped : RunMode::kOnce;
}

TypedTally FromProto(const v1::TypedTally& tally) {
  return {.lines = tally.lines(),
          .requests = tally.requests(),
          .shown = tally.shown(),
          .accepted = tally.accepted(),
          .typed_chars = tally.typed_chars(),
          .accepted_chars = tally.accepted_chars(),
          .rejected_chars = tally.rejected_chars()};
}

Oracle FromProto(const v1::OracleReport& report) {
  Oracle out;
  if (report.has_mutation_score()) out.mutation_score = report.mutation_score();
  out.killed = report.killed();
  out.survived = report.survived();
  out.unknown = report.unknown();
  out.reason = report.reason();
  for (const v1::Survivor& survivor : report.survivors()) {
    out.survivors.push_back({survivor.line(), survivor.change()});
  }
  return out;
}

Row FromProto(const v1::ScoreRecorded& score) {
  const v1::RunAnswered& answer = score.answered();
  Row row;
  row.run_id = answer.task().run_id();
  row.item_id = answer.task().item_id();
  row.sample = answer.task().sample();
  row.scored = answer.infrastructure_error().empty();
  row.raw_text = answer.raw_text();
  row.shown = answer.shown();
  row.shown_text = answer.shown_text();
  for (const v1::MetricValue& value : score.metrics()) {
    row.metrics.push_back(
        {value.metric(),
         value.has_value() ? std::optional(value.value()) : std::nullopt,
         value.reason()});
  }
  for (const v1::Finding& finding : score.findings()) {
    row.findings.push_back({finding.metric(), finding.rule(), finding.line()});
  }
  if (score.has_composite()) row.composite = score.composite();
  if (answer.has_tally()) row.tally = FromProto(answer.tally());
  row.infrastructure_error = answer.infrastructure_error();
  row.cost_micros = answer.usage().cost_micros();
  row.prompt_tokens = answer.usage().prompt_tokens();
  row.completion_tokens = answer.usage().completion_tokens();
  row.attempts = answer.attempts();
  row.total_ms = answer.usage().total_ms();
  if (answer.usage().has_first_token_ms()) {
    row.first_token_ms = answer.usage().first_token_ms();
  }
  row.index_commit = answer.index_commit();
  row.reported_model = answer.reported_model();
  row.system_fingerprint = answer.system_fingerprint();
  row.serving_build = answer.build();
  row.scorer_build = score.build();
  return row;
}

GatePolicy FromProto(const v1::GatePolicy& policy) {
  GatePolicy out;
  if (policy.min_pairs() > 0) out.min_pairs = policy.min_pairs();
  out.rows_decide = policy.rows_decide();
  if (policy.on_inconclusive() == v1::ON_INCONCLUSIVE_WARN) {
    out.on_inconclusive = OnInconclusive::kWarn;
  } else if (policy.on_inconclusive() == v1::ON_INCONCLUSIVE_SAMPLE_MORE) {
    out.on_inconclusive = OnInconclusive::kSampleMore;
  }
  for (const v1::MetricTolerance& tolerance : policy.tolerances()) {
    MetricTolerance added;
    added.metric = tolerance.metric();
    if (tolerance.has_row_tolerance()) {
      added.row_tolerance = tolerance.row_tolerance();
    }
    added.max_regressed_share = tolerance.max_regressed_share();
    if (tolerance.has_average_tolerance()) {
      added.average_tolerance = tolerance.average_tolerance();
    }
    if (tolerance.has_required_gain()) {
      added.required_gain = tolerance.required_gain();
    }
    if (tolerance.has_threshold()) added.threshold = tolerance.threshold();
    if (tolerance.has_category_tolerance()) {
      added.category_tolerance = tolerance.category_tolerance();
    }
    for (const v1::CategoryDemand& demand : tolerance.categories()) {
      CategoryDemand& one = added.categories.emplace_back();
      one.dimension = demand.dimension();
      one.name = demand.name();
      if (demand.has_average_tolerance()) {
        one.average_tolerance = demand.average_tolerance();
      }
      if (demand.has_threshold()) one.threshold = demand.threshold();
    }
    out.tolerances.push_back(std::move(added));
  }
  return out;
}

RevisionRef FromProto(const v1::Revision& revision) {
  return {.prompt = revision.prompt(),
          .version = revision.version(),
          .digest = revision.digest(),
          .model = revision.content().model().name(),
          .model_snapshot = revision.content().model().snapshot(),
          .content = revision.SerializeAsString(),
          .rubric = revision.content().rubric(),
          .deterministic = revision.content().sampling().has_temperature() &&
                           revision.content().sampling().temperature() == 0,
          .author = revision.author(),
          .message = revision.message(),
          .create_time =
              revision.has_create_time()
                  ? std::optional(v1::FromTimestamp(revision.create_time()))
                  : std::nullopt,
          .parent_version = revision.parent_version()};
}

RevisionName FromProto(const v1::RevisionSelector& selector) {
  return {.prompt = selector.prompt(),
          .version = selector.version(),
          .label = selector.label(),
          .digest = selector.digest()};
}

Autopilot FromProto(const v1::AutopilotPolicy& policy) {
  return {.publish = policy.publish(),
          .move_production = policy.move_production()};
}

}  // namespace evalloop::evaluator
