#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_HISTORY_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_HISTORY_H_

#include <cstdint>
#include <functional>
#include <pqxx/pqxx>
#include <string_view>
#include <vector>

#include "platform/postgres/pool.h"
#include "prompt_engine/domain/commit_store.h"

namespace evalloop::prompt_engine {

// The rows of ingested commits, written by COPY and read back as they were.
// Only the .cc files of this folder know it.

// The columns of git_commit that make a header, and the header of such a row.
extern const char kCommitColumns[];
CommitHeader HeaderOf(const pqxx::row& row);

void CopyCommits(pqxx::transaction_base& tx, std::int64_t repository_id,
                 std::span<const IngestedCommit> commits);
void PutFiles(pqxx::transaction_base& tx, std::int64_t repository_id,
              const CommitStore::FileStates& files);

// As CommitStore::ReadHistory, in one read-only snapshot.
absl::Status ReadCommits(
    postgres::Pool& pool, std::int64_t repository_id,
    std::string_view until_sha,
    const std::function<absl::Status(const IngestedCommit&)>& visit);

// As CommitStore::ReadFileHistory, likewise.
absl::Status ReadFileCommits(
    postgres::Pool& pool, std::int64_t repository_id, std::string_view path,
    std::uint32_t until,
    const std::function<absl::Status(const IngestedCommit&)>& visit);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_HISTORY_H_
