#include "evaluator/domain/comparison.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "platform/base/statistics.h"

namespace evalloop::evaluator {
namespace {

using base::RatioTally;
using Key = std::pair<std::string, std::uint32_t>;  // Item and sample.

constexpr std::array kLowerIsBetter = {
    std::string_view("rejected_chars"),
    std::string_view("complexity_delta"),
    std::string_view("complexity_vs_references"),
    std::string_view("security_delta"),
    std::string_view("secrets_delta"),
    std::string_view("licence_headers_delta"),
    std::string_view("type_errors_delta"),
    std::string_view("invented_symbols")};
constexpr std::array kSimilarities = {
    std::string_view("exact_match"),   std::string_view("edit_similarity"),
    std::string_view("token_jaccard"), std::string_view("bleu"),
    std::string_view("chrf"),          std::string_view("rouge_l"),
    std::string_view("codebleu"),      std::string_view("identifier_f1"),
    std::string_view("pearson"),       std::string_view("spearman")};
constexpr std::array kTypedMetrics = {kAcceptance, kCompletedChars,
                                      kRejectedChars};
constexpr int kSummaryResamples = 2'000;

bool IsTyped(std::string_view metric) {
  return std::find(kTypedMetrics.begin(), kTypedMetrics.end(), metric) !=
         kTypedMetrics.end();
}

RatioTally TypedRatio(std::string_view metric, const TypedTally& tally) {
  const auto ratio = [](std::int64_t over, std::int64_t under) {
    return RatioTally{static_cast<double>(over), static_cast<double>(under)};
  };
  if (metric == kAcceptance) return ratio(tally.accepted, tally.shown);
  if (metric == kCompletedChars) {
    return ratio(tally.accepted_chars,
                 tally.typed_chars + tally.accepted_chars);
  }
  return ratio(tally.rejected_chars * 400, tally.lines);
}

// What a row adds to a metric; absent when it has no value there. A typed row
// adds to all three figures of typing, if only to a denominator of 0.
std::optional<RatioTally> PartOf(const Row& row, std::string_view metric) {
  if (IsTyped(metric)) {
    if (!row.tally.has_value()) return std::nullopt;
    return TypedRatio(metric, *row.tally);
  }
  for (const MetricValue& value : row.metrics) {
    if (value.metric == metric && value.value.has_value()) {
      return RatioTally{*value.value, 1.0};
    }
  }
  return std::nullopt;
}

std::optional<double> ValueOf(const Row& row, std::string_view metric) {
  const auto part = PartOf(row, metric);
  if (!part.has_value() || part->denominator == 0) return std::nullopt;
  return part->numerator / part->denominator;
}

std::vector<std::string> MetricsOf(std::span<const Row> rows) {
  std::set<std::string> names;
  for (const Row& row : rows) {
    for (const MetricValue& value : row.metrics) names.insert(value.metric);
    if (row.tally.has_value()) {
      names.insert(kTypedMetrics.begin(), kTypedMetrics.end());
    }
  }
  return {names.begin(), names.end()};
}

Estimate WithBounds(double value,
                    const absl::StatusOr<base::Estimate>& interval) {
  Estimate estimate{
      .value = value, .lower = std::nullopt, .upper = std::nullopt};
  if (interval.ok()) {
    estimate.lower = interval->low;
    estimate.upper = interval->high;
  }
  return estimate;
}

double Quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(
                                       share * (values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double Ratio(const RatioTally& tally) {
  return tally.denominator == 0 ? 0 : tally.numerator / tally.denominator;
}

void Add(RatioTally& sum, const RatioTally& part) {
  sum.numerator += part.numerator;
  sum.denominator += part.denominator;
}

struct Pair {
  const Row* baseline;
  const Row* candidate;
};

// One pair lost and one won that nobody saw. Without them a few rows of 0 and 1
// that happen to agree would have an interval of no width, as if they were
// proof (Agresti, Min 2005, for matched proportions).
constexpr base::PairedRatioTally kUnseenPairs[] = {
    {.before = {1, 1}, .after = {0, 1}}, {.before = {0, 1}, .after = {1, 1}}};

// One metric over the pairs. A value that only the baseline has counts as lost
// in full: the candidate's is taken as 0 of the same denominator.
MetricDelta DeltaOf(const std::string& metric, std::span<const Pair> pairs,
                    double confidence) {
  MetricDelta delta{.metric = metric,
                    .higher_is_better = HigherIsBetter(metric)};
  const double sign = delta.higher_is_better ? 1 : -1;
  std::map<std::string, base::PairedRatioTally> clusters;
  RatioTally before, after;
  bool binary = true;
  for (const Pair& pair : pairs) {
    const auto was = PartOf(*pair.baseline, metric);
    auto now = PartOf(*pair.candidate, metric);
    if (!was.has_value()) continue;
    if (!now.has_value()) {
      ++delta.lost;
      now = RatioTally{0, was->denominator};
    }
    ++delta.pairs;
    base::PairedRatioTally& cluster = clusters[pair.baseline->commit];
    Add(cluster.before, *was);
    Add(cluster.after, *now);
    Add(before, *was);
    Add(after, *now);
    // A row of typing compares by its own figure, where both sides have one.
    if (was->denominator == 0 || now->denominator == 0) continue;
    const double loss = sign * (Ratio(*was) - Ratio(*now));
    delta.losses.push_back(loss);
    if (loss > 0) ++delta.worse;
    if (loss < 0) ++delta.better;
    binary = binary && !IsTyped(metric) &&
             (Ratio(*was) == 0 || Ratio(*was) == 1) &&
             (Ratio(*now) == 0 || Ratio(*now) == 1);
  }
  delta.baseline = Ratio(before);
  delta.candidate = Ratio(after);
  std::vector<base::PairedRatioTally> tallies;
  tallies.reserve(clusters.size());
  for (const auto& [commit, tally] : clusters) tallies.push_back(tally);
  if (binary && tallies.size() > 1) {
    tallies.insert(tallies.end(), std::begin(kUnseenPairs),
                   std::end(kUnseenPairs));
  }
  delta.delta = WithBounds(
      delta.candidate - delta.baseline,
      base::BootstrapRatioDifference(tallies, {.confidence = confidence}));
  if (binary && !delta.losses.empty()) {
    const auto p = base::McNemarExactP(delta.better, delta.worse);
    if (p.ok()) delta.p_value = *p;
  }
  return delta;
}

RowDelta DeltaOfRow(const Pair& pair, std::span<const std::string> metrics) {
  RowDelta row{.item_id = pair.candidate->item_id,
               .sample = pair.candidate->sample,
               .deltas = {},
               .baseline_text = pair.baseline->raw_text,
               .candidate_text = pair.candidate->raw_text};
  for (const std::string& metric : metrics) {
    const auto was = ValueOf(*pair.baseline, metric);
    const auto now = ValueOf(*pair.candidate, metric);
    MetricValue value{.metric = metric, .value = std::nullopt, .reason = ""};
    if (was.has_value() && now.has_value()) {
      value.value = *now - *was;
    } else {
      value.reason =
          was.has_value() ? "missing_in_candidate" : "missing_in_baseline";
    }
    row.deltas.push_back(std::move(value));
  }
  return row;
}

// How bad a pair is, for showing the worst first: the largest loss of any
// metric, each on its own scale of at most 1.
double Badness(const RowDelta& row) {
  double worst = -1e9;
  for (const MetricValue& delta : row.deltas) {
    if (!delta.value.has_value()) continue;
    double loss = HigherIsBetter(delta.metric) ? -*delta.value : *delta.value;
    if (delta.metric == "chrf" || delta.metric == "bleu") loss /= 100;
    if (delta.metric == kRejectedChars) loss /= 40'000;
    worst = std::max(worst, loss);
  }
  return worst;
}

}  // namespace

const MetricDelta* Comparison::Find(std::string_view metric) const {
  const auto found =
      std::find_if(deltas.begin(), deltas.end(),
                   [&](const MetricDelta& d) { return d.metric == metric; });
  return found == deltas.end() ? nullptr : &*found;
}

bool HigherIsBetter(std::string_view metric) {
  return std::find(kLowerIsBetter.begin(), kLowerIsBetter.end(), metric) ==
         kLowerIsBetter.end();
}

bool IsSimilarity(std::string_view metric) {
  return std::find(kSimilarities.begin(), kSimilarities.end(), metric) !=
         kSimilarities.end();
}

std::vector<MetricSummary> Summarize(std::span<const Row> rows) {
  std::vector<MetricSummary> summaries;
  for (const std::string& metric : MetricsOf(rows)) {
    MetricSummary summary{.metric = metric};
    std::map<std::string, RatioTally> clusters;
    std::vector<double> values;
    RatioTally all;
    for (const Row& row : rows) {
      if (!row.scored) continue;
      const auto part = PartOf(row, metric);
      if (!part.has_value()) {
        ++summary.missing;
        continue;
      }
      Add(clusters[row.commit], *part);
      Add(all, *part);
      if (part->denominator > 0) values.push_back(Ratio(*part));
    }
    if (all.denominator == 0) continue;
    summary.rows = static_cast<std::int64_t>(values.size());
    std::vector<RatioTally> tallies;
    tallies.reserve(clusters.size());
    for (const auto& [commit, tally] : clusters) tallies.push_back(tally);
    summary.mean = WithBounds(
        Ratio(all),
        base::BootstrapRatio(tallies, {.resamples = kSummaryResamples}));
    summary.p10 = Quantile(values, 0.1);
    summary.p90 = Quantile(values, 0.9);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

absl::StatusOr<Comparison> Compare(std::span<const Row> baseline,
                                   std::span<const Row> candidate,
                                   std::size_t max_rows, double confidence) {
  std::map<Key, const Row*> before;
  for (const Row& row : baseline) {
    if (row.scored) before.emplace(Key(row.item_id, row.sample), &row);
  }
  Comparison comparison;
  comparison.confidence = confidence;
  std::vector<Pair> pairs;
  std::set<std::string> commits;
  for (const Row& row : candidate) {
    if (!row.scored) continue;
    const auto found = before.find(Key(row.item_id, row.sample));
    if (found == before.end()) {
      ++comparison.missing_rows;
      continue;
    }
    pairs.push_back({found->second, &row});
    commits.insert(row.commit);
  }
  comparison.missing_rows +=
      static_cast<std::int64_t>(before.size() - pairs.size());
  if (pairs.empty()) {
    return absl::FailedPreconditionError(
        "the two runs have no scored row in common");
  }
  comparison.clusters = static_cast<std::int64_t>(commits.size());

  const std::vector<std::string> metrics = MetricsOf(baseline);
  for (const std::string& metric : metrics) {
    MetricDelta delta = DeltaOf(metric, pairs, confidence);
    if (delta.pairs > 0) comparison.deltas.push_back(std::move(delta));
  }
  comparison.rows.reserve(pairs.size());
  for (const Pair& pair : pairs) {
    comparison.rows.push_back(DeltaOfRow(pair, metrics));
  }
  std::stable_sort(comparison.rows.begin(), comparison.rows.end(),
                   [](const RowDelta& a, const RowDelta& b) {
                     return Badness(a) > Badness(b);
                   });
  if (comparison.rows.size() > max_rows) comparison.rows.resize(max_rows);
  return comparison;
}

}  // namespace evalloop::evaluator
