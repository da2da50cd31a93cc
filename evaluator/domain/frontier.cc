#include "evaluator/domain/frontier.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace evalloop::evaluator {
namespace {

constexpr double kMicros = 1e6;
constexpr double kThousandTasks = 1e3;

bool Dominates(const FrontierPoint& a, const FrontierPoint& b) {
  const double cheaper = *b.cost_per_task - *a.cost_per_task;
  const double better = a.quality.value - b.quality.value;
  return cheaper >= 0 && better >= 0 && (cheaper > 0 || better > 0);
}

}  // namespace

FrontierPoint PointOf(const RunOutcomes& outcomes, const ItemIndex& index,
                      const MetricTerms& terms,
                      std::int64_t correction_micros) {
  std::vector<std::uint32_t> all(index.size());
  std::iota(all.begin(), all.end(), 0u);
  const OutcomeSum sum = SumOf(outcomes, all);
  FrontierPoint point;
  point.run = outcomes.run;
  point.tasks = sum.tasks;
  point.quality = QualityOf(outcomes, index, all, terms.range);
  point.completed = CompletedShareOf(outcomes, index, all);
  point.p50_ms = outcomes.p50_ms;
  point.p95_ms = outcomes.p95_ms;
  if (outcomes.calls > 0) {
    point.attempts_per_call = static_cast<double>(outcomes.attempts) /
                              static_cast<double>(outcomes.calls);
  }
  point.cost_per_task = sum.CostPerTask();
  if (!point.cost_per_task.has_value()) return point;
  if (sum.completed > 0) {
    const double corrections = static_cast<double>(correction_micros) *
                               static_cast<double>(sum.tasks - sum.completed);
    point.cost_per_completed_task =
        (sum.cost_micros + corrections) / static_cast<double>(sum.completed);
  }
  if (*point.cost_per_task > 0) {
    point.quality_per_unit =
        point.quality.value / (*point.cost_per_task * kThousandTasks / kMicros);
  }
  return point;
}

void Rank(std::vector<FrontierPoint>& points) {
  std::stable_sort(points.begin(), points.end(),
                   [](const FrontierPoint& a, const FrontierPoint& b) {
                     const auto key = [](const FrontierPoint& point) {
                       return std::tuple(!point.cost_per_task.has_value(),
                                         point.cost_per_task.value_or(0),
                                         -point.quality.value);
                     };
                     return key(a) < key(b);
                   });
  for (FrontierPoint& point : points) {
    point.dominated = false;
    point.dominated_by.clear();
    if (!point.cost_per_task.has_value()) continue;
    const FrontierPoint* by = nullptr;
    for (const FrontierPoint& other : points) {
      if (!other.cost_per_task.has_value() || !Dominates(other, point)) {
        continue;
      }
      // The best of them; the first of equals is the cheapest.
      if (by == nullptr || other.quality.value > by->quality.value) by = &other;
    }
    if (by == nullptr) continue;
    point.dominated = true;
    point.dominated_by = by->run.Revision();
  }
}

std::vector<std::size_t> Frontier(std::span<const FrontierPoint> points) {
  std::vector<std::size_t> frontier;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!points[i].cost_per_task.has_value() || points[i].dominated) continue;
    // What nothing dominates costs more only where it is better.
    if (!frontier.empty() &&
        *points[frontier.back()].cost_per_task == *points[i].cost_per_task) {
      continue;
    }
    frontier.push_back(i);
  }
  return frontier;
}

std::optional<std::size_t> KneeOf(std::span<const FrontierPoint> points,
                                  std::span<const std::size_t> frontier) {
  if (frontier.size() < 3) return std::nullopt;
  const FrontierPoint& first = points[frontier.front()];
  const FrontierPoint& last = points[frontier.back()];
  const double cost = *last.cost_per_task - *first.cost_per_task;
  const double quality = last.quality.value - first.quality.value;
  std::optional<std::size_t> knee;
  double highest = 1e-9;  // On the line there is no knee.
  for (const std::size_t at : frontier) {
    const double height =
        (points[at].quality.value - first.quality.value) / quality -
        (*points[at].cost_per_task - *first.cost_per_task) / cost;
    if (height <= highest) continue;
    highest = height;
    knee = at;
  }
  return knee;
}

std::vector<FrontierStep> StepsOf(std::span<const FrontierPoint> points,
                                  std::span<const std::size_t> frontier,
                                  double range) {
  std::vector<FrontierStep> steps;
  for (std::size_t i = 1; i < frontier.size(); ++i) {
    const FrontierPoint& from = points[frontier[i - 1]];
    const FrontierPoint& to = points[frontier[i]];
    FrontierStep step{.from = from.run.Revision(), .to = to.run.Revision()};
    step.quality_gain = to.quality.value - from.quality.value;
    step.cost_more = *to.cost_per_task - *from.cost_per_task;
    step.cost_per_point = step.cost_more / (step.quality_gain / range * 100);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace evalloop::evaluator
