#ifndef EVALLOOP_SCORER_STORE_POSTGRES_SCORE_STORE_H_
#define EVALLOOP_SCORER_STORE_POSTGRES_SCORE_STORE_H_

#include <span>
#include <string_view>
#include <vector>

#include "platform/postgres/pool.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// ScoreStore as rows of table `score`. Thread-safe.
class PostgresScoreStore final : public ScoreStore {
 public:
  explicit PostgresScoreStore(postgres::Pool& pool) : pool_(pool) {}

  absl::Status Record(base::UnitOfWork& work,
                      std::span<const StoredScore> scores) override;
  absl::StatusOr<StoredScore> Newest(std::string_view subject) override;
  absl::StatusOr<std::vector<StoredScore>> List(std::string_view prefix,
                                                const ScoreCursor& after,
                                                std::size_t limit) override;
  absl::StatusOr<std::vector<OutcomeRow>> Outcomes(
      std::string_view metric, std::string_view scorer_digest,
      std::size_t limit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STORE_POSTGRES_SCORE_STORE_H_
