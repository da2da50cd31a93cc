#ifndef EVALLOOP_EVALUATOR_STORE_POSTGRES_OUTCOME_STORE_H_
#define EVALLOOP_EVALUATOR_STORE_POSTGRES_OUTCOME_STORE_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/domain/selection.h"
#include "platform/postgres/pool.h"

namespace evalloop::evaluator {

// OutcomeStore over the tables runs and run_rows. Thread-safe.
class PostgresOutcomeStore final : public OutcomeStore {
 public:
  // `pool` outlives this object.
  explicit PostgresOutcomeStore(postgres::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::vector<FinishedRun>> FinishedRuns(
      std::string_view benchmark, std::uint32_t version, Subset subset,
      std::span<const std::string> prompts, std::size_t limit) override;
  absl::StatusOr<std::vector<Row>> RowsWith(std::string_view run_id,
                                            std::string_view metric,
                                            const Page& page) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_POSTGRES_OUTCOME_STORE_H_
