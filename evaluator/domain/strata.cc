#include "evaluator/domain/strata.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/base/crypto.h"

namespace evalloop::evaluator {

std::map<std::string, std::size_t> Quotas(
    const std::map<std::string, std::size_t>& sizes, std::size_t wanted) {
  std::size_t all = 0;
  for (const auto& [name, size] : sizes) all += size;
  std::map<std::string, std::size_t> quotas;
  // What is left of each stratum's share, largest first.
  std::vector<std::tuple<double, std::string>> remainders;
  std::size_t given = 0;
  for (const auto& [name, size] : sizes) {
    const double share = static_cast<double>(wanted) *
                         static_cast<double>(size) / static_cast<double>(all);
    quotas[name] = static_cast<std::size_t>(share);
    given += quotas[name];
    remainders.emplace_back(static_cast<double>(quotas[name]) - share, name);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; given < wanted && i < remainders.size(); ++i) {
    ++quotas[std::get<1>(remainders[i])];
    ++given;
  }
  return quotas;
}

std::set<std::string> ChooseHoldout(std::span<const Item> items, double share) {
  std::map<std::string, std::vector<std::pair<std::string, std::string>>>
      strata;
  std::map<std::string, std::size_t> sizes;
  for (const Item& item : items) {
    const std::string stratum =
        fmt::format("{}/{}/{}", item.task, item.item_class, item.language);
    // Another hash than the smoke subset's, which would else take what is left
    // of the very same order.
    strata[stratum].emplace_back(base::Sha256Hex("holdout\n" + item.id),
                                 item.id);
    ++sizes[stratum];
  }
  std::set<std::string> chosen;
  const auto wanted = static_cast<std::size_t>(
      std::lround(share * static_cast<double>(items.size())));
  const auto quotas = Quotas(sizes, std::min(wanted, items.size()));
  for (auto& [stratum, ranked] : strata) {
    std::sort(ranked.begin(), ranked.end());
    ranked.resize(std::min(ranked.size(), quotas.at(stratum)));
    for (auto& [hash, id] : ranked) chosen.insert(std::move(id));
  }
  return chosen;
}

}  // namespace evalloop::evaluator
