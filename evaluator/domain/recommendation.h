#ifndef EVALLOOP_EVALUATOR_DOMAIN_RECOMMENDATION_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RECOMMENDATION_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluator/domain/run_outcomes.h"

namespace evalloop::evaluator {

// Which revision for which kind of item.
struct Recommendation {
  std::string dimension;  // overall, class, language or tag.
  std::string name;  // Of overall: empty. "other": the small ones together.
  std::string best;  // Highest quality, of equals the cheapest.
  Estimate best_quality;
  // Cheapest within the near share of the best's quality.
  std::string recommended;
  Estimate recommended_quality;
  std::optional<double> saves_share;  // Of the best's cost; absent: no price.
  std::uint32_t items = 0;            // That the best has a value of.
  std::string reason;
};

// Overall, then by group of items (item_groups.h). `near_share`, in [0, 1): the
// loss of quality, as a share of the best's, that a cheaper revision may have.
// Whether two can be told apart is said by their paired difference on the items
// that both have; its interval is 95 % for each group, not for all together.
// None for no run. Pure.
std::vector<Recommendation> Recommend(std::span<const RunOutcomes> runs,
                                      const ItemIndex& index,
                                      const FactsById& facts,
                                      const MetricTerms& terms,
                                      double near_share);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RECOMMENDATION_H_
