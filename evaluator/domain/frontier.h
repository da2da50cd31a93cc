#ifndef EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_
#define EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/domain/comparison.h"
#include "evaluator/domain/run.h"

// Which revision is worth its cost. Everything here is pure.
namespace evalloop::evaluator {

// A row as selection sees it.
struct PricedRow {
  std::string item_id;
  std::string commit;
  std::optional<double> value;  // Of the metric; absent: it has none.
  bool scored = false;          // False: infrastructure kept it from an answer.
  std::int64_t cost_micros = 0;
  std::int64_t attempts = 1;  // Times that the model was asked for it.
  double total_ms = 0;
};

// What the rows of one item come to.
struct PricedItem {
  std::string commit;
  double sum = 0;  // Of the values.
  std::int64_t values = 0;
  std::int64_t tasks = 0;  // Rows with an answer.
  std::int64_t completed = 0;
  std::int64_t cost_micros = 0;
};

// How selection reads a metric.
struct FrontierScale {
  std::string metric;
  double completed_at = 1;  // A task is completed from this value on.
  double range = 1;         // Of the metric: a point is a hundredth of it.
  bool higher_is_better = true;

  bool Completes(double value) const {
    return higher_is_better ? value >= completed_at : value <= completed_at;
  }
};

// `completed_at`: absent means the metric's best value.
FrontierScale ScaleOf(std::string_view metric,
                      std::optional<double> completed_at);

// One run, summed up row by row: memory grows with items, not with rows.
class PricedRun {
 public:
  PricedRun(Run run, FrontierScale scale);
  void Add(const PricedRow& row);

  const Run& run() const { return run_; }
  std::string Name() const;  // prompt@version
  const FrontierScale& scale() const { return scale_; }
  const std::map<std::string, PricedItem>& items() const { return items_; }
  std::int64_t tasks() const { return tasks_; }
  std::int64_t attempts() const { return attempts_; }
  // Nothing was paid for any row: no price is known.
  bool Priced() const { return cost_micros_ > 0; }
  std::int64_t cost_micros() const { return cost_micros_; }
  // Milliseconds under which a share of the answers came; absent: no answer.
  std::optional<double> Latency(double share) const;

 private:
  Run run_;
  FrontierScale scale_;
  std::map<std::string, PricedItem> items_;
  std::vector<double> latencies_;
  std::int64_t tasks_ = 0;
  std::int64_t attempts_ = 0;
  std::int64_t cost_micros_ = 0;
};

struct FrontierOptions {
  std::int64_t correction_micros = 0;
  double near_share = 0.03;
};

struct FrontierPoint {
  std::string name;  // prompt@version
  Run run;
  Estimate quality;
  Estimate completed;
  std::int64_t tasks = 0;
  double attempts_per_task = 1;
  std::optional<double> cost_per_task;            // Micros.
  std::optional<double> cost_per_completed_task;  // Micros.
  std::optional<double> quality_per_unit;
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;
  bool dominated = false;
  std::string dominated_by;
  bool knee = false;
};

struct FrontierStep {
  std::string from;
  std::string to;
  double quality_gain = 0;
  double cost_more = 0;
  double cost_per_point = 0;
};

struct Recommendation {
  std::string dimension;  // overall, class, language or tag.
  std::string name;
  std::string best;
  Estimate best_quality;
  std::string recommended;
  Estimate recommended_quality;
  std::optional<double> saves_share;
  std::int64_t items = 0;
  std::string reason;
};

struct Frontier {
  FrontierScale scale;
  std::uint32_t benchmark_version = 0;
  std::vector<FrontierPoint> points;  // Cheapest first; unpriced ones last.
  std::vector<FrontierStep> steps;
  std::vector<Recommendation> recommendations;
  std::vector<std::string> notes;
};

// Points, which of them something dominates, the steps along the others, the
// knee (the point farthest above the chord of the frontier, both axes scaled to
// [0, 1]: Satopaa et al. 2011, "Finding a kneedle in a haystack"; needs three
// points), and whom to take overall and for each group of kSmallGroup items or
// more. Intervals: bootstrap over commits. All runs have one scorer digest.
Frontier FindFrontier(std::span<const PricedRun> runs, const FactsById& facts,
                      const FrontierOptions& options);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_FRONTIER_H_
