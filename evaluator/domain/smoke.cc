#include "evaluator/domain/smoke.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "evaluator/domain/strata.h"
#include "platform/base/crypto.h"

namespace evalloop::evaluator {
namespace {

constexpr std::size_t kFewest = 50;
constexpr std::size_t kMost = 150;
constexpr std::size_t kOneOf = 5;

std::size_t RevisionsOf(std::span<const ItemValue> values) {
  std::set<std::string_view> digests;
  for (const ItemValue& value : values) digests.insert(value.revision_digest);
  return digests.size();
}

double Variance(const std::vector<double>& values) {
  double sum = 0, squares = 0;
  for (const double value : values) {
    sum += value;
    squares += value * value;
  }
  const double count = static_cast<double>(values.size());
  return values.size() < 2
             ? 0
             : std::max(0.0, squares / count - (sum / count) * (sum / count));
}

}  // namespace

SmokeSubset ChooseSmoke(const FactsById& facts,
                        std::span<const ItemValue> values) {
  std::map<std::string_view, std::vector<double>> by_item;
  for (const ItemValue& value : values) {
    by_item[value.item_id].push_back(value.value);
  }
  // The more an item discriminates, the earlier; then a hash, which is no order
  // that the benchmark was made in.
  using Ranked = std::tuple<double, std::string, std::string>;
  std::map<std::string, std::vector<Ranked>> strata;
  std::size_t ranked = 0;
  for (const auto& [id, item] : facts) {
    if (item.holdout) continue;
    ++ranked;
    const auto found = by_item.find(id);
    const double variance =
        found == by_item.end() ? 0 : Variance(found->second);
    strata[item.task + "/" + item.item_class + "/" + item.language]
        .emplace_back(-variance, base::Sha256Hex(id), id);
  }
  const std::size_t wanted =
      std::min(ranked, std::clamp(ranked / kOneOf, kFewest, kMost));
  SmokeSubset subset{.items = {}, .revisions = RevisionsOf(values)};
  std::map<std::string, std::size_t> sizes;
  for (auto& [name, items] : strata) {
    std::sort(items.begin(), items.end());
    sizes[name] = items.size();
  }
  for (const auto& [name, quota] : Quotas(sizes, wanted)) {
    for (std::size_t i = 0; i < std::min(quota, sizes[name]); ++i) {
      subset.items.push_back(std::get<2>(strata[name][i]));
    }
  }
  std::sort(subset.items.begin(), subset.items.end());
  return subset;
}

bool IsOutdated(const SmokeSubset& subset, std::span<const ItemValue> values) {
  const std::size_t known = RevisionsOf(values);
  return known >= 2 && known >= 2 * subset.revisions;
}

std::string DigestOf(std::span<const std::string> item_ids) {
  std::string all;
  for (const std::string& id : item_ids) all += id + "\n";
  return base::Sha256Hex(all);
}

}  // namespace evalloop::evaluator
