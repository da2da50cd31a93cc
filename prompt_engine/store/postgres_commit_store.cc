#include "prompt_engine/store/postgres_commit_store.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <pqxx/pqxx>
#include <set>
#include <tuple>

#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::BytesOf;
using postgres::Guard;
using postgres::Of;
using postgres::TimeOf;
using postgres::Timestamp;

constexpr char kCommitColumns[] =
    "position, sha, parent, author, authored_at, committed_at, counted_lines, "
    "files, files_skipped";

CommitHeader HeaderOf(const pqxx::row& row) {
  CommitHeader header;
  header.position = row[0].as<std::uint32_t>();
  header.sha = row[1].as<std::string>();
  header.parent = row[2].as<std::string>();
  header.author = row[3].as<std::string>();
  header.author_time = TimeOf(row[4]);
  header.commit_time = TimeOf(row[5]);
  header.counted_lines = row[6].as<std::uint32_t>();
  header.files = row[7].as<std::uint32_t>();
  header.files_skipped = row[8].as<std::uint32_t>();
  return header;
}

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

std::string WithoutNul(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return text;
}

// The commits whose positions nobody has stored yet. The repository's row is
// taken, so that two callers queue.
std::vector<const IngestedCommit*> Fresh(
    pqxx::transaction_base& tx, std::int64_t repository_id,
    std::span<const IngestedCommit> commits) {
  tx.exec_params("SELECT 1 FROM repository WHERE id = $1 FOR UPDATE",
                 repository_id);
  std::vector<std::int64_t> positions;
  for (const auto& commit : commits) {
    positions.push_back(commit.header.position);
  }
  std::set<std::uint32_t> there;
  for (const auto& row : tx.exec_params(
           "SELECT position FROM git_commit WHERE repository_id = $1 "
           "AND position = ANY($2::bigint[])",
           repository_id, postgres::IntArray(positions))) {
    there.insert(row[0].as<std::uint32_t>());
  }
  std::vector<const IngestedCommit*> fresh;
  for (const auto& commit : commits) {
    if (there.count(commit.header.position) == 0) fresh.push_back(&commit);
  }
  return fresh;
}

void CopyCommits(pqxx::transaction_base& tx, std::int64_t repository_id,
                 const std::vector<const IngestedCommit*>& commits) {
  pqxx::stream_to out(
      tx, "git_commit",
      std::vector<std::string>{"repository_id", "position", "sha", "parent",
                               "author", "authored_at", "committed_at",
                               "counted_lines", "files", "files_skipped"});
  for (const IngestedCommit* commit : commits) {
    const CommitHeader& header = commit->header;
    out << std::make_tuple(repository_id, header.position, header.sha,
                           header.parent, header.author,
                           Timestamp(header.author_time),
                           Timestamp(header.commit_time), header.counted_lines,
                           header.files, header.files_skipped);
  }
  out.complete();
}

void CopyLines(pqxx::transaction_base& tx, std::int64_t repository_id,
               const std::vector<const IngestedCommit*>& commits) {
  pqxx::stream_to out(
      tx, "changed_line",
      std::vector<std::string>{"repository_id", "position", "path", "line",
                               "language", "text", "tokens", "counted",
                               "token_key", "context_key"});
  for (const IngestedCommit* commit : commits) {
    for (const AddedCode& line : commit->lines) {
      out << std::make_tuple(repository_id, commit->header.position,
                             WithoutNul(line.path), line.line, line.language,
                             WithoutNul(line.text), line.tokens, line.counted,
                             line.token_key, line.context_key);
    }
  }
  out.complete();
}

// Reads one repository's rows on connections of its own.
class PostgresLineIndex final : public LineIndex {
 public:
  PostgresLineIndex(postgres::Pool& pool, std::int64_t repository_id)
      : pool_(pool), id_(repository_id) {}

  absl::StatusOr<std::vector<CommitHeader>> Commits() override {
    return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      return HeadersOf(tx.exec_params(
          std::string("SELECT ") + kCommitColumns +
              " FROM git_commit WHERE repository_id = $1 ORDER BY position",
          id_));
    });
  }

  absl::StatusOr<std::vector<WrittenLine>> SameContext(
      std::span<const std::int64_t> context_keys, std::uint32_t until,
      int limit) override {
    return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      std::vector<WrittenLine> lines;
      for (const auto& row : tx.exec_params(
               "SELECT l.context_key, l.token_key, l.text, c.author, c.sha, "
               "l.position, c.authored_at "
               "FROM (SELECT DISTINCT unnest($2::bigint[]) AS key) k, "
               "LATERAL (SELECT * FROM changed_line WHERE repository_id = $1 "
               "AND counted AND context_key = k.key AND position <= $3 "
               "ORDER BY position DESC, path, line LIMIT $4) l "
               "JOIN git_commit c ON c.repository_id = $1 "
               "AND c.position = l.position "
               "ORDER BY l.position DESC, l.path, l.line",
               id_, postgres::IntArray(context_keys), until, limit)) {
        lines.push_back({row[0].as<std::int64_t>(), row[1].as<std::int64_t>(),
                         row[2].as<std::string>(), row[3].as<std::string>(),
                         row[4].as<std::string>(), row[5].as<std::uint32_t>(),
                         TimeOf(row[6])});
      }
      return lines;
    });
  }

  absl::StatusOr<std::vector<std::pair<std::int64_t, std::uint32_t>>>
  FirstPlaces(std::uint32_t from, std::uint32_t until) override {
    return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      std::vector<std::pair<std::int64_t, std::uint32_t>> places;
      for (const auto& row : tx.exec_params(
               "SELECT token_key, min(position) FROM changed_line "
               "WHERE repository_id = $1 AND position BETWEEN $2 AND $3 "
               "GROUP BY token_key ORDER BY token_key",
               id_, from, until)) {
        places.emplace_back(row[0].as<std::int64_t>(),
                            row[1].as<std::uint32_t>());
      }
      return places;
    });
  }

  absl::StatusOr<std::vector<std::string>> SampleTexts(std::uint32_t until,
                                                       int limit) override {
    return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
      std::vector<std::string> texts;
      for (const auto& row : tx.exec_params(
               "SELECT min(text) FROM changed_line WHERE repository_id = $1 "
               "AND counted AND position <= $2 GROUP BY token_key "
               "ORDER BY token_key LIMIT $3",
               id_, until, limit)) {
        texts.push_back(row[0].as<std::string>());
      }
      return texts;
    });
  }

 private:
  postgres::Pool& pool_;
  const std::int64_t id_;
};

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

absl::Status PostgresCommitStore::DropFrom(base::UnitOfWork& work,
                                           std::int64_t repository_id,
                                           std::uint32_t position) {
  return Guard([&] {
    Of(work).exec_params(
        "DELETE FROM git_commit WHERE repository_id = $1 AND position >= $2",
        repository_id, position);
  });
}

absl::Status PostgresCommitStore::AddCommits(
    base::UnitOfWork& work, std::int64_t repository_id,
    std::span<const IngestedCommit> commits, absl::Time now) {
  return Guard([&] {
    auto& tx = Of(work);
    const auto fresh = Fresh(tx, repository_id, commits);
    CopyCommits(tx, repository_id, fresh);
    CopyLines(tx, repository_id, fresh);
    tx.exec_params(
        "UPDATE repository SET ingested_at = $2::timestamptz WHERE id = $1",
        repository_id, Timestamp(now));
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

std::unique_ptr<LineIndex> PostgresCommitStore::IndexOf(
    std::int64_t repository_id) {
  return std::make_unique<PostgresLineIndex>(pool_, repository_id);
}

}  // namespace evalloop::prompt_engine
