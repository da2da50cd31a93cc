#include "scorer/store/postgres_judge_cache.h"

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <utility>
#include <vector>

#include "platform/postgres/arrays.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::scorer {

absl::StatusOr<std::map<std::string, KeptVote>> PostgresJudgeCache::Find(
    std::span<const std::string> digests) {
  const std::string wanted = postgres::TextArray(digests);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::map<std::string, KeptVote> votes;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT digest, grades, rationale, reason FROM judge_vote WHERE "
             "digest = ANY ($1::text[])",
             wanted)) {
      KeptVote vote;
      vote.reason = row["reason"].c_str();
      if (!row["grades"].is_null()) {
        vote.answer.emplace();
        vote.answer->rationale = row["rationale"].c_str();
        for (const std::int64_t grade : postgres::IntsOf(row["grades"])) {
          vote.answer->grades.push_back(static_cast<int>(grade));
        }
      }
      votes.emplace(row["digest"].c_str(), std::move(vote));
    }
    return votes;
  });
}

absl::Status PostgresJudgeCache::Keep(
    const std::map<std::string, KeptVote>& votes) {
  if (votes.empty()) return absl::OkStatus();
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      for (const auto& [digest, vote] : votes) {
        std::optional<std::string> grades;
        std::string rationale;
        if (vote.answer.has_value()) {
          const std::vector<std::int64_t> numbers(vote.answer->grades.begin(),
                                                  vote.answer->grades.end());
          grades = postgres::IntArray(std::span<const std::int64_t>(numbers));
          rationale = vote.answer->rationale;
          std::erase(rationale, '\0');
        }
        tx.exec_params(
            "INSERT INTO judge_vote (digest, grades, rationale, reason) VALUES "
            "($1, $2::bigint[], $3, $4) ON CONFLICT (digest) DO NOTHING",
            digest, grades, rationale, vote.reason);
      }
      // A few at a time: what is old leaves faster than what is new comes.
      tx.exec(
          "DELETE FROM judge_vote WHERE digest IN (SELECT digest FROM "
          "judge_vote WHERE create_time < now() - interval '90 days' ORDER BY "
          "create_time LIMIT 100 FOR UPDATE SKIP LOCKED)");
    });
  });
}

}  // namespace evalloop::scorer
