#ifndef EVALLOOP_EVALUATOR_TESTING_FAKE_BENCHMARK_STORE_H_
#define EVALLOOP_EVALUATOR_TESTING_FAKE_BENCHMARK_STORE_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluator/domain/ports.h"

namespace evalloop::evaluator {

// BenchmarkStore in memory, for one thread; effects apply at once.
class FakeBenchmarkStore final : public BenchmarkStore {
 public:
  absl::StatusOr<Benchmark> Add(
      const Benchmark& benchmark, std::span<const Item> items,
      std::span<const std::string> archived) override {
    Benchmark stored = benchmark;
    stored.version = 1;
    archive.insert(archive.end(), archived.begin(), archived.end());
    stored.archived = static_cast<std::uint32_t>(archive.size());
    for (const auto& [key, other] : benchmarks_) {
      if (key.first != benchmark.name) continue;
      if (other.first.digest == benchmark.digest) return other.first;
      stored.version = key.second + 1;
    }
    benchmarks_[{stored.name, stored.version}] = {stored,
                                                  {items.begin(), items.end()}};
    return stored;
  }
  absl::StatusOr<Benchmark> Get(std::string_view name,
                                std::uint32_t version) override {
    for (auto it = benchmarks_.rbegin(); it != benchmarks_.rend(); ++it) {
      if (it->first.first == name &&
          (version == 0 || it->first.second == version)) {
        return it->second.first;
      }
    }
    return absl::NotFoundError("no benchmark");
  }
  absl::StatusOr<listing::Page<Benchmark>> List(
      const listing::Request&) override {
    listing::Page<Benchmark> all;
    for (const auto& [key, value] : benchmarks_) {
      all.items.push_back(value.first);
    }
    return all;
  }
  absl::StatusOr<listing::Page<Item>> QueryItems(
      std::string_view name, std::uint32_t version,
      const listing::Request& request) override {
    auto items =
        ListItems(name, version,
                  {.size = request.page_size, .after = request.page_token});
    if (!items.ok()) return items.status();
    return listing::Page<Item>{.items = *std::move(items)};
  }
  absl::StatusOr<std::vector<Item>> ListItems(std::string_view name,
                                              std::uint32_t version,
                                              const Page& page) override {
    const auto found = benchmarks_.find({std::string(name), version});
    if (found == benchmarks_.end()) return absl::NotFoundError("no benchmark");
    std::vector<Item> out;
    bool on = page.after.empty();
    for (const Item& item : found->second.second) {
      if (on && out.size() < page.size) out.push_back(item);
      on = on || item.id == page.after;
    }
    return out;
  }
  absl::StatusOr<Item> GetItem(std::string_view id) override {
    for (const auto& [key, value] : benchmarks_) {
      for (const Item& item : value.second) {
        if (item.id == id) return item;
      }
    }
    return absl::NotFoundError("no item");
  }

  absl::Status RecordOracle(base::UnitOfWork&, std::string_view name,
                            std::uint32_t version, std::string_view item_id,
                            const Oracle& oracle) override {
    for (Item& item : benchmarks_[{std::string(name), version}].second) {
      if (item.id == item_id) item.oracle = oracle;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::set<std::string>> Quarantined(
      std::string_view name, std::uint32_t version) override {
    std::set<std::string> ids;
    for (const Item& item : benchmarks_[{std::string(name), version}].second) {
      if (item.Quarantined()) {
        ids.insert(item.id);
      }
    }
    return ids;
  }
  absl::StatusOr<FactsById> Facts(std::string_view name,
                                  std::uint32_t version) override {
    FactsById facts;
    for (const Item& item : benchmarks_[{std::string(name), version}].second) {
      facts[item.id] = {.repository = item.repository,
                        .path = item.path,
                        .language = item.language,
                        .commit = item.parent,
                        .line = item.line,
                        .item_class = item.item_class,
                        .tags = item.tags,
                        .task = item.task,
                        .holdout = item.holdout};
    }
    return facts;
  }
  absl::StatusOr<ItemAges> Ages(std::string_view name, std::uint32_t version,
                                absl::Time cutoff) override {
    ItemAges ages;
    for (const Item& item : benchmarks_[{std::string(name), version}].second) {
      if (!item.Dated()) {
        ages.undated.insert(item.id);
      } else if (item.author_time <= cutoff) {
        ages.older.insert(item.id);
      }
    }
    return ages;
  }
  absl::StatusOr<Manifest> GetManifest(std::string_view name,
                                       std::uint32_t version) override {
    Manifest manifest;
    for (const Item& item : benchmarks_[{std::string(name), version}].second) {
      if (item.holdout && !manifest.holdout) manifest.holdout.emplace();
      ++(item.holdout ? *manifest.holdout : manifest.full).items;
    }
    return manifest;
  }
  absl::StatusOr<std::optional<SmokeSubset>> FindSmoke(std::string_view,
                                                       std::uint32_t) override {
    return smoke;
  }
  absl::Status KeepSmoke(std::string_view, std::uint32_t,
                         const SmokeSubset& subset) override {
    smoke = subset;
    return absl::OkStatus();
  }

  std::optional<SmokeSubset> smoke;
  std::vector<std::string> archive;  // Ids, in the order of their archiving.

 private:
  std::map<std::pair<std::string, std::uint32_t>,
           std::pair<Benchmark, std::vector<Item>>>
      benchmarks_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_FAKE_BENCHMARK_STORE_H_
