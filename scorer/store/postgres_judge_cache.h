#ifndef EVALLOOP_SCORER_STORE_POSTGRES_JUDGE_CACHE_H_
#define EVALLOOP_SCORER_STORE_POSTGRES_JUDGE_CACHE_H_

#include <map>
#include <span>
#include <string>

#include "platform/base/unit_of_work.h"
#include "platform/postgres/pool.h"
#include "scorer/domain/judge.h"

namespace evalloop::scorer {

// JudgeCache over table judge_vote. Votes older than 90 days go as new ones
// come. Thread-safe.
class PostgresJudgeCache final : public JudgeCache {
 public:
  // Both outlive this object.
  PostgresJudgeCache(postgres::Pool& pool, base::Transactor& transactor)
      : pool_(pool), transactor_(transactor) {}

  absl::StatusOr<std::map<std::string, KeptVote>> Find(
      std::span<const std::string> digests) override;
  absl::Status Keep(const std::map<std::string, KeptVote>& votes) override;

 private:
  postgres::Pool& pool_;
  base::Transactor& transactor_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STORE_POSTGRES_JUDGE_CACHE_H_
