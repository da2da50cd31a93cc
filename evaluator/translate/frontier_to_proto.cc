#include "evaluator/translate/translate.h"

namespace evalloop::evaluator {
namespace {

v1::FrontierPoint ToProto(const FrontierPoint& point) {
  v1::FrontierPoint out;
  out.set_prompt(point.run.revision.prompt);
  out.set_revision_version(point.run.revision.version);
  out.set_model(point.run.revision.model);
  out.set_model_snapshot(point.run.revision.model_snapshot);
  out.set_run_id(point.run.id);
  out.set_rows(static_cast<std::uint32_t>(point.tasks));
  *out.mutable_quality() = ToProto(point.quality);
  *out.mutable_completed() = ToProto(point.completed);
  out.set_attempts_per_task(point.attempts_per_task);
  if (point.cost_per_task) out.set_cost_micros_per_task(*point.cost_per_task);
  if (point.cost_per_completed_task) {
    out.set_cost_micros_per_completed_task(*point.cost_per_completed_task);
  }
  if (point.quality_per_unit) out.set_quality_per_unit(*point.quality_per_unit);
  if (point.p50_ms) out.set_p50_ms(*point.p50_ms);
  if (point.p95_ms) out.set_p95_ms(*point.p95_ms);
  out.set_dominated(point.dominated);
  out.set_dominated_by(point.dominated_by);
  out.set_knee(point.knee);
  return out;
}

v1::Recommendation ToProto(const Recommendation& one) {
  v1::Recommendation out;
  out.set_dimension(one.dimension);
  out.set_name(one.name);
  out.set_best(one.best);
  *out.mutable_best_quality() = ToProto(one.best_quality);
  out.set_recommended(one.recommended);
  *out.mutable_recommended_quality() = ToProto(one.recommended_quality);
  if (one.saves_share) out.set_saves_share(*one.saves_share);
  out.set_items(static_cast<std::uint32_t>(one.items));
  out.set_reason(one.reason);
  return out;
}

}  // namespace

void ToProto(const Frontier& frontier, v1::GetFrontierResponse& out) {
  out.set_metric(frontier.scale.metric);
  out.set_completed_at(frontier.scale.completed_at);
  out.set_benchmark_version(frontier.benchmark_version);
  for (const FrontierPoint& point : frontier.points) {
    *out.add_points() = ToProto(point);
  }
  for (const FrontierStep& step : frontier.steps) {
    v1::FrontierStep& added = *out.add_steps();
    added.set_from(step.from);
    added.set_to(step.to);
    added.set_quality_gain(step.quality_gain);
    added.set_cost_micros_more(step.cost_more);
    added.set_cost_micros_per_point(step.cost_per_point);
  }
  for (const Recommendation& one : frontier.recommendations) {
    *out.add_recommendations() = ToProto(one);
  }
  for (const std::string& note : frontier.notes) out.add_notes(note);
}

}  // namespace evalloop::evaluator
