#include "prompt_engine/store/postgres_commit_store.h"

#include <optional>
#include <pqxx/pqxx>

#include "platform/base/reason.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/store/postgres_history.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::BytesOf;
using postgres::Guard;
using postgres::Of;
using postgres::TimeOf;
using postgres::Timestamp;

std::vector<CommitHeader> HeadersOf(const pqxx::result& rows) {
  std::vector<CommitHeader> headers;
  headers.reserve(rows.size());
  for (const auto& row : rows) headers.push_back(HeaderOf(row));
  return headers;
}

RepositoryRecord RecordOf(const pqxx::row& row) {
  return {row[0].as<std::int64_t>(), row[1].as<std::string>(), BytesOf(row[2]),
          TimeOf(row[3])};
}

constexpr char kFindRepository[] =
    "SELECT id, repository, author_key, ingested_at FROM repository "
    "WHERE repository = $1";

}  // namespace

absl::StatusOr<std::optional<RepositoryRecord>>
PostgresCommitStore::FindRepository(base::UnitOfWork& work,
                                    std::string_view repository) {
  return Guard([&]() -> std::optional<RepositoryRecord> {
    const auto rows =
        Of(work).exec_params(kFindRepository, std::string(repository));
    if (rows.empty()) return std::nullopt;
    return RecordOf(rows[0]);
  });
}

absl::StatusOr<RepositoryRecord> PostgresCommitStore::PutRepository(
    base::UnitOfWork& work, std::string_view repository,
    std::string_view author_key, absl::Time now) {
  return Guard([&] {
    auto& tx = Of(work);
    tx.exec_params(
        "INSERT INTO repository (repository, author_key, ingested_at) "
        "VALUES ($1, $2, $3::timestamptz) ON CONFLICT (repository) DO NOTHING",
        std::string(repository), postgres::Bytes(author_key), Timestamp(now));
    return RecordOf(tx.exec_params1(kFindRepository, std::string(repository)));
  });
}

absl::StatusOr<std::vector<std::pair<std::uint32_t, std::string>>>
PostgresCommitStore::Places(base::UnitOfWork& work,
                            std::int64_t repository_id) {
  return Guard([&] {
    std::vector<std::pair<std::uint32_t, std::string>> places;
    for (const auto& row : Of(work).exec_params(
             "SELECT position, sha FROM git_commit WHERE repository_id = $1 "
             "ORDER BY position",
             repository_id)) {
      places.emplace_back(row[0].as<std::uint32_t>(), row[1].as<std::string>());
    }
    return places;
  });
}

absl::StatusOr<std::optional<StoredRange>> PostgresCommitStore::Range(
    base::UnitOfWork& work, std::int64_t repository_id) {
  return Guard([&]() -> std::optional<StoredRange> {
    auto& tx = Of(work);
    const auto last = tx.exec_params(
        "SELECT position, sha FROM git_commit WHERE repository_id = $1 "
        "ORDER BY position DESC LIMIT 1",
        repository_id);
    if (last.empty()) return std::nullopt;
    const auto first = tx.exec_params1(
        "SELECT position FROM git_commit WHERE repository_id = $1 "
        "ORDER BY position LIMIT 1",
        repository_id);
    return StoredRange{first[0].as<std::uint32_t>(),
                       last[0][0].as<std::uint32_t>(),
                       last[0][1].as<std::string>()};
  });
}

absl::StatusOr<std::vector<std::int64_t>> PostgresCommitStore::PatchIds(
    base::UnitOfWork& work, std::int64_t repository_id) {
  return Guard([&] {
    std::vector<std::int64_t> ids;
    for (const auto& row : Of(work).exec_params(
             "SELECT patch_id FROM git_commit WHERE repository_id = $1 "
             "AND patch_id <> 0",
             repository_id)) {
      ids.push_back(row[0].as<std::int64_t>());
    }
    return ids;
  });
}

absl::Status PostgresCommitStore::DropFrom(base::UnitOfWork& work,
                                           std::int64_t repository_id,
                                           std::uint32_t position) {
  return Guard([&] {
    auto& tx = Of(work);
    tx.exec_params(
        "DELETE FROM git_commit WHERE repository_id = $1 AND position >= $2",
        repository_id, position);
    tx.exec_params("DELETE FROM file_state WHERE repository_id = $1",
                   repository_id);
  });
}

absl::Status PostgresCommitStore::AddCommits(
    base::UnitOfWork& work, std::int64_t repository_id,
    std::span<const IngestedCommit> commits, const FileStates& files,
    absl::Time now) {
  bool there = false;
  const absl::Status status = Guard([&] {
    auto& tx = Of(work);
    // Taken, so that two callers queue.
    tx.exec_params("SELECT 1 FROM repository WHERE id = $1 FOR UPDATE",
                   repository_id);
    std::vector<std::int64_t> positions;
    for (const auto& commit : commits) {
      positions.push_back(commit.header.position);
    }
    there = !tx.exec_params(
                   "SELECT 1 FROM git_commit WHERE repository_id = $1 "
                   "AND position = ANY($2::bigint[]) LIMIT 1",
                   repository_id, postgres::IntArray(positions))
                 .empty();
    if (there) return;
    CopyCommits(tx, repository_id, commits);
    PutFiles(tx, repository_id, files);
    tx.exec_params(
        "UPDATE repository SET ingested_at = $2::timestamptz WHERE id = $1",
        repository_id, Timestamp(now));
  });
  if (status.ok() && there) {
    return base::WithReason(
        absl::FailedPreconditionError(
            "another call is ingesting this repository; wait until it is done"),
        "INGESTION_UNDER_WAY");
  }
  return status;
}

absl::Status PostgresCommitStore::PutFileStates(base::UnitOfWork& work,
                                                std::int64_t repository_id,
                                                const FileStates& files) {
  return Guard([&] { PutFiles(Of(work), repository_id, files); });
}

absl::StatusOr<std::optional<std::string>> PostgresCommitStore::FileState(
    base::UnitOfWork& work, std::int64_t repository_id, std::string_view path) {
  return Guard([&]() -> std::optional<std::string> {
    const auto rows = Of(work).exec_params(
        "SELECT origins FROM file_state WHERE repository_id = $1 AND path = $2",
        repository_id, std::string(path));
    if (rows.empty()) return std::nullopt;
    return BytesOf(rows[0][0]);
  });
}

absl::StatusOr<std::vector<RepositorySummary>>
PostgresCommitStore::ListRepositories(base::UnitOfWork& work,
                                      std::string_view after_name, int limit) {
  return Guard([&] {
    std::vector<RepositorySummary> list;
    for (const auto& row : Of(work).exec_params(
             "SELECT r.repository, count(c.sha), "
             "coalesce(sum(c.counted_lines), 0), "
             "coalesce((array_agg(c.sha ORDER BY c.position DESC))[1], ''), "
             "r.ingested_at FROM repository r "
             "LEFT JOIN git_commit c ON c.repository_id = r.id "
             "WHERE r.repository > $1 GROUP BY r.id ORDER BY r.repository "
             "LIMIT $2",
             std::string(after_name), limit)) {
      list.push_back({row[0].as<std::string>(), row[1].as<std::uint32_t>(),
                      row[2].as<std::uint64_t>(), row[3].as<std::string>(),
                      TimeOf(row[4])});
    }
    return list;
  });
}

absl::StatusOr<std::vector<CommitHeader>> PostgresCommitStore::ListCommits(
    base::UnitOfWork& work, std::int64_t repository_id,
    std::optional<std::uint32_t> after, int limit) {
  return Guard([&] {
    return HeadersOf(Of(work).exec_params(
        std::string("SELECT ") + kCommitColumns +
            " FROM git_commit WHERE repository_id = $1 AND position > $2 "
            "ORDER BY position LIMIT $3",
        repository_id, after ? static_cast<std::int64_t>(*after) : -1, limit));
  });
}

absl::Status PostgresCommitStore::ReadHistory(
    std::int64_t repository_id, std::string_view until_sha,
    const std::function<absl::Status(const IngestedCommit&)>& visit) {
  return ReadCommits(pool_, repository_id, until_sha, visit);
}

absl::Status PostgresCommitStore::ReadFileHistory(
    std::int64_t repository_id, std::string_view path, std::uint32_t until,
    const std::function<absl::Status(const IngestedCommit&)>& visit) {
  return ReadFileCommits(pool_, repository_id, path, until, visit);
}

}  // namespace evalloop::prompt_engine
