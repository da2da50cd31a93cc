#ifndef EVALLOOP_EVALUATOR_DOMAIN_RECOMMEND_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RECOMMEND_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/domain/frontier.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {

// The ratio of sums with its interval over commits; no bounds where there are
// too few.
Estimate EstimateOf(
    const base::RatioTally& all,
    const std::map<std::string_view, base::RatioTally>& clusters);

// Mean of the metric on `items` (null: all).
Estimate QualityOn(const PricedRun& run, const std::set<std::string>* items);

// For all items, then for each class, language and tag with kSmallGroup items
// or more: the best run, and the cheapest within `near_share` of its quality.
std::vector<Recommendation> Recommend(std::span<const PricedRun> runs,
                                      const FactsById& facts,
                                      double near_share);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RECOMMEND_H_
