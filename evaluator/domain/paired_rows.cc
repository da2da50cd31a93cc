#include "evaluator/domain/paired_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "evaluator/domain/clustered_error.h"
#include "evaluator/domain/item_groups.h"
#include "evaluator/domain/row_values.h"
#include "platform/base/hypotheses.h"

namespace evalloop::evaluator {
namespace {

// The interval and the one-sided p-value of a loss, by the clustered standard
// error and Student's t.
void Test(std::span<const base::PairedRatioTally> clusters, double confidence,
          MetricDelta& delta) {
  const std::optional<double> known = ClusteredError(clusters);
  if (!known.has_value()) return;
  const double error = *known;
  // Centred on what was seen, not on what the unseen pairs pull it to.
  delta.delta = Around(delta.delta.value, error, clusters.size(), confidence);
  base::RatioTally before, after;
  for (const base::PairedRatioTally& cluster : clusters) {
    AddTo(before, cluster.before);
    AddTo(after, cluster.after);
  }
  const double was = RatioOf(before), now = RatioOf(after);
  const double count = static_cast<double>(clusters.size());
  const double gain = (delta.higher_is_better ? 1 : -1) * (now - was);
  if (error > 0) {
    delta.loss_p = base::StudentTCdf(gain / error, count - 1);
  } else {
    // Every commit lost the same: as sure as that many equal coins.
    delta.loss_p = gain < 0 ? std::pow(0.5, count) : 1;
  }
  if (!delta.p_value.has_value()) return;
  // One side of McNemar's two.
  delta.loss_p = std::max(*delta.loss_p, delta.worse > delta.better
                                             ? *delta.p_value / 2
                                             : 1 - *delta.p_value / 2);
}

}  // namespace

std::vector<ItemLoss> LossesOf(const PartsOfMetric& metric,
                               std::span<const RowPair> pairs,
                               std::span<const std::uint32_t> item_of,
                               std::size_t items) {
  const double sign = HigherIsBetter(metric.metric) ? 1 : -1;
  std::vector<double> sums(items, 0);
  std::vector<int> counts(items, 0);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const PairPart& part = metric.parts[i];
    if (!part.counts || part.was.denominator == 0 ||
        part.now.denominator == 0) {
      continue;
    }
    ++counts[item_of[i]];
    sums[item_of[i]] += pairs[i].candidate == nullptr
                            ? std::numeric_limits<double>::infinity()
                            : sign * (RatioOf(part.was) - RatioOf(part.now));
  }
  std::vector<ItemLoss> losses;
  for (std::uint32_t item = 0; item < items; ++item) {
    if (counts[item] > 0) losses.push_back({item, sums[item] / counts[item]});
  }
  return losses;
}

Grouping::Grouping(std::span<const RowPair> pairs, const FactsById& facts)
    : pairs_(pairs) {
  if (facts.empty()) return;
  std::vector<const ItemFacts*> of_pairs;
  of_pairs.reserve(pairs.size());
  for (const RowPair& pair : pairs) {
    const auto found = facts.find(pair.baseline->item_id);
    of_pairs.push_back(found == facts.end() ? nullptr : &found->second);
  }
  for (ItemGroup& group : GroupByFacts(of_pairs)) {
    groups_.push_back({.dimension = std::move(group.dimension),
                       .name = std::move(group.name),
                       .pooled = std::move(group.pooled),
                       .pairs = static_cast<std::int64_t>(group.members.size()),
                       .deltas = {}});
    members_.push_back(std::move(group.members));
  }
}

void Grouping::Add(const PartsOfMetric& metric, double confidence) {
  std::vector<double> p_values;
  std::vector<MetricDelta*> tested;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    ClusteredDelta sum = Sum(metric, pairs_, members_[i]);
    if (sum.delta.pairs == 0) continue;
    Test(sum.clusters, confidence, sum.delta);
    groups_[i].deltas.push_back(std::move(sum.delta));
    // Too few to judge by, though they are shown.
    if (groups_[i].pairs < kSmallGroup) continue;
    MetricDelta& added = groups_[i].deltas.back();
    if (!added.loss_p.has_value()) continue;
    tested.push_back(&added);
    p_values.push_back(*added.loss_p);
  }
  const std::vector<double> holm = base::HolmAdjusted(p_values);
  const std::vector<double> bh = base::BenjaminiHochbergAdjusted(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    tested[i]->holm_p = holm[i];
    tested[i]->bh_p = bh[i];
  }
}

}  // namespace evalloop::evaluator
