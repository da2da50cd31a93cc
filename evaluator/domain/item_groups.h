#ifndef EVALLOOP_EVALUATOR_DOMAIN_ITEM_GROUPS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_ITEM_GROUPS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evaluator/domain/comparison.h"

namespace evalloop::evaluator {

// Members (pairs, items) whose item has something in common.
struct ItemGroup {
  std::string dimension;               // class, language or tag.
  std::string name;                    // "other": the small ones in `pooled`.
  std::vector<std::string> pooled;     // In order.
  std::vector<std::uint32_t> members;  // In order.
};

// Groups by class, language and tag, of each dimension the largest first. Those
// of under kSmallGroup members, and those beyond the 40 largest, are one group
// "other"; a group of everything is left out: it says nothing that the whole
// does not. `facts` has those of each member's item; null: not known.
std::vector<ItemGroup> GroupByFacts(std::span<const ItemFacts* const> facts);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_ITEM_GROUPS_H_
