#ifndef EVALLOOP_EVALUATOR_DOMAIN_STRATA_H_
#define EVALLOOP_EVALUATOR_DOMAIN_STRATA_H_

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>

#include "evaluator/domain/benchmark.h"

namespace evalloop::evaluator {

// How many of each stratum make `wanted` in all, in proportion to their sizes
// (largest remainders; of equal ones the first by name). `wanted` is at most
// the sum of the sizes, and so is each part of its stratum's size.
std::map<std::string, std::size_t> Quotas(
    const std::map<std::string, std::size_t>& sizes, std::size_t wanted);

// Ids of the items that are held out: of each task, class and language `share`
// (in [0, 1]), by the order of their ids' hashes, so that the same items always
// give the same choice.
std::set<std::string> ChooseHoldout(std::span<const Item> items, double share);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_STRATA_H_
