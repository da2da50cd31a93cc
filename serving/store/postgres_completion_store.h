#ifndef EVALLOOP_SERVING_STORE_POSTGRES_COMPLETION_STORE_H_
#define EVALLOOP_SERVING_STORE_POSTGRES_COMPLETION_STORE_H_

#include "platform/postgres/pool.h"
#include "serving/domain/completion_store.h"

namespace evalloop::serving {

// CompletionStore over tables completions, feedback and settlements; a batch is
// one statement a table.
class PostgresCompletionStore final : public CompletionStore {
 public:
  // `pool` outlives this object.
  explicit PostgresCompletionStore(postgres::Pool& pool) : pool_(pool) {}

  absl::Status PutCompletions(base::UnitOfWork& work,
                              std::span<const Completion> completions) override;
  absl::Status PutFeedback(base::UnitOfWork& work,
                           std::span<const Feedback> feedback) override;
  absl::StatusOr<std::vector<Settled>> Settle(
      base::UnitOfWork& work, std::span<const std::string> ids) override;
  absl::StatusOr<StoredCompletion> Get(std::string_view id) override;
  absl::StatusOr<std::vector<Completion>> List(const CompletionFilter& filter,
                                               const CompletionCursor& before,
                                               std::int64_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STORE_POSTGRES_COMPLETION_STORE_H_
