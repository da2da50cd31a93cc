#include "evaluator/domain/recommend.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "evaluator/domain/row_values.h"
#include "fmt/format.h"

namespace evalloop::evaluator {
namespace {

using Items = std::set<std::string>;

constexpr int kResamples = 2'000;

bool Holds(const Items* items, const std::string& id) {
  return items == nullptr || items->contains(id);
}

std::optional<double> CostOn(const PricedRun& run, const Items* items) {
  if (!run.Priced()) return std::nullopt;
  double cost = 0, tasks = 0;
  for (const auto& [id, item] : run.items()) {
    if (!Holds(items, id)) continue;
    cost += static_cast<double>(item.cost_micros);
    tasks += static_cast<double>(item.tasks);
  }
  if (tasks == 0) return std::nullopt;
  return cost / tasks;
}

double RankOf(const PricedRun& run, const Estimate& quality) {
  return run.scale().higher_is_better ? quality.value : -quality.value;
}

// `other` minus `best` on the items that both have.
std::optional<base::Estimate> DifferenceOf(const PricedRun& best,
                                           const PricedRun& other,
                                           const Items* items) {
  std::map<std::string_view, base::PairedRatioTally> clusters;
  for (const auto& [id, item] : best.items()) {
    if (!Holds(items, id) || item.values == 0) continue;
    const auto found = other.items().find(id);
    if (found == other.items().end() || found->second.values == 0) continue;
    base::PairedRatioTally& cluster = clusters[item.commit];
    AddTo(cluster.before, {item.sum / static_cast<double>(item.values), 1});
    AddTo(cluster.after,
          {found->second.sum / static_cast<double>(found->second.values), 1});
  }
  std::vector<base::PairedRatioTally> tallies;
  for (const auto& [commit, tally] : clusters) tallies.push_back(tally);
  const auto difference =
      base::BootstrapRatioDifference(tallies, {.resamples = kResamples});
  if (!difference.ok()) return std::nullopt;
  return *difference;
}

std::string ReasonOf(const PricedRun& best, const PricedRun& chosen,
                     const Items* items, std::optional<double> saves,
                     bool priced) {
  if (&best == &chosen) {
    return priced ? "the best; no cheaper one is near enough"
                  : "the best; no price is known of it";
  }
  const auto difference = DifferenceOf(best, chosen, items);
  std::string words = fmt::format("saves {:.0f} % of what the best costs",
                                  100 * saves.value_or(0));
  if (!difference) return words + "; too few commits for an interval";
  words += fmt::format("; {:+.3f} [{:+.3f}, {:+.3f}] against it",
                       difference->value, difference->low, difference->high);
  if (difference->low <= 0 && difference->high >= 0) {
    words += ": the two can't be told apart";
  }
  return words;
}

Recommendation RecommendFor(std::span<const PricedRun> runs,
                            std::string dimension, std::string name,
                            const Items* items, std::int64_t count,
                            double near_share) {
  struct Entry {
    const PricedRun* run;
    Estimate quality;
    std::optional<double> cost;
  };
  std::vector<Entry> entries;
  for (const PricedRun& run : runs) {
    entries.push_back({&run, QualityOn(run, items), CostOn(run, items)});
  }
  const Entry& best = *std::max_element(
      entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
        return RankOf(*a.run, a.quality) < RankOf(*b.run, b.quality);
      });
  const double slack = near_share * std::abs(best.quality.value);
  const Entry* chosen = &best;
  for (const Entry& entry : entries) {
    const bool near =
        RankOf(*best.run, best.quality) - RankOf(*entry.run, entry.quality) <=
        slack;
    if (near && entry.cost && (!chosen->cost || *entry.cost < *chosen->cost)) {
      chosen = &entry;
    }
  }
  Recommendation out{.dimension = std::move(dimension),
                     .name = std::move(name),
                     .best = best.run->Name(),
                     .best_quality = best.quality,
                     .recommended = chosen->run->Name(),
                     .recommended_quality = chosen->quality,
                     .items = count};
  if (best.cost && chosen->cost && *best.cost > 0) {
    out.saves_share = 1 - *chosen->cost / *best.cost;
  }
  out.reason = ReasonOf(*best.run, *chosen->run, items, out.saves_share,
                        best.cost.has_value());
  return out;
}

}  // namespace

Estimate QualityOn(const PricedRun& run, const Items* items) {
  std::map<std::string_view, base::RatioTally> clusters;
  base::RatioTally all;
  for (const auto& [id, item] : run.items()) {
    if (!Holds(items, id)) continue;
    const base::RatioTally part{item.sum, static_cast<double>(item.values)};
    AddTo(clusters[item.commit], part);
    AddTo(all, part);
  }
  return EstimateOf(all, clusters);
}

std::vector<Recommendation> Recommend(std::span<const PricedRun> runs,
                                      const FactsById& facts,
                                      double near_share) {
  std::map<std::pair<std::string, std::string>, Items> groups;
  Items all;
  for (const PricedRun& run : runs) {
    for (const auto& [id, item] : run.items()) all.insert(id);
  }
  for (const std::string& id : all) {
    const auto found = facts.find(id);
    if (found == facts.end()) continue;
    groups[{"class", found->second.item_class}].insert(id);
    groups[{"language", found->second.language}].insert(id);
    for (const std::string& tag : found->second.tags) {
      groups[{"tag", tag}].insert(id);
    }
  }
  std::vector<Recommendation> out;
  out.push_back(RecommendFor(runs, "overall", "", nullptr,
                             static_cast<std::int64_t>(all.size()),
                             near_share));
  for (const auto& [key, items] : groups) {
    const auto count = static_cast<std::int64_t>(items.size());
    // A group of all items says nothing that overall does not.
    if (key.second.empty() || count < kSmallGroup || items == all) continue;
    out.push_back(
        RecommendFor(runs, key.first, key.second, &items, count, near_share));
  }
  return out;
}

}  // namespace evalloop::evaluator
