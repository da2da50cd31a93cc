#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_

#include <cstdint>
#include <memory>
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
#include "prompt_engine/domain/line_index.h"

namespace evalloop::prompt_engine {

// Repositories, their commits and added lines. Thread-safe across units of
// work.
class CommitStore {
 public:
  virtual ~CommitStore() = default;

  virtual absl::StatusOr<std::optional<RepositoryRecord>> FindRepository(
      base::UnitOfWork& work, std::string_view repository) = 0;
  // Keeps what is there; else makes it with `author_key`.
  virtual absl::StatusOr<RepositoryRecord> PutRepository(
      base::UnitOfWork& work, std::string_view repository,
      std::string_view author_key, absl::Time now) = 0;

  // Position and sha of every stored commit, in order.
  virtual absl::StatusOr<std::vector<std::pair<std::uint32_t, std::string>>>
  Places(base::UnitOfWork& work, std::int64_t repository_id) = 0;
  // Forgets the commits from `position` on, with their lines.
  virtual absl::Status DropFrom(base::UnitOfWork& work,
                                std::int64_t repository_id,
                                std::uint32_t position) = 0;
  // Adds commits with their lines; those already there are left as they are.
  virtual absl::Status AddCommits(base::UnitOfWork& work,
                                  std::int64_t repository_id,
                                  std::span<const IngestedCommit> commits,
                                  absl::Time now) = 0;

  // By name, after `after_name`.
  virtual absl::StatusOr<std::vector<RepositorySummary>> ListRepositories(
      base::UnitOfWork& work, std::string_view after_name, int limit) = 0;
  // In order, after `after` (absent: from the first).
  virtual absl::StatusOr<std::vector<CommitHeader>> ListCommits(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::optional<std::uint32_t> after, int limit) = 0;

  // The index of one repository; valid while the store is.
  virtual std::unique_ptr<LineIndex> IndexOf(std::int64_t repository_id) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_STORE_H_
