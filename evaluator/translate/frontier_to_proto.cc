#include "evaluator/translate/translate.h"

namespace evalloop::evaluator {
namespace {

v1::FrontierPoint ToProto(const FrontierPoint& point) {
  v1::FrontierPoint out;
  out.set_prompt(point.run.prompt);
  out.set_revision_version(point.run.version);
  out.set_model(point.run.model);
  out.set_model_snapshot(point.run.model_snapshot);
  out.set_run_id(point.run.id);
  out.set_rows(static_cast<std::uint32_t>(point.tasks));
  *out.mutable_quality() = ToProto(point.quality);
  *out.mutable_completed() = ToProto(point.completed);
  out.set_attempts_per_task(point.attempts_per_call);
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

v1::FrontierStep ToProto(const FrontierStep& step) {
  v1::FrontierStep out;
  out.set_from(step.from);
  out.set_to(step.to);
  out.set_quality_gain(step.quality_gain);
  out.set_cost_micros_more(step.cost_more);
  out.set_cost_micros_per_point(step.cost_per_point);
  return out;
}

v1::Recommendation ToProto(const Recommendation& made) {
  v1::Recommendation out;
  out.set_dimension(made.dimension);
  out.set_name(made.name);
  out.set_best(made.best);
  *out.mutable_best_quality() = ToProto(made.best_quality);
  out.set_recommended(made.recommended);
  *out.mutable_recommended_quality() = ToProto(made.recommended_quality);
  if (made.saves_share) out.set_saves_share(*made.saves_share);
  out.set_items(made.items);
  out.set_reason(made.reason);
  return out;
}

}  // namespace

v1::GetFrontierResponse ToProto(const SelectionReport& report) {
  v1::GetFrontierResponse out;
  out.set_metric(report.terms.metric);
  out.set_completed_at(report.terms.completed_at);
  out.set_benchmark_version(report.benchmark_version);
  for (const FrontierPoint& point : report.points) {
    *out.add_points() = ToProto(point);
  }
  for (const FrontierStep& step : report.steps) {
    *out.add_steps() = ToProto(step);
  }
  for (const Recommendation& made : report.recommendations) {
    *out.add_recommendations() = ToProto(made);
  }
  for (const std::string& note : report.notes) out.add_notes(note);
  return out;
}

SelectionRequest FromProto(const v1::GetFrontierRequest& request) {
  SelectionRequest out;
  out.benchmark = request.benchmark();
  out.version = request.benchmark_version();
  out.subset = FromProto(request.subset());
  out.prompts.assign(request.prompts().begin(), request.prompts().end());
  out.metric = request.metric();
  if (request.has_completed_at()) out.completed_at = request.completed_at();
  out.correction_micros = request.correction_micros();
  out.near_share = request.near_share();
  return out;
}

}  // namespace evalloop::evaluator
