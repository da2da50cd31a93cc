#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_COMMIT_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_COMMIT_STORE_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "prompt_engine/domain/commit_store.h"

namespace evalloop::prompt_engine {

// Keeps repositories in memory.
// The k-th AddCommits fails once after FailAfter(k).
class FakeCommitStore final : public CommitStore {
 public:
  void FailAfter(int batches) { batches_left_ = batches; }

  absl::StatusOr<std::optional<RepositoryRecord>> FindRepository(
      base::UnitOfWork&, std::string_view repository) override {
    for (const Kept& kept : kept_) {
      if (kept.record.repository == repository) return kept.record;
    }
    return std::nullopt;
  }
  absl::StatusOr<RepositoryRecord> PutRepository(base::UnitOfWork& work,
                                                 std::string_view repository,
                                                 std::string_view author_key,
                                                 absl::Time now) override {
    if (auto there = FindRepository(work, repository); *there) return **there;
    Kept& kept = kept_.emplace_back();
    kept.record = {static_cast<std::int64_t>(kept_.size()) - 1,
                   std::string(repository), std::string(author_key), now};
    return kept.record;
  }
  absl::StatusOr<std::vector<std::pair<std::uint32_t, std::string>>> Places(
      base::UnitOfWork&, std::int64_t repository_id) override {
    std::vector<std::pair<std::uint32_t, std::string>> places;
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      places.emplace_back(position, commit.header.sha);
    }
    return places;
  }
  absl::StatusOr<std::optional<StoredRange>> Range(
      base::UnitOfWork&, std::int64_t repository_id) override {
    const auto& commits = kept_[repository_id].commits;
    if (commits.empty()) return std::nullopt;
    return StoredRange{commits.begin()->first, commits.rbegin()->first,
                       commits.rbegin()->second.header.sha};
  }
  absl::StatusOr<std::vector<std::int64_t>> PatchIds(
      base::UnitOfWork&, std::int64_t repository_id) override {
    std::vector<std::int64_t> ids;
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      if (commit.header.patch_id != 0) ids.push_back(commit.header.patch_id);
    }
    return ids;
  }
  absl::Status DropFrom(base::UnitOfWork&, std::int64_t repository_id,
                        std::uint32_t position) override {
    auto& commits = kept_[repository_id].commits;
    commits.erase(commits.lower_bound(position), commits.end());
    kept_[repository_id].files.clear();
    return absl::OkStatus();
  }
  absl::Status AddCommits(base::UnitOfWork& work, std::int64_t repository_id,
                          std::span<const IngestedCommit> commits,
                          const FileStates& files, absl::Time now) override {
    if (batches_left_ == 0) {
      batches_left_ = -1;
      return absl::UnavailableError("gone");
    }
    if (batches_left_ > 0) --batches_left_;
    Kept& kept = kept_[repository_id];
    kept.record.ingest_time = now;
    for (const IngestedCommit& commit : commits) {
      kept.commits.emplace(commit.header.position, commit);
    }
    return PutFileStates(work, repository_id, files);
  }
  absl::Status PutFileStates(base::UnitOfWork&, std::int64_t repository_id,
                             const FileStates& files) override {
    for (const auto& [path, state] : files) {
      kept_[repository_id].files.erase(path);
      if (!state.empty()) kept_[repository_id].files[path] = state;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<std::string>> FileState(
      base::UnitOfWork&, std::int64_t repository_id,
      std::string_view path) override {
    const auto& files = kept_[repository_id].files;
    const auto found = files.find(std::string(path));
    if (found == files.end()) return std::nullopt;
    return found->second;
  }
  absl::StatusOr<std::vector<RepositorySummary>> ListRepositories(
      base::UnitOfWork&, std::string_view after_name, int limit) override {
    std::vector<RepositorySummary> list;
    for (const Kept& kept : kept_) {
      if (kept.record.repository <= after_name) continue;
      RepositorySummary& summary = list.emplace_back();
      summary.repository = kept.record.repository;
      summary.commits = static_cast<std::uint32_t>(kept.commits.size());
      for (const auto& [position, commit] : kept.commits) {
        summary.lines += commit.header.counted_lines;
        summary.newest_commit = commit.header.sha;
      }
      summary.ingest_time = kept.record.ingest_time;
    }
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) {
      return a.repository < b.repository;
    });
    if (static_cast<int>(list.size()) > limit) list.resize(limit);
    return list;
  }
  absl::StatusOr<std::vector<CommitHeader>> ListCommits(
      base::UnitOfWork&, std::int64_t repository_id,
      std::optional<std::uint32_t> after, int limit) override {
    std::vector<CommitHeader> list;
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      if (after && position <= *after) continue;
      if (static_cast<int>(list.size()) < limit) list.push_back(commit.header);
    }
    return list;
  }
  absl::Status ReadHistory(
      std::int64_t repository_id, std::string_view until_sha,
      const std::function<absl::Status(const IngestedCommit&)>& visit)
      override {
    bool found = until_sha.empty();
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      found = found || commit.header.sha == until_sha;
    }
    if (!found) return absl::NotFoundError("commit was not ingested");
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      if (auto status = visit(commit); !status.ok()) return status;
      if (commit.header.sha == until_sha) break;
    }
    return absl::OkStatus();
  }
  // Renames are not followed.
  absl::Status ReadFileHistory(
      std::int64_t repository_id, std::string_view path, std::uint32_t until,
      const std::function<absl::Status(const IngestedCommit&)>& visit)
      override {
    const auto elsewhere = [&](const auto& row) { return row.path != path; };
    for (const auto& [position, commit] : kept_[repository_id].commits) {
      if (position > until) break;
      IngestedCommit narrowed = commit;
      if (std::erase_if(narrowed.files, elsewhere) == commit.files.size()) {
        continue;
      }
      std::erase_if(narrowed.lines, elsewhere);
      std::erase_if(narrowed.pieces, elsewhere);
      std::erase_if(narrowed.ends, elsewhere);
      if (auto status = visit(narrowed); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  struct Kept {
    RepositoryRecord record;
    std::map<std::uint32_t, IngestedCommit> commits;
    FileStates files;
  };

  std::vector<Kept> kept_;
  int batches_left_ = -1;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_COMMIT_STORE_H_
