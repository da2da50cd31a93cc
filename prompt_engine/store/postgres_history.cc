#include "prompt_engine/store/postgres_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "platform/base/reason.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::TimeOf;
using postgres::Timestamp;
using Strings = std::vector<std::string>;

// Commits that are read at once.
constexpr std::uint32_t kReadCommits = 500;
// That one file had, one after the other.
constexpr std::size_t kMostNames = 16;

std::string WithoutNul(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return text;
}

void CopyHeaders(pqxx::transaction_base& tx, std::int64_t repository_id,
                 std::span<const IngestedCommit> commits) {
  pqxx::stream_to out(
      tx, "git_commit",
      Strings{"repository_id", "position", "sha", "parent", "author",
              "authored_at", "committed_at", "counted_lines", "files",
              "files_skipped", "kind", "is_merge", "files_generated", "renames",
              "patch_id", "inverse_patch_id"});
  for (const IngestedCommit& commit : commits) {
    const CommitHeader& header = commit.header;
    out << std::make_tuple(
        repository_id, header.position, header.sha, header.parent,
        header.author, Timestamp(header.author_time),
        Timestamp(header.commit_time), header.counted_lines, header.files,
        header.files_skipped, static_cast<int>(header.kind), header.is_merge,
        header.files_generated, header.renames, header.patch_id,
        header.inverse_patch_id);
  }
  out.complete();
}

void CopyLines(pqxx::transaction_base& tx, std::int64_t repository_id,
               std::span<const IngestedCommit> commits) {
  pqxx::stream_to out(
      tx, "changed_line",
      Strings{"repository_id", "position", "path", "line", "language", "text",
              "tokens", "counted", "moved", "token_key", "context_key"});
  for (const IngestedCommit& commit : commits) {
    for (const AddedCode& line : commit.lines) {
      out << std::make_tuple(repository_id, commit.header.position,
                             WithoutNul(line.path), line.line, line.language,
                             WithoutNul(line.text), line.tokens, line.counted,
                             line.moved, line.token_key, line.context_key);
    }
  }
  out.complete();
}

void CopyPieces(pqxx::transaction_base& tx, std::int64_t repository_id,
                std::span<const IngestedCommit> commits) {
  pqxx::stream_to out(
      tx, "code_piece",
      Strings{"repository_id", "position", "number", "class", "path",
              "language", "first_line", "last_line", "symbol", "text", "indent",
              "documented", "token_key", "context_key", "signature_key"});
  for (const IngestedCommit& commit : commits) {
    int number = 0;
    for (const AddedPiece& piece : commit.pieces) {
      out << std::make_tuple(repository_id, commit.header.position, number++,
                             static_cast<int>(piece.item_class),
                             WithoutNul(piece.path), piece.language,
                             piece.first_line, piece.last_line,
                             WithoutNul(piece.symbol), WithoutNul(piece.text),
                             piece.indent, piece.documented, piece.token_key,
                             piece.context_key, piece.signature_key);
    }
  }
  out.complete();
}

void CopyFiles(pqxx::transaction_base& tx, std::int64_t repository_id,
               std::span<const IngestedCommit> commits) {
  pqxx::stream_to out(tx, "changed_file",
                      Strings{"repository_id", "position", "path", "old_path",
                              "kind", "added", "removed", "generated"});
  for (const IngestedCommit& commit : commits) {
    for (const ChangedFile& file : commit.files) {
      out << std::make_tuple(repository_id, commit.header.position, file.path,
                             file.old_path, static_cast<int>(file.kind),
                             file.added, file.removed, file.generated);
    }
  }
  out.complete();
}

void CopyEnds(pqxx::transaction_base& tx, std::int64_t repository_id,
              std::span<const IngestedCommit> commits) {
  pqxx::stream_to out(tx, "line_end",
                      Strings{"repository_id", "end_position", "position",
                              "path", "line", "next_path", "next_line"});
  for (const IngestedCommit& commit : commits) {
    for (const LineEnd& end : commit.ends) {
      out << std::make_tuple(repository_id, commit.header.position,
                             end.position, end.path, end.line, end.next_path,
                             end.next_line);
    }
  }
  out.complete();
}

// Which commits are read, and which of their rows.
struct Part {
  std::int64_t repository_id = 0;
  std::uint32_t from = 0;  // Positions; the last one, too.
  std::uint32_t until = 0;
  // Where not empty, only these positions of them, and only these paths.
  std::vector<std::int64_t> positions = {};
  Strings paths = {};
};

// The rows of a table that belong to commits, each given to its commit.
template <typename Add>
void AddRows(pqxx::transaction_base& tx, const std::string& columns,
             const std::string& table, const std::string& position,
             const std::string& order, const Part& part,
             std::map<std::uint32_t, IngestedCommit>& commits, const Add& add) {
  const std::string sql = fmt::format(
      "SELECT {0}, {1} FROM {2} WHERE repository_id = $1 "
      "AND {0} BETWEEN $2 AND $3 {4} ORDER BY {0}, {3}",
      position, columns, table, order,
      part.paths.empty() ? std::string()
                         : fmt::format("AND {} = ANY($4::integer[]) "
                                       "AND path = ANY($5::text[])",
                                       position));
  const auto rows =
      part.paths.empty()
          ? tx.exec_params(sql, part.repository_id, part.from, part.until)
          : tx.exec_params(sql, part.repository_id, part.from, part.until,
                           postgres::IntArray(part.positions),
                           postgres::TextArray(part.paths));
  for (const auto& row : rows) {
    const auto found = commits.find(row[0].as<std::uint32_t>());
    if (found != commits.end()) add(row, found->second);
  }
}

pqxx::result Headers(pqxx::transaction_base& tx, const Part& part) {
  const std::string sql = std::string("SELECT ") + kCommitColumns +
                          " FROM git_commit WHERE repository_id = $1 "
                          "AND position BETWEEN $2 AND $3";
  return part.positions.empty()
             ? tx.exec_params(sql, part.repository_id, part.from, part.until)
             : tx.exec_params(sql + " AND position = ANY($4::integer[])",
                              part.repository_id, part.from, part.until,
                              postgres::IntArray(part.positions));
}

// By position.
std::map<std::uint32_t, IngestedCommit> Read(pqxx::transaction_base& tx,
                                             const Part& part) {
  std::map<std::uint32_t, IngestedCommit> commits;
  for (const auto& row : Headers(tx, part)) {
    CommitHeader header = HeaderOf(row);
    commits[header.position].header = std::move(header);
  }
  // Bytes' order, which the readers of a history count on.
  AddRows(tx,
          "path, language, line, text, tokens, counted, moved, token_key, "
          "context_key",
          "changed_line", "position", "path COLLATE \"C\", line", part, commits,
          [](const pqxx::row& row, IngestedCommit& commit) {
            AddedCode& line = commit.lines.emplace_back();
            line.path = row[1].as<std::string>();
            line.language = row[2].as<std::string>();
            line.line = row[3].as<std::uint32_t>();
            line.text = row[4].as<std::string>();
            line.tokens = row[5].as<std::uint32_t>();
            line.counted = row[6].as<bool>();
            line.moved = row[7].as<bool>();
            line.token_key = row[8].as<std::int64_t>();
            line.context_key = row[9].as<std::int64_t>();
          });
  AddRows(tx,
          "class, path, language, first_line, last_line, symbol, text, "
          "documented, indent, token_key, context_key, signature_key",
          "code_piece", "position", "number", part, commits,
          [](const pqxx::row& row, IngestedCommit& commit) {
            AddedPiece& piece = commit.pieces.emplace_back();
            piece.item_class = static_cast<ItemClass>(row[1].as<int>());
            piece.path = row[2].as<std::string>();
            piece.language = row[3].as<std::string>();
            piece.first_line = row[4].as<std::uint32_t>();
            piece.last_line = row[5].as<std::uint32_t>();
            piece.symbol = row[6].as<std::string>();
            piece.text = row[7].as<std::string>();
            piece.documented = row[8].as<bool>();
            piece.indent = row[9].as<std::string>();
            piece.token_key = row[10].as<std::int64_t>();
            piece.context_key = row[11].as<std::int64_t>();
            piece.signature_key = row[12].as<std::int64_t>();
          });
  AddRows(tx, "path, old_path, kind, added, removed, generated", "changed_file",
          "position", "path COLLATE \"C\"", part, commits,
          [](const pqxx::row& row, IngestedCommit& commit) {
            ChangedFile& file = commit.files.emplace_back();
            file.path = row[1].as<std::string>();
            file.old_path = row[2].as<std::string>();
            file.kind = static_cast<ChangeKind>(row[3].as<int>());
            file.added = row[4].as<std::uint32_t>();
            file.removed = row[5].as<std::uint32_t>();
            file.generated = row[6].as<bool>();
          });
  AddRows(tx, "position, path, line, next_path, next_line", "line_end",
          "end_position", "position, path COLLATE \"C\", line", part, commits,
          [](const pqxx::row& row, IngestedCommit& commit) {
            commit.ends.push_back(
                {row[1].as<std::uint32_t>(), row[2].as<std::string>(),
                 row[3].as<std::uint32_t>(), row[4].as<std::string>(),
                 row[5].as<std::uint32_t>()});
          });
  return commits;
}

// Where and under which name a file was touched up to `until`, newest first,
// its earlier names included.
struct FileTouches {
  std::vector<std::int64_t> positions;
  Strings paths;
};

FileTouches TouchesOf(pqxx::transaction_base& tx, std::int64_t repository_id,
                      std::string_view path, std::int64_t until) {
  FileTouches found;
  std::string name(path);
  while (!name.empty() && found.paths.size() < kMostNames) {
    std::string before;
    for (const auto& row :
         tx.exec_params("SELECT position, kind, old_path FROM changed_file "
                        "WHERE repository_id = $1 AND path = $2 "
                        "AND position <= $3 ORDER BY position DESC",
                        repository_id, name, until)) {
      const auto position = row[0].as<std::int64_t>();
      found.positions.push_back(position);
      if (static_cast<ChangeKind>(row[1].as<int>()) != ChangeKind::kRenamed) {
        continue;
      }
      before = row[2].as<std::string>();
      until = position - 1;
      break;
    }
    found.paths.push_back(std::exchange(name, std::move(before)));
  }
  return found;
}

}  // namespace

const char kCommitColumns[] =
    "position, sha, parent, author, authored_at, committed_at, counted_lines, "
    "files, files_skipped, kind, is_merge, files_generated, renames, patch_id, "
    "inverse_patch_id";

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
  header.kind = static_cast<CommitKind>(row[9].as<int>());
  header.is_merge = row[10].as<bool>();
  header.files_generated = row[11].as<std::uint32_t>();
  header.renames = row[12].as<std::uint32_t>();
  header.patch_id = row[13].as<std::int64_t>();
  header.inverse_patch_id = row[14].as<std::int64_t>();
  return header;
}

void CopyCommits(pqxx::transaction_base& tx, std::int64_t repository_id,
                 std::span<const IngestedCommit> commits) {
  CopyHeaders(tx, repository_id, commits);
  CopyLines(tx, repository_id, commits);
  CopyPieces(tx, repository_id, commits);
  CopyFiles(tx, repository_id, commits);
  CopyEnds(tx, repository_id, commits);
}

void PutFiles(pqxx::transaction_base& tx, std::int64_t repository_id,
              const CommitStore::FileStates& files) {
  Strings paths;
  Strings there;
  Strings states;
  for (const auto& [path, state] : files) {
    paths.push_back(path);
    if (state.empty()) continue;
    there.push_back(path);
    states.push_back(state);
  }
  tx.exec_params(
      "DELETE FROM file_state WHERE repository_id = $1 "
      "AND path = ANY($2::text[])",
      repository_id, postgres::TextArray(paths));
  tx.exec_params(
      "INSERT INTO file_state (repository_id, path, origins) "
      "SELECT $1, * FROM unnest($2::text[], $3::bytea[])",
      repository_id, postgres::TextArray(there), postgres::BytesArray(states));
}

absl::Status ReadCommits(
    postgres::Pool& pool, std::int64_t repository_id,
    std::string_view until_sha,
    const std::function<absl::Status(const IngestedCommit&)>& visit) {
  absl::Status visited;
  const auto read =
      postgres::ReadOnly(pool, [&](pqxx::transaction_base& tx) -> bool {
        const pqxx::row range = tx.exec_params1(
            "SELECT min(position), max(position), "
            "max(position) FILTER (WHERE sha = $2) "
            "FROM git_commit WHERE repository_id = $1",
            repository_id, std::string(until_sha));
        if (!until_sha.empty() && range[2].is_null()) {
          visited =
              base::WithReason(absl::NotFoundError(fmt::format(
                                   "commit {} was not ingested", until_sha)),
                               "COMMIT_NOT_FOUND");
          return true;
        }
        if (range[0].is_null()) return true;
        const auto first = range[0].as<std::uint32_t>();
        const auto last = range[until_sha.empty() ? 1 : 2].as<std::uint32_t>();
        for (std::uint32_t at = first; at <= last; at += kReadCommits) {
          const std::uint32_t until = std::min(last, at + kReadCommits - 1);
          for (const auto& [position, commit] :
               Read(tx, {.repository_id = repository_id,
                        .from = at,
                        .until = until})) {
            visited = visit(commit);
            if (!visited.ok()) return true;
          }
        }
        return true;
      });
  return read.ok() ? visited : read.status();
}

absl::Status ReadFileCommits(
    postgres::Pool& pool, std::int64_t repository_id, std::string_view path,
    std::uint32_t until,
    const std::function<absl::Status(const IngestedCommit&)>& visit) {
  absl::Status visited;
  const auto read =
      postgres::ReadOnly(pool, [&](pqxx::transaction_base& tx) -> bool {
        FileTouches touches = TouchesOf(tx, repository_id, path, until);
        auto& all = touches.positions;
        std::reverse(all.begin(), all.end());
        for (std::size_t at = 0; at < all.size(); at += kReadCommits) {
          const auto end = std::min<std::size_t>(all.size(), at + kReadCommits);
          const Part part = {
              .repository_id = repository_id,
              .from = static_cast<std::uint32_t>(all[at]),
              .until = static_cast<std::uint32_t>(all[end - 1]),
              .positions = {all.begin() + static_cast<std::ptrdiff_t>(at),
                            all.begin() + static_cast<std::ptrdiff_t>(end)},
              .paths = touches.paths};
          for (const auto& [position, commit] : Read(tx, part)) {
            visited = visit(commit);
            if (!visited.ok()) return true;
          }
        }
        return true;
      });
  return read.ok() ? visited : read.status();
}

}  // namespace evalloop::prompt_engine
