#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_RUN_STORE_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_RUN_STORE_H_

#include <optional>
#include <string_view>
#include <vector>

#include "evaluator/domain/ports.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// RunStore over the tables runs and run_rows. Thread-safe.
class PostgresRunStore final : public RunStore {
 public:
  // Both outlive this object.
  PostgresRunStore(postgres::Pool& pool, base::Transactor& transactor)
      : pool_(pool), transactor_(transactor) {}

  absl::StatusOr<Started> Start(base::UnitOfWork& work,
                                const Run& run) override;
  absl::StatusOr<Run> Get(std::string_view id) override;
  absl::StatusOr<listing::Page<Run>> List(
      std::string_view prompt, std::string_view benchmark,
      const listing::Request& request) override;
  absl::StatusOr<listing::Page<Row>> ListRows(
      std::string_view id, const listing::Request& request) override;
  absl::StatusOr<std::vector<Row>> AllRows(std::string_view id) override;
  absl::Status ReadRows(std::string_view id,
                        const std::function<void(Row)>& take) override;
  absl::StatusOr<std::vector<Row>> RowsAt(
      std::string_view id, std::span<const RowKey> keys) override;
  absl::StatusOr<std::optional<Run>> FindAlike(const Run& run) override;
  absl::StatusOr<std::vector<RunMean>> MeansOfReruns(const Run& run) override;
  absl::StatusOr<std::vector<ItemValue>> ItemValues(
      std::string_view benchmark, std::uint32_t version) override;
  absl::StatusOr<std::vector<std::string>> Providers(
      std::string_view id) override;
  absl::StatusOr<std::vector<std::string>> ItemsOf(
      std::string_view id) override;
  absl::StatusOr<std::vector<Row>> RowsOf(
      std::string_view id, std::span<const std::string> items) override;
  absl::StatusOr<RunDetails> Details(std::string_view id) override;
  absl::Status Record(base::UnitOfWork& work, std::string_view scorer_digest,
                      std::span<const Row> rows) override;
  absl::StatusOr<Run> Cancel(std::string_view id) override;
  absl::StatusOr<std::vector<RowKey>> Reopen(base::UnitOfWork& work,
                                             std::string_view id) override;

 private:
  postgres::Pool& pool_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_RUN_STORE_H_
