#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_COMMIT_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_COMMIT_STORE_H_

#include "platform/postgres/pool.h"
#include "prompt_engine/domain/commit_store.h"

namespace evalloop::prompt_engine {

// CommitStore over the tables repository, git_commit, changed_line, code_piece,
// changed_file, line_end and file_state.
class PostgresCommitStore final : public CommitStore {
 public:
  // `pool` serves ReadHistory and ReadFileHistory; it outlives this object.
  explicit PostgresCommitStore(postgres::Pool& pool) : pool_(pool) {}

  absl::StatusOr<std::optional<RepositoryRecord>> FindRepository(
      base::UnitOfWork& work, std::string_view repository) override;
  absl::StatusOr<RepositoryRecord> PutRepository(base::UnitOfWork& work,
                                                 std::string_view repository,
                                                 std::string_view author_key,
                                                 absl::Time now) override;
  absl::StatusOr<std::vector<std::pair<std::uint32_t, std::string>>> Places(
      base::UnitOfWork& work, std::int64_t repository_id) override;
  absl::StatusOr<std::optional<StoredRange>> Range(
      base::UnitOfWork& work, std::int64_t repository_id) override;
  absl::StatusOr<std::vector<std::int64_t>> PatchIds(
      base::UnitOfWork& work, std::int64_t repository_id) override;
  absl::Status DropFrom(base::UnitOfWork& work, std::int64_t repository_id,
                        std::uint32_t position) override;
  absl::Status AddCommits(base::UnitOfWork& work, std::int64_t repository_id,
                          std::span<const IngestedCommit> commits,
                          const FileStates& files, absl::Time now) override;
  absl::Status PutFileStates(base::UnitOfWork& work, std::int64_t repository_id,
                             const FileStates& files) override;
  absl::StatusOr<std::optional<std::string>> FileState(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::string_view path) override;
  absl::StatusOr<std::vector<RepositorySummary>> ListRepositories(
      base::UnitOfWork& work, std::string_view after_name, int limit) override;
  absl::StatusOr<std::vector<CommitHeader>> ListCommits(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::optional<std::uint32_t> after, int limit) override;
  absl::Status ReadHistory(
      std::int64_t repository_id, std::string_view until_sha,
      const std::function<absl::Status(const IngestedCommit&)>& visit) override;
  absl::Status ReadFileHistory(
      std::int64_t repository_id, std::string_view path, std::uint32_t until,
      const std::function<absl::Status(const IngestedCommit&)>& visit) override;

 private:
  postgres::Pool& pool_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_COMMIT_STORE_H_
