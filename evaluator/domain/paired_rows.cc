#include "evaluator/domain/paired_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "evaluator/domain/row_values.h"
#include "platform/base/hypotheses.h"

namespace evalloop::evaluator {
namespace {

// Of a dimension; smaller groups are pooled.
constexpr std::size_t kMaxGroups = 40;

// The interval and the one-sided p-value of a loss, by the standard error of
// the ratio difference linearised over clusters, and Student's t with one
// degree of freedom fewer than clusters.
void Test(std::span<const base::PairedRatioTally> clusters, double confidence,
          MetricDelta& delta) {
  base::RatioTally before, after;
  for (const base::PairedRatioTally& cluster : clusters) {
    AddTo(before, cluster.before);
    AddTo(after, cluster.after);
  }
  if (clusters.size() < 2 || before.denominator == 0 ||
      after.denominator == 0) {
    return;
  }
  const double was = RatioOf(before), now = RatioOf(after);
  double squares = 0;
  for (const base::PairedRatioTally& c : clusters) {
    const double z =
        (c.after.numerator - now * c.after.denominator) / after.denominator -
        (c.before.numerator - was * c.before.denominator) / before.denominator;
    squares += z * z;
  }
  const double count = static_cast<double>(clusters.size());
  const double error = std::sqrt(squares * count / (count - 1));
  const double half =
      error * base::StudentTQuantile(0.5 + confidence / 2, count - 1);
  // Centred on what was seen, not on what the unseen pairs pull it to.
  delta.delta.lower = delta.delta.value - half;
  delta.delta.upper = delta.delta.value + half;
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
  std::map<std::string, std::vector<std::uint32_t>> classes, languages, tags;
  for (std::uint32_t at = 0; at < pairs.size(); ++at) {
    const auto found = facts.find(pairs[at].baseline->item_id);
    if (found == facts.end()) continue;
    const ItemFacts& item = found->second;
    if (!item.item_class.empty()) classes[item.item_class].push_back(at);
    if (!item.language.empty()) languages[item.language].push_back(at);
    for (const std::string& tag : item.tags) tags[tag].push_back(at);
  }
  Split("class", std::move(classes));
  Split("language", std::move(languages));
  Split("tag", std::move(tags));
}

void Grouping::Split(
    std::string_view dimension,
    std::map<std::string, std::vector<std::uint32_t>> by_name) {
  // A group of everything says nothing that the whole does not.
  std::erase_if(by_name, [&](const auto& group) {
    return group.second.size() == pairs_.size();
  });
  std::vector<std::pair<std::string, std::vector<std::uint32_t>>> large;
  std::vector<std::string> pooled;
  std::vector<std::uint32_t> others;
  for (auto& [name, members] : by_name) {
    large.emplace_back(name, std::move(members));
  }
  std::stable_sort(large.begin(), large.end(),
                   [](const auto& a, const auto& b) {
                     return a.second.size() > b.second.size();
                   });
  while (!large.empty() && (large.back().second.size() < kSmallGroup ||
                            large.size() > kMaxGroups)) {
    pooled.push_back(std::move(large.back().first));
    others.insert(others.end(), large.back().second.begin(),
                  large.back().second.end());
    large.pop_back();
  }
  const auto add = [&](std::string name, std::vector<std::uint32_t> members) {
    GroupDelta group;
    group.dimension = dimension;
    group.name = std::move(name);
    group.pairs = static_cast<std::int64_t>(members.size());
    groups_.push_back(std::move(group));
    members_.push_back(std::move(members));
  };
  for (auto& [name, members] : large) add(std::move(name), std::move(members));
  if (pooled.empty()) return;
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  add("other", std::move(others));
  std::sort(pooled.begin(), pooled.end());
  groups_.back().pooled = std::move(pooled);
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
