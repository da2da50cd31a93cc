#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_RECORDS_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_RECORDS_H_

#include "prompt_engine/domain/outcome_record.h"

namespace evalloop::prompt_engine {

// OutcomeRecords over the tables outcome, committed_outcome and live_score.
// Stateless.
class PostgresOutcomeRecords final : public OutcomeRecords {
 public:
  absl::StatusOr<std::optional<OutcomeRecord>> Find(
      base::UnitOfWork& work, std::string_view completion_id) override;
  absl::StatusOr<std::vector<OutcomeSummary>> Summarise(
      base::UnitOfWork& work, const OutcomeFilter& filter) override;
  absl::Status PutScores(base::UnitOfWork& work,
                         std::span<const LiveScore> scores) override;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_RECORDS_H_
