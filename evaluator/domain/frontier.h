#ifndef EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_
#define EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluator/domain/run_outcomes.h"

// Cost against quality. Costs are in millionths of the currency unit of the
// models' prices. Pure.
namespace evalloop::evaluator {

// One revision, by one run.
struct FrontierPoint {
  FinishedRun run;
  std::int64_t tasks = 0;
  Estimate quality;
  Estimate completed;  // Share of the tasks.
  // Absent: no price is known.
  std::optional<double> cost_per_task;
  // With corrections; absent also where nothing was completed.
  std::optional<double> cost_per_completed_task;
  double attempts_per_call = 1;
  // By a currency unit spent on a thousand tasks.
  std::optional<double> quality_per_unit;
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;
  bool dominated = false;
  std::string dominated_by;  // A revision.
  bool knee = false;
};

FrontierPoint PointOf(const RunOutcomes& outcomes, const ItemIndex& index,
                      const MetricTerms& terms, std::int64_t correction_micros);

// Cheapest first, of equal cost the best first; those without a price last, by
// quality. Says who dominates whom: another costs no more and is no worse, and
// one of the two strictly. A point without a price takes no part.
void Rank(std::vector<FrontierPoint>& points);

// Of ranked points: the places of those that nothing dominates, cheapest first,
// one of those that are the same in cost and quality.
std::vector<std::size_t> Frontier(std::span<const FrontierPoint> points);

// Where the curve flattens: of the frontier's points the one that lies highest
// above the straight line from its cheapest to its dearest point, both axes
// scaled to 1 (Satopaa, Albrecht, Irwin, Raghavan 2011, "Finding a Kneedle in a
// haystack", for a concave curve without smoothing). Absent: fewer than three
// points, or none above the line.
std::optional<std::size_t> KneeOf(std::span<const FrontierPoint> points,
                                  std::span<const std::size_t> frontier);

// From one point of the frontier to the next dearer one.
struct FrontierStep {
  std::string from;
  std::string to;
  double quality_gain = 0;
  double cost_more = 0;       // For a task.
  double cost_per_point = 0;  // A point is a hundredth of the metric's range.
};
std::vector<FrontierStep> StepsOf(std::span<const FrontierPoint> points,
                                  std::span<const std::size_t> frontier,
                                  double range);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_
