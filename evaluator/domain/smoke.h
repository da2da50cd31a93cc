#ifndef EVALLOOP_EVALUATOR_DOMAIN_SMOKE_H_
#define EVALLOOP_EVALUATOR_DOMAIN_SMOKE_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "evaluator/domain/comparison.h"

namespace evalloop::evaluator {

// How one revision did on one item.
struct ItemValue {
  std::string item_id;
  std::string revision_digest;
  double value = 0;
};

// The part of a benchmark version for a quick look.
struct SmokeSubset {
  std::vector<std::string> items;  // In order of their ids.
  std::size_t revisions = 0;       // That it was chosen by.
};

// A fifth of the items that are not held out, at least 50 and at most 150: each
// task, class and language gets its share, and of each those on which revisions
// differ most (variance of `values` over revisions); where nothing tells them
// apart, by a hash of the id. Depends on its arguments alone.
SmokeSubset ChooseSmoke(const FactsById& facts,
                        std::span<const ItemValue> values);

// Whether a subset is worth choosing again: twice the revisions are known.
bool IsOutdated(const SmokeSubset& subset, std::span<const ItemValue> values);

// Lower-case hex sha256 over the ids in order.
std::string DigestOf(std::span<const std::string> item_ids);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_SMOKE_H_
