#include "evaluator/domain/frontier.h"

#include <algorithm>
#include <utility>

#include "evaluator/domain/recommend.h"
#include "evaluator/domain/row_values.h"
#include "fmt/format.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {
namespace {

constexpr int kResamples = 2'000;

FrontierPoint PointOf(const PricedRun& priced, const FrontierOptions& options) {
  FrontierPoint point{.name = priced.Name(), .run = priced.run()};
  point.quality = QualityOn(priced, nullptr);
  std::map<std::string_view, base::RatioTally> clusters;
  base::RatioTally all;
  for (const auto& [id, item] : priced.items()) {
    const base::RatioTally part{static_cast<double>(item.completed),
                                static_cast<double>(item.tasks)};
    AddTo(clusters[item.commit], part);
    AddTo(all, part);
  }
  point.completed = EstimateOf(all, clusters);
  point.tasks = priced.tasks();
  if (point.tasks == 0) return point;
  const auto tasks = static_cast<double>(point.tasks);
  point.attempts_per_task = static_cast<double>(priced.attempts()) / tasks;
  point.p50_ms = priced.Latency(0.5);
  point.p95_ms = priced.Latency(0.95);
  if (!priced.Priced()) return point;
  const auto cost = static_cast<double>(priced.cost_micros());
  point.cost_per_task = cost / tasks;
  // Units for a thousand tasks are a thousandth of micros for one.
  point.quality_per_unit = point.quality.value / (*point.cost_per_task / 1'000);
  if (all.numerator > 0) {
    const double corrections = (tasks - all.numerator) *
                               static_cast<double>(options.correction_micros);
    point.cost_per_completed_task = (cost + corrections) / all.numerator;
  }
  return point;
}

// Positive: `a` is better.
double BetterBy(const FrontierScale& scale, double a, double b) {
  return scale.higher_is_better ? a - b : b - a;
}

void MarkDominated(const FrontierScale& scale,
                   std::vector<FrontierPoint>& points) {
  for (FrontierPoint& point : points) {
    if (!point.cost_per_task) continue;
    for (const FrontierPoint& other : points) {
      if (&other == &point || !other.cost_per_task) continue;
      const double cheaper = *point.cost_per_task - *other.cost_per_task;
      const double better =
          BetterBy(scale, other.quality.value, point.quality.value);
      if (cheaper < 0 || better < 0 || (cheaper == 0 && better == 0)) continue;
      point.dominated = true;
      point.dominated_by = other.name;
      break;
    }
  }
}

std::vector<FrontierPoint*> Efficient(std::vector<FrontierPoint>& points) {
  std::vector<FrontierPoint*> kept;
  for (FrontierPoint& point : points) {
    if (point.cost_per_task && !point.dominated) kept.push_back(&point);
  }
  return kept;
}

void MarkKnee(const FrontierScale& scale,
              std::span<FrontierPoint* const> efficient) {
  if (efficient.size() < 3) return;
  const FrontierPoint& first = *efficient.front();
  const FrontierPoint& last = *efficient.back();
  const double width = *last.cost_per_task - *first.cost_per_task;
  const double height =
      BetterBy(scale, last.quality.value, first.quality.value);
  if (width <= 0 || height <= 0) return;
  FrontierPoint* knee = nullptr;
  double farthest = 0;
  for (FrontierPoint* const point : efficient) {
    const double x = (*point->cost_per_task - *first.cost_per_task) / width;
    const double y =
        BetterBy(scale, point->quality.value, first.quality.value) / height;
    if (y - x > farthest) {
      farthest = y - x;
      knee = point;
    }
  }
  if (knee != nullptr) knee->knee = true;
}

std::vector<FrontierStep> StepsOf(const FrontierScale& scale,
                                  std::span<FrontierPoint* const> efficient) {
  std::vector<FrontierStep> steps;
  for (std::size_t i = 1; i < efficient.size(); ++i) {
    const FrontierPoint& from = *efficient[i - 1];
    const FrontierPoint& to = *efficient[i];
    FrontierStep step{.from = from.name, .to = to.name};
    step.quality_gain = BetterBy(scale, to.quality.value, from.quality.value);
    step.cost_more = *to.cost_per_task - *from.cost_per_task;
    const double points = step.quality_gain / scale.range * 100;
    step.cost_per_point = points > 0 ? step.cost_more / points : 0;
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace

FrontierScale ScaleOf(std::string_view metric,
                      std::optional<double> completed_at) {
  FrontierScale scale{.metric = std::string(metric)};
  scale.higher_is_better = HigherIsBetter(metric);
  scale.range = metric == "chrf" || metric == "bleu" ? 100 : 1;
  scale.completed_at =
      completed_at.value_or(scale.higher_is_better ? scale.range : 0);
  return scale;
}

PricedRun::PricedRun(Run run, FrontierScale scale)
    : run_(std::move(run)), scale_(std::move(scale)) {}

std::string PricedRun::Name() const {
  return fmt::format("{}@{}", run_.revision.prompt, run_.revision.version);
}

void PricedRun::Add(const PricedRow& row) {
  // What failed was asked for, and may have been paid for.
  attempts_ += row.attempts;
  cost_micros_ += row.cost_micros;
  PricedItem& item = items_[row.item_id];
  item.commit = row.commit;
  item.cost_micros += row.cost_micros;
  if (!row.scored) return;
  ++tasks_;
  ++item.tasks;
  latencies_.push_back(row.total_ms);
  if (!row.value.has_value()) return;
  item.sum += *row.value;
  ++item.values;
  item.completed += scale_.Completes(*row.value);
}

std::optional<double> PricedRun::Latency(double share) const {
  if (latencies_.empty()) return std::nullopt;
  std::vector<double> sorted = latencies_;
  return QuantileOf(sorted, share);
}

Estimate EstimateOf(
    const base::RatioTally& all,
    const std::map<std::string_view, base::RatioTally>& clusters) {
  std::vector<base::RatioTally> tallies;
  tallies.reserve(clusters.size());
  for (const auto& [commit, tally] : clusters) tallies.push_back(tally);
  Estimate estimate;
  estimate.value = RatioOf(all);
  const auto interval =
      base::BootstrapRatio(tallies, {.resamples = kResamples});
  if (interval.ok()) {
    estimate.lower = interval->low;
    estimate.upper = interval->high;
  }
  return estimate;
}

Frontier FindFrontier(std::span<const PricedRun> runs, const FactsById& facts,
                      const FrontierOptions& options) {
  Frontier frontier;
  if (runs.empty()) return frontier;
  frontier.scale = runs.front().scale();
  for (const PricedRun& run : runs) {
    frontier.points.push_back(PointOf(run, options));
    if (run.Priced()) continue;
    frontier.notes.push_back(fmt::format(
        "{}: no price is known of model {} (evalloop model add --price-in "
        "--price-out), so it is not on the frontier",
        run.Name(), run.run().revision.model));
  }
  std::stable_sort(frontier.points.begin(), frontier.points.end(),
                   [](const FrontierPoint& a, const FrontierPoint& b) {
                     if (!a.cost_per_task || !b.cost_per_task) {
                       return a.cost_per_task.has_value() >
                              b.cost_per_task.has_value();
                     }
                     return *a.cost_per_task < *b.cost_per_task;
                   });
  MarkDominated(frontier.scale, frontier.points);
  const auto efficient = Efficient(frontier.points);
  MarkKnee(frontier.scale, efficient);
  frontier.steps = StepsOf(frontier.scale, efficient);
  frontier.recommendations = Recommend(runs, facts, options.near_share);
  return frontier;
}

}  // namespace evalloop::evaluator
