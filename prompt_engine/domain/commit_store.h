#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// Which commits of a repository are stored.
struct StoredRange {
  std::uint32_t first = 0;  // Positions; all between them are stored, too.
  std::uint32_t last = 0;
  std::string last_sha;
};

// Repositories, their commits and what these added and ended. Thread-safe
// across units of work.
class CommitStore {
 public:
  // The state of a repository's files after a batch of commits, as Lineage
  // gives it; an empty one: the file is gone.
  using FileStates = std::map<std::string, std::string>;

  virtual ~CommitStore() = default;

  virtual absl::StatusOr<std::optional<RepositoryRecord>> FindRepository(
      base::UnitOfWork& work, std::string_view repository) = 0;
  // Keeps what is there; else makes it with `author_key`.
  virtual absl::StatusOr<RepositoryRecord> PutRepository(
      base::UnitOfWork& work, std::string_view repository,
      std::string_view author_key, absl::Time now) = 0;

  // Absent: no commit.
  virtual absl::StatusOr<std::optional<StoredRange>> Range(
      base::UnitOfWork& work, std::int64_t repository_id) = 0;
  // Position and sha of every stored commit, in order.
  virtual absl::StatusOr<std::vector<std::pair<std::uint32_t, std::string>>>
  Places(base::UnitOfWork& work, std::int64_t repository_id) = 0;
  // Headers of the commits with a patch id, of which only that is filled.
  virtual absl::StatusOr<std::vector<std::int64_t>> PatchIds(
      base::UnitOfWork& work, std::int64_t repository_id) = 0;
  // Forgets the commits from `position` on, with their lines, and the state of
  // every file; lines that they ended stand again.
  virtual absl::Status DropFrom(base::UnitOfWork& work,
                                std::int64_t repository_id,
                                std::uint32_t position) = 0;
  // Adds commits and the state of the files that they changed.
  // FailedPrecondition where one
  // of them is there: another call was faster.
  virtual absl::Status AddCommits(base::UnitOfWork& work,
                                  std::int64_t repository_id,
                                  std::span<const IngestedCommit> commits,
                                  const FileStates& files, absl::Time now) = 0;
  virtual absl::Status PutFileStates(base::UnitOfWork& work,
                                     std::int64_t repository_id,
                                     const FileStates& files) = 0;
  // Absent: not known.
  virtual absl::StatusOr<std::optional<std::string>> FileState(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::string_view path) = 0;

  // By name, after `after_name`.
  virtual absl::StatusOr<std::vector<RepositorySummary>> ListRepositories(
      base::UnitOfWork& work, std::string_view after_name, int limit) = 0;
  // In order, after `after` (absent: from the first).
  virtual absl::StatusOr<std::vector<CommitHeader>> ListCommits(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::optional<std::uint32_t> after, int limit) = 0;

  // All commits in order of position up to `until_sha` (empty: the newest), as
  // they were added, a few at a time. NotFound where it is not stored.
  virtual absl::Status ReadHistory(
      std::int64_t repository_id, std::string_view until_sha,
      const std::function<absl::Status(const IngestedCommit&)>& visit) = 0;

  // The same of one file alone, under all names that it had before: the commits
  // that touched it up to `until`, with what they did to it.
  virtual absl::Status ReadFileHistory(
      std::int64_t repository_id, std::string_view path, std::uint32_t until,
      const std::function<absl::Status(const IngestedCommit&)>& visit) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_
