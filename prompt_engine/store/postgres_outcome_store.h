#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_STORE_H_

#include "prompt_engine/domain/outcome.h"

namespace evalloop::prompt_engine {

// OutcomeStore over the table outcome. Stateless.
class PostgresOutcomeStore final : public OutcomeStore {
 public:
  absl::Status Put(base::UnitOfWork& work,
                   std::span<const Outcome> outcomes) override;
  absl::StatusOr<std::optional<Outcome>> Find(
      base::UnitOfWork& work, std::string_view completion_id) override;
  absl::StatusOr<std::vector<Outcome>> Load(base::UnitOfWork& work,
                                            const OutcomeFilter& filter,
                                            int limit) override;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_OUTCOME_STORE_H_
