#include "evaluator/domain/run_summary.h"

#include <utility>

namespace evalloop::evaluator {
namespace {

constexpr int kResamples = 2'000;

}  // namespace

void RunSummary::Add(const Row& row) {
  if (row.tally.has_value()) tally_ += *row.tally;
  if (!row.scored) return;
  ++scored_;
  const std::size_t commit =
      commits_.try_emplace(row.commit, commits_.size()).first->second;
  names_.Add(row);
  for (const std::string& name : names_.sorted()) {
    const auto part = PartOf(row, name);
    if (!part.has_value()) continue;
    Sums& sums = metrics_[name];
    ++sums.parts;
    if (sums.clusters.size() <= commit) sums.clusters.resize(commit + 1);
    if (!sums.clusters[commit]) sums.clusters[commit].emplace();
    AddTo(*sums.clusters[commit], *part);
    AddTo(sums.all, *part);
    if (part->denominator > 0) sums.values.push_back(RatioOf(*part));
  }
}

std::vector<MetricSummary> RunSummary::Metrics() const {
  std::vector<MetricSummary> summaries;
  for (const auto& [name, sums] : metrics_) {
    if (sums.all.denominator == 0) continue;
    MetricSummary summary{.metric = name};
    summary.missing = scored_ - sums.parts;
    summary.rows = static_cast<std::int64_t>(sums.values.size());
    // By the commits' names, so that the order of rows changes no interval.
    std::vector<base::RatioTally> tallies;
    for (const auto& [commit, at] : commits_) {
      if (at < sums.clusters.size() && sums.clusters[at]) {
        tallies.push_back(*sums.clusters[at]);
      }
    }
    summary.mean =
        WithBounds(RatioOf(sums.all),
                   base::BootstrapRatio(tallies, {.resamples = kResamples}));
    std::vector<double> values = sums.values;
    summary.p10 = QuantileOf(values, 0.1);
    summary.p90 = QuantileOf(values, 0.9);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

std::vector<MetricSummary> Summarize(std::span<const Row> rows) {
  RunSummary summary;
  for (const Row& row : rows) summary.Add(row);
  return summary.Metrics();
}

}  // namespace evalloop::evaluator
