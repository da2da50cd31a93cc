#include "evaluator/domain/run_outcomes.h"

#include <algorithm>
#include <iterator>

#include "evaluator/domain/clustered_error.h"
#include "evaluator/domain/paired_rows.h"
#include "evaluator/domain/row_values.h"
#include "fmt/format.h"

namespace evalloop::evaluator {
namespace {

using base::RatioTally;

// A mean of numbers that were summed up in another order than they were made.
constexpr double kRounding = 1e-9;

constexpr RatioTally kUnseenRows[] = {{1, 1}, {0, 1}};

template <class TallyOf>
Estimate MeanOf(const RunOutcomes& outcomes, const ItemIndex& index,
                std::span<const std::uint32_t> items, bool binary, double range,
                TallyOf tally_of) {
  std::map<std::uint32_t, RatioTally> clusters;
  RatioTally all;
  for (const std::uint32_t item : items) {
    const ItemOutcome* const outcome = outcomes.Find(item);
    if (outcome == nullptr) continue;
    const RatioTally tally = tally_of(*outcome);
    AddTo(clusters[index.ClusterOf(item)], tally);
    AddTo(all, tally);
  }
  std::vector<RatioTally> tallies;
  tallies.reserve(clusters.size() + std::size(kUnseenRows));
  for (const auto& [cluster, tally] : clusters) tallies.push_back(tally);
  if (binary && tallies.size() > 1) {
    tallies.insert(tallies.end(), std::begin(kUnseenRows),
                   std::end(kUnseenRows));
  }
  Estimate mean = Around(RatioOf(all), ClusteredError(tallies), tallies.size());
  if (mean.lower) mean.lower = std::max(*mean.lower, 0.0);
  if (mean.upper) mean.upper = std::min(*mean.upper, range);
  return mean;
}

}  // namespace

double RangeOf(std::string_view metric) {
  return metric == "bleu" || metric == "chrf" ? 100 : 1;
}

std::string FinishedRun::Revision() const {
  return fmt::format("{}@{}", prompt, version);
}

std::uint32_t ItemIndex::Of(std::string_view item_id, std::string_view commit) {
  if (const auto at = items_.find(item_id); at != items_.end()) {
    return at->second;
  }
  const auto item = static_cast<std::uint32_t>(clusters_.size());
  items_.emplace(item_id, item);
  clusters_.push_back(
      commits_
          .try_emplace(std::string(commit),
                       static_cast<std::uint32_t>(commits_.size()))
          .first->second);
  return item;
}

std::vector<const ItemFacts*> ItemIndex::Facts(const FactsById& facts) const {
  std::vector<const ItemFacts*> of_items(size(), nullptr);
  for (const auto& [id, item] : items_) {
    const auto found = facts.find(id);
    if (found != facts.end()) of_items[item] = &found->second;
  }
  return of_items;
}

const ItemOutcome* RunOutcomes::Find(std::uint32_t item) const {
  return item < items.size() && items[item].tasks > 0 ? &items[item] : nullptr;
}

void AddRow(const Row& row, const MetricTerms& terms, ItemIndex& index,
            RunOutcomes& outcomes) {
  const auto part = PartOf(row, terms.metric);
  if (!part.has_value()) {
    ++outcomes.valueless;
    return;
  }
  const std::uint32_t item = index.Of(row.item_id, row.commit);
  if (outcomes.items.size() <= item) outcomes.items.resize(item + 1);
  ItemOutcome& outcome = outcomes.items[item];
  AddTo(outcome.quality, *part);
  const double value = RatioOf(*part);
  outcomes.binary =
      outcomes.binary && !IsTyped(terms.metric) && (value == 0 || value == 1);
  ++outcome.tasks;
  outcome.completed +=
      part->denominator > 0 && value >= terms.completed_at - kRounding;
  outcome.cost_micros += row.cost_micros;
  outcome.unpriced += row.cost_micros == 0;
  // Typing a line asks again at each token; that is one call each.
  const std::int64_t calls =
      row.tally.has_value() ? std::max<std::int64_t>(row.tally->requests, 1)
                            : 1;
  outcomes.calls += calls;
  outcomes.attempts += row.attempts == 0 ? calls : row.attempts;
  outcomes.untold += row.attempts == 0;
}

double OutcomeSum::Quality() const { return RatioOf(quality); }

std::optional<double> OutcomeSum::CostPerTask() const {
  if (unpriced >= tasks) return std::nullopt;
  return cost_micros / static_cast<double>(tasks);
}

OutcomeSum SumOf(const RunOutcomes& outcomes,
                 std::span<const std::uint32_t> items) {
  OutcomeSum sum;
  for (const std::uint32_t item : items) {
    const ItemOutcome* const outcome = outcomes.Find(item);
    if (outcome == nullptr) continue;
    ++sum.items;
    sum.tasks += outcome->tasks;
    sum.completed += outcome->completed;
    sum.unpriced += outcome->unpriced;
    sum.cost_micros += static_cast<double>(outcome->cost_micros);
    AddTo(sum.quality, outcome->quality);
  }
  return sum;
}

Estimate QualityOf(const RunOutcomes& outcomes, const ItemIndex& index,
                   std::span<const std::uint32_t> items, double range) {
  return MeanOf(outcomes, index, items, outcomes.binary, range,
                [](const ItemOutcome& outcome) { return outcome.quality; });
}

Estimate CompletedShareOf(const RunOutcomes& outcomes, const ItemIndex& index,
                          std::span<const std::uint32_t> items) {
  return MeanOf(outcomes, index, items, /*binary=*/true, /*range=*/1,
                [](const ItemOutcome& outcome) {
                  return RatioTally{static_cast<double>(outcome.completed),
                                    static_cast<double>(outcome.tasks)};
                });
}

bool PairedGain::ToldApart() const {
  return gain.lower && gain.upper && (*gain.lower > 0 || *gain.upper < 0);
}

std::optional<PairedGain> GainOf(const RunOutcomes& from, const RunOutcomes& to,
                                 const ItemIndex& index,
                                 std::span<const std::uint32_t> items) {
  std::map<std::uint32_t, base::PairedRatioTally> clusters;
  RatioTally before, after;
  PairedGain paired;
  for (const std::uint32_t item : items) {
    const ItemOutcome* const was = from.Find(item);
    const ItemOutcome* const now = to.Find(item);
    if (was == nullptr || now == nullptr) continue;
    ++paired.items;
    base::PairedRatioTally& cluster = clusters[index.ClusterOf(item)];
    AddTo(cluster.before, was->quality);
    AddTo(cluster.after, now->quality);
    AddTo(before, was->quality);
    AddTo(after, now->quality);
  }
  if (paired.items == 0) return std::nullopt;
  std::vector<base::PairedRatioTally> tallies;
  for (const auto& [cluster, tally] : clusters) tallies.push_back(tally);
  if (from.binary && to.binary && tallies.size() > 1) {
    tallies.insert(tallies.end(), std::begin(kUnseenPairs),
                   std::end(kUnseenPairs));
  }
  paired.gain = Around(RatioOf(after) - RatioOf(before),
                       ClusteredError(tallies), tallies.size());
  return paired;
}

}  // namespace evalloop::evaluator
