#include "evaluator/domain/recommendation.h"

#include <numeric>
#include <utility>

#include "evaluator/domain/item_groups.h"
#include "fmt/format.h"

namespace evalloop::evaluator {
namespace {

// 0.97 of a quality of 1 is near, however it was summed up.
constexpr double kRounding = 1e-12;

struct Contender {
  const RunOutcomes* run = nullptr;
  OutcomeSum sum;
  std::optional<double> cost;
};

std::vector<Contender> ContendersOn(std::span<const RunOutcomes> runs,
                                    std::span<const std::uint32_t> items) {
  std::vector<Contender> contenders;
  for (const RunOutcomes& run : runs) {
    Contender contender{.run = &run, .sum = SumOf(run, items), .cost = {}};
    if (contender.sum.quality.denominator == 0) continue;
    contender.cost = contender.sum.CostPerTask();
    contenders.push_back(contender);
  }
  return contenders;
}

bool Cheaper(const Contender& a, const Contender& b) {
  return a.cost.has_value() && b.cost.has_value() && *a.cost < *b.cost;
}

// Of equals the cheapest; one with a price before one without.
const Contender& BestOf(std::span<const Contender> contenders) {
  const Contender* best = &contenders.front();
  for (const Contender& one : contenders) {
    const double more = one.sum.Quality() - best->sum.Quality();
    const bool cheaper = Cheaper(one, *best) ||
                         (one.cost.has_value() && !best->cost.has_value());
    if (more > 0 || (more == 0 && cheaper)) best = &one;
  }
  return *best;
}

const Contender& CheapestNear(const Contender& best,
                              std::span<const Contender> contenders,
                              double near_share) {
  const double enough = best.sum.Quality() * (1 - near_share) - kRounding;
  const Contender* cheapest = &best;
  for (const Contender& one : contenders) {
    if (one.sum.Quality() >= enough && Cheaper(one, *cheapest)) cheapest = &one;
  }
  return *cheapest;
}

std::string DifferenceText(const PairedGain& paired, std::string_view metric) {
  std::string text = fmt::format("{:+.4f}", paired.gain.value);
  if (paired.gain.lower && paired.gain.upper) {
    text += fmt::format(" [{:+.4f}, {:+.4f}]", *paired.gain.lower,
                        *paired.gain.upper);
  }
  return text + fmt::format(" {} on {} items of both", metric, paired.items);
}

std::string ReasonFor(const Contender& best, const Contender& taken,
                      std::span<const Contender> contenders,
                      const ItemIndex& index,
                      std::span<const std::uint32_t> items,
                      std::string_view metric, double near_share) {
  const std::string near = fmt::format("{:g} % of it", 100 * near_share);
  if (&best == &taken) {
    if (contenders.size() == 1) return "the only one that was measured";
    if (!best.cost.has_value()) {
      return "its price is not known, so that nothing is known to be cheaper";
    }
    bool cheaper = false;
    for (const Contender& one : contenders) {
      cheaper = cheaper || Cheaper(one, best);
    }
    return cheaper ? "nothing cheaper comes within " + near
                   : "nothing is cheaper";
  }
  const auto paired = GainOf(*best.run, *taken.run, index, items);
  if (!paired.has_value()) {
    return "within " + near + "; they have no item in common to compare on";
  }
  const std::string difference = DifferenceText(*paired, metric);
  if (!paired->ToldApart()) {
    return difference + ": they can't be told apart";
  }
  return difference + (paired->gain.value < 0 ? ": worse, but within " + near
                                              : ": no worse, and cheaper");
}

}  // namespace

std::vector<Recommendation> Recommend(std::span<const RunOutcomes> runs,
                                      const ItemIndex& index,
                                      const FactsById& facts,
                                      const MetricTerms& terms,
                                      double near_share) {
  ItemGroup overall{.dimension = "overall", .name = "", .pooled = {}};
  overall.members.resize(index.size());
  std::iota(overall.members.begin(), overall.members.end(), 0u);
  std::vector<ItemGroup> groups = GroupByFacts(index.Facts(facts));
  groups.insert(groups.begin(), std::move(overall));

  std::vector<Recommendation> recommendations;
  for (ItemGroup& group : groups) {
    const std::vector<Contender> contenders = ContendersOn(runs, group.members);
    if (contenders.empty()) continue;
    const Contender& best = BestOf(contenders);
    const Contender& taken = CheapestNear(best, contenders, near_share);
    const auto quality = [&](const Contender& one) {
      return QualityOf(*one.run, index, group.members, terms.range);
    };
    Recommendation made{.dimension = std::move(group.dimension),
                        .name = std::move(group.name),
                        .best = best.run->run.Revision(),
                        .best_quality = quality(best),
                        .recommended = taken.run->run.Revision(),
                        .recommended_quality = quality(taken),
                        .saves_share = std::nullopt,
                        .items = best.sum.items,
                        .reason = ""};
    if (best.cost.has_value() && *best.cost > 0) {
      made.saves_share = 1 - *taken.cost / *best.cost;
    }
    made.reason = ReasonFor(best, taken, contenders, index, group.members,
                            terms.metric, near_share);
    recommendations.push_back(std::move(made));
  }
  return recommendations;
}

}  // namespace evalloop::evaluator
