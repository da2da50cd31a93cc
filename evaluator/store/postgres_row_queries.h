#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_ROW_QUERIES_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_ROW_QUERIES_H_

#include <optional>
#include <string>
#include <string_view>

#include "evaluator/domain/row_queries.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// RowQueries as single statements over run_rows, runs and items: sums by group
// and commit are made in the database. Thread-safe.
class PostgresRowQueries final : public RowQueries {
 public:
  // The pool outlives this object.
  explicit PostgresRowQueries(postgres::Pool& pool) : pool_(pool) {}

  absl::StatusOr<AggregateAnswer> Aggregate(
      const AggregateQuestion& question) override;
  absl::StatusOr<std::optional<std::string>> NewestRun(
      std::string_view prompt, std::uint32_t version,
      std::string_view benchmark, std::uint32_t benchmark_version) override;
  absl::StatusOr<std::optional<AlikeRuns>> NewestAlike(
      std::string_view prompt, std::uint32_t since, std::uint32_t until,
      std::string_view benchmark) override;
  absl::StatusOr<listing::Page<Flip>> Flips(
      const FlipQuestion& question, const listing::Request& request) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_ROW_QUERIES_H_
