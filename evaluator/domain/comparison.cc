#include "evaluator/domain/comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "evaluator/domain/paired_rows.h"
#include "evaluator/domain/row_values.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {
namespace {

using base::RatioTally;
using Key = std::pair<std::string_view, std::uint32_t>;  // Item and sample.

struct Paired {
  std::vector<RowPair> pairs;  // Without a candidate: it has no answer.
  std::int64_t missing = 0;
  std::int64_t missing_in_candidate = 0;
};

Paired PairUp(std::span<const Row> baseline, std::span<const Row> candidate) {
  std::map<Key, const Row*> after;
  for (const Row& row : candidate) {
    if (row.scored) after.emplace(Key(row.item_id, row.sample), &row);
  }
  Paired paired;
  std::set<Key> before;
  for (const Row& row : baseline) {
    if (!row.scored) continue;
    const Key key(row.item_id, row.sample);
    before.insert(key);
    const auto found = after.find(key);
    if (found == after.end()) {
      ++paired.missing;
      ++paired.missing_in_candidate;
      paired.pairs.push_back({&row, nullptr});
    } else {
      paired.pairs.push_back({&row, found->second});
    }
  }
  for (const Row& row : candidate) {
    if (before.contains(Key(row.item_id, row.sample))) continue;
    ++paired.missing;
    paired.missing_in_candidate += !row.scored;
  }
  return paired;
}

// What a lost row counts as where less is better: the worst seen.
double WorstOf(std::span<const RowPair> pairs, std::string_view metric) {
  double worst = 0;
  for (const RowPair& pair : pairs) {
    for (const Row* row : {pair.baseline, pair.candidate}) {
      if (row == nullptr) continue;
      worst = std::max(worst, ValueOf(*row, metric).value_or(0));
    }
  }
  return worst;
}

// How bad a pair is, for showing the worst first: the largest loss of any
// metric, each on its own scale of at most 1.
double Badness(const RowPair& pair, std::span<const std::string> metrics) {
  if (pair.candidate == nullptr) return std::numeric_limits<double>::infinity();
  double worst = -1e9;
  for (const std::string& metric : metrics) {
    const auto was = ValueOf(*pair.baseline, metric);
    const auto now = ValueOf(*pair.candidate, metric);
    if (!was.has_value() || !now.has_value()) continue;
    double loss = HigherIsBetter(metric) ? *was - *now : *now - *was;
    if (metric == "chrf" || metric == "bleu") loss /= 100;
    if (metric == kRejectedChars) loss /= 40'000;
    worst = std::max(worst, loss);
  }
  return worst;
}

MetricValue ValueIn(const Row* row, const std::string& metric) {
  MetricValue value{.metric = metric, .value = std::nullopt, .reason = ""};
  if (row == nullptr) {
    value.reason = "no_answer";
    return value;
  }
  value.value = ValueOf(*row, metric);
  for (const MetricValue& own : row->metrics) {
    if (own.metric == metric) value.reason = own.reason;
  }
  return value;
}

RowDelta DeltaOfRow(const RowPair& pair, std::span<const std::string> metrics,
                    const FactsById& facts) {
  RowDelta row;
  row.item_id = pair.baseline->item_id;
  row.sample = pair.baseline->sample;
  row.baseline_text = pair.baseline->raw_text;
  row.missing = pair.candidate == nullptr;
  if (!row.missing) row.candidate_text = pair.candidate->raw_text;
  if (const auto found = facts.find(row.item_id); found != facts.end()) {
    row.facts = found->second;
  }
  for (const std::string& metric : metrics) {
    const MetricValue was = ValueIn(pair.baseline, metric);
    const MetricValue now = ValueIn(pair.candidate, metric);
    MetricValue delta{.metric = metric, .value = std::nullopt, .reason = ""};
    if (was.value.has_value() && now.value.has_value()) {
      delta.value = *now.value - *was.value;
    } else {
      delta.reason = was.value.has_value() ? "missing_in_candidate"
                                           : "missing_in_baseline";
    }
    row.deltas.push_back(std::move(delta));
    row.baseline_values.push_back(was);
    row.candidate_values.push_back(now);
  }
  return row;
}

void TakeReasons(const Row& row, std::vector<MetricValue>& values) {
  for (MetricValue& value : values) {
    for (const MetricValue& own : row.metrics) {
      if (own.metric == value.metric) value.reason = own.reason;
    }
  }
}

}  // namespace

PartsOfMetric PartsOf(std::span<const RowPair> pairs,
                      const std::string& metric) {
  PartsOfMetric out{.metric = metric, .parts = {}, .binary = !IsTyped(metric)};
  out.parts.resize(pairs.size());
  const bool higher = HigherIsBetter(metric);
  const double worst = higher ? 0 : WorstOf(pairs, metric);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto was = PartOf(*pairs[i].baseline, metric);
    if (!was.has_value()) continue;
    const auto now = pairs[i].candidate == nullptr
                         ? std::nullopt
                         : PartOf(*pairs[i].candidate, metric);
    PairPart& part = out.parts[i];
    part.counts = true;
    part.was = *was;
    part.lost = !now.has_value();
    part.now =
        now.value_or(RatioTally{worst * was->denominator, was->denominator});
    const double values[] = {RatioOf(part.was), RatioOf(part.now)};
    for (const double value : values) {
      out.binary = out.binary && (value == 0 || value == 1);
    }
  }
  return out;
}

ClusteredDelta Sum(const PartsOfMetric& metric, std::span<const RowPair> pairs,
                   std::span<const std::uint32_t> chosen) {
  ClusteredDelta sum;
  MetricDelta& delta = sum.delta;
  delta.metric = metric.metric;
  delta.higher_is_better = HigherIsBetter(metric.metric);
  const double sign = delta.higher_is_better ? 1 : -1;
  std::map<std::string_view, base::PairedRatioTally> clusters;
  RatioTally before, after;
  std::vector<double> was_values, now_values;
  for (const std::uint32_t at : chosen) {
    const PairPart& part = metric.parts[at];
    if (!part.counts) continue;
    ++delta.pairs;
    delta.lost += part.lost;
    base::PairedRatioTally& cluster = clusters[pairs[at].baseline->commit];
    AddTo(cluster.before, part.was);
    AddTo(cluster.after, part.now);
    AddTo(before, part.was);
    AddTo(after, part.now);
    if (part.was.denominator > 0) was_values.push_back(RatioOf(part.was));
    if (part.now.denominator > 0) now_values.push_back(RatioOf(part.now));
    // A row of typing compares by its own figure, where both sides have one.
    if (part.was.denominator == 0 || part.now.denominator == 0) continue;
    const double loss = sign * (RatioOf(part.was) - RatioOf(part.now));
    delta.worse += loss > 0;
    delta.better += loss < 0;
  }
  delta.baseline = RatioOf(before);
  delta.candidate = RatioOf(after);
  delta.delta.value = delta.candidate - delta.baseline;
  delta.baseline_p10 = QuantileOf(was_values, 0.1);
  delta.baseline_p90 = QuantileOf(was_values, 0.9);
  delta.candidate_p10 = QuantileOf(now_values, 0.1);
  delta.candidate_p90 = QuantileOf(now_values, 0.9);
  for (const auto& [commit, tally] : clusters) sum.clusters.push_back(tally);
  if (metric.binary && sum.clusters.size() > 1) {
    sum.clusters.insert(sum.clusters.end(), std::begin(kUnseenPairs),
                        std::end(kUnseenPairs));
  }
  if (metric.binary && delta.pairs > 0) {
    const auto p = base::McNemarExactP(delta.better, delta.worse);
    if (p.ok()) delta.p_value = *p;
  }
  return sum;
}

absl::StatusOr<Comparison> Compare(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::size_t max_rows, double confidence,
                                   const FactsById& facts) {
  const Paired paired = PairUp(baseline, candidate);
  const std::vector<RowPair>& pairs = paired.pairs;
  if (pairs.empty() ||
      static_cast<std::size_t>(paired.missing_in_candidate) >= pairs.size()) {
    return absl::FailedPreconditionError(
        "the two runs have no scored row in common");
  }
  Comparison comparison;
  comparison.confidence = confidence;
  comparison.missing_rows = paired.missing;
  comparison.missing_in_candidate = paired.missing_in_candidate;
  std::set<std::string_view> commits;
  std::map<std::string_view, std::uint32_t> items;
  std::vector<std::uint32_t> item_of, all(pairs.size());
  std::iota(all.begin(), all.end(), 0u);
  for (const RowPair& pair : pairs) {
    commits.insert(pair.baseline->commit);
    const auto [at, added] =
        items.emplace(pair.baseline->item_id,
                      static_cast<std::uint32_t>(comparison.item_ids.size()));
    if (added) comparison.item_ids.push_back(pair.baseline->item_id);
    item_of.push_back(at->second);
  }
  comparison.clusters = static_cast<std::int64_t>(commits.size());

  const std::vector<std::string> metrics = MetricsOf(baseline);
  Grouping grouping(pairs, facts);
  for (const std::string& metric : metrics) {
    const PartsOfMetric parts = PartsOf(pairs, metric);
    ClusteredDelta sum = Sum(parts, pairs, all);
    MetricDelta& delta = sum.delta;
    if (delta.pairs == 0) continue;
    delta.delta = WithBounds(delta.delta.value,
                             base::BootstrapRatioDifference(
                                 sum.clusters, {.confidence = confidence}));
    delta.losses = LossesOf(parts, pairs, item_of, comparison.item_ids.size());
    grouping.Add(parts, confidence);
    comparison.deltas.push_back(std::move(delta));
  }
  comparison.groups = std::move(grouping).Take();

  std::vector<std::pair<double, std::uint32_t>> worst;
  if (max_rows > 0) {
    for (const std::uint32_t at : all) {
      worst.emplace_back(-Badness(pairs[at], metrics), at);
    }
  }
  const std::size_t kept = std::min(max_rows, worst.size());
  std::partial_sort(worst.begin(), worst.begin() + kept, worst.end());
  for (std::size_t i = 0; i < kept; ++i) {
    comparison.rows.push_back(
        DeltaOfRow(pairs[worst[i].second], metrics, facts));
  }
  return comparison;
}

void AddTexts(std::span<const Row> baseline, std::span<const Row> candidate,
              std::span<RowDelta> rows) {
  const auto by_key = [](std::span<const Row> all) {
    std::map<Key, const Row*> found;
    for (const Row& row : all)
      found.emplace(Key(row.item_id, row.sample), &row);
    return found;
  };
  const auto before = by_key(baseline), after = by_key(candidate);
  for (RowDelta& row : rows) {
    const Key key(row.item_id, row.sample);
    if (const auto at = before.find(key); at != before.end()) {
      row.baseline_text = at->second->raw_text;
      TakeReasons(*at->second, row.baseline_values);
    }
    if (row.missing) continue;
    if (const auto at = after.find(key); at != after.end()) {
      row.candidate_text = at->second->raw_text;
      TakeReasons(*at->second, row.candidate_values);
    }
  }
}

std::vector<RowDelta> DescribeRows(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::span<const std::string> item_ids,
                                   const FactsById& facts) {
  const Paired paired = PairUp(baseline, candidate);
  const std::vector<std::string> metrics = MetricsOf(baseline);
  // Of an item's samples the worst.
  std::map<std::string_view, std::pair<double, const RowPair*>> by_item;
  const std::set<std::string_view> wanted(item_ids.begin(), item_ids.end());
  for (const RowPair& pair : paired.pairs) {
    if (!wanted.contains(pair.baseline->item_id)) continue;
    const double badness = Badness(pair, metrics);
    auto [at, added] =
        by_item.try_emplace(pair.baseline->item_id, badness, &pair);
    if (!added && badness > at->second.first) at->second = {badness, &pair};
  }
  std::vector<RowDelta> rows;
  for (const std::string& id : item_ids) {
    const auto found = by_item.find(id);
    if (found == by_item.end()) continue;
    rows.push_back(DeltaOfRow(*found->second.second, metrics, facts));
  }
  return rows;
}

}  // namespace evalloop::evaluator
