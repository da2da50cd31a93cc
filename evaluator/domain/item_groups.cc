#include "evaluator/domain/item_groups.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace evalloop::evaluator {
namespace {

// Of a dimension; smaller groups are pooled.
constexpr std::size_t kMaxGroups = 40;

using Members = std::vector<std::uint32_t>;

void Split(std::string_view dimension, std::map<std::string, Members> by_name,
           std::size_t all, std::vector<ItemGroup>& groups) {
  std::erase_if(by_name,
                [&](const auto& group) { return group.second.size() == all; });
  std::vector<std::pair<std::string, Members>> large;
  for (auto& [name, members] : by_name) {
    large.emplace_back(name, std::move(members));
  }
  std::stable_sort(large.begin(), large.end(),
                   [](const auto& a, const auto& b) {
                     return a.second.size() > b.second.size();
                   });
  std::vector<std::string> pooled;
  Members others;
  while (!large.empty() && (large.back().second.size() < kSmallGroup ||
                            large.size() > kMaxGroups)) {
    pooled.push_back(std::move(large.back().first));
    others.insert(others.end(), large.back().second.begin(),
                  large.back().second.end());
    large.pop_back();
  }
  const std::string named(dimension);
  for (auto& [name, members] : large) {
    groups.push_back({named, std::move(name), {}, std::move(members)});
  }
  if (pooled.empty()) return;
  // One with several small tags is in there once.
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  std::sort(pooled.begin(), pooled.end());
  groups.push_back({named, "other", std::move(pooled), std::move(others)});
}

}  // namespace

std::vector<ItemGroup> GroupByFacts(std::span<const ItemFacts* const> facts) {
  std::map<std::string, Members> classes, languages, tags;
  for (std::uint32_t at = 0; at < facts.size(); ++at) {
    if (facts[at] == nullptr) continue;
    const ItemFacts& item = *facts[at];
    if (!item.item_class.empty()) classes[item.item_class].push_back(at);
    if (!item.language.empty()) languages[item.language].push_back(at);
    for (const std::string& tag : item.tags) tags[tag].push_back(at);
  }
  std::vector<ItemGroup> groups;
  Split("class", std::move(classes), facts.size(), groups);
  Split("language", std::move(languages), facts.size(), groups);
  Split("tag", std::move(tags), facts.size(), groups);
  return groups;
}

}  // namespace evalloop::evaluator
