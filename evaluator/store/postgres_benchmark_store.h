#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_BENCHMARK_STORE_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_BENCHMARK_STORE_H_

#include <string_view>
#include <vector>

#include "evaluator/domain/ports.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// BenchmarkStore over the tables benchmarks, items, archived_items,
// smoke_subsets and oracles. Thread-safe.
class PostgresBenchmarkStore final : public BenchmarkStore {
 public:
  // Both outlive this object.
  PostgresBenchmarkStore(postgres::Pool& pool, base::Transactor& transactor)
      : pool_(pool), transactor_(transactor) {}

  absl::StatusOr<Benchmark> Add(const Benchmark& benchmark,
                                std::span<const Item> items,
                                std::span<const std::string> archived) override;
  absl::StatusOr<Benchmark> Get(std::string_view name,
                                std::uint32_t version) override;
  absl::StatusOr<Manifest> GetManifest(std::string_view name,
                                       std::uint32_t version) override;
  absl::StatusOr<listing::Page<Benchmark>> List(
      const listing::Request& request) override;
  absl::StatusOr<std::vector<Item>> ListItems(std::string_view name,
                                              std::uint32_t version,
                                              const Page& page) override;
  absl::StatusOr<listing::Page<Item>> QueryItems(
      std::string_view name, std::uint32_t version,
      const listing::Request& request) override;
  absl::StatusOr<Item> GetItem(std::string_view id) override;
  absl::Status RecordOracle(base::UnitOfWork& work, std::string_view name,
                            std::uint32_t version, std::string_view item_id,
                            const Oracle& oracle) override;
  absl::StatusOr<FactsById> Facts(std::string_view name,
                                  std::uint32_t version) override;
  absl::StatusOr<ItemAges> Ages(std::string_view name, std::uint32_t version,
                                absl::Time cutoff) override;
  absl::StatusOr<std::optional<SmokeSubset>> FindSmoke(
      std::string_view name, std::uint32_t version) override;
  absl::Status KeepSmoke(std::string_view name, std::uint32_t version,
                         const SmokeSubset& subset) override;
  absl::StatusOr<std::set<std::string>> Quarantined(
      std::string_view name, std::uint32_t version) override;

 private:
  postgres::Pool& pool_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_BENCHMARK_STORE_H_
