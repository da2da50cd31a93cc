#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "code_analysis/mirror.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/commit_store.h"
#include "prompt_engine/domain/lineage.h"
#include "prompt_engine/domain/patch_identity.h"

namespace evalloop::prompt_engine {

struct IngestRequest {
  std::string repository;         // Path or URL.
  std::string until;              // Commit or branch; empty: HEAD.
  std::uint32_t max_commits = 0;  // Only the newest so many; 0: all.
};

struct IngestProgress {
  std::uint32_t commits_done = 0;  // Of those asked for, stored ones included.
  std::uint32_t commits_total = 0;
  // By this call.
  std::uint64_t lines = 0;
  std::uint32_t files_skipped = 0;
  std::uint32_t files_generated = 0;
  std::uint32_t reverts = 0;
  std::uint32_t cherry_picks = 0;
  std::uint32_t renames = 0;
  bool done = false;
};

// Reads a repository's first-parent history into the store, in transactions of
// many commits. What is there is not read again, so a call that was killed goes
// on where it ended, and new commits cost what they are; commits that history
// no longer has are forgotten. Where older commits are asked for than are
// stored, all are read anew: who wrote what depends on what stood before.
// Thread-safe.
class Ingestor {
 public:
  // `mirrors` says where the copies of URLs are kept.
  Ingestor(base::Transactor& transactor, CommitStore& store, base::Clock& clock,
           code_analysis::MirrorOptions mirrors)
      : transactor_(transactor),
        store_(store),
        clock_(clock),
        mirrors_(std::move(mirrors)) {}

  // `on_progress` is told after each transaction and at the end; false cancels.
  // InvalidArgument for an empty path or a URL that is not taken; NotFound,
  // FailedPrecondition, Unavailable as code_analysis::Mirror, Repository::Open
  // and ResolveCommit; FailedPrecondition also where another call
  // ingests the same repository.
  absl::Status Ingest(
      const IngestRequest& request,
      const std::function<bool(const IngestProgress&)>& on_progress);

  // Where the repository is on this machine.
  std::string LocalPath(std::string_view repository) const {
    return code_analysis::MirrorPath(repository, mirrors_);
  }

 private:
  // What is still to be read, and from where.
  struct Plan {
    RepositoryRecord repository;
    std::string path;
    std::vector<code_analysis::CommitInfo> commits;
    std::uint32_t first_position = 0;  // Of `commits`.
    std::uint32_t stored = 0;          // Commits of those asked for.
    SeenPatches patches;
  };

  absl::StatusOr<Plan> MakePlan(const IngestRequest& request,
                                const std::string& path);
  // The plan where history does not simply go on from what is stored.
  absl::Status PlanFromHistory(const IngestRequest& request,
                               const code_analysis::Repository& git,
                               const std::string& until, Plan& plan);
  // Makes the state of the files as it was after `kept`.
  absl::Status RebuildFiles(const Plan& plan,
                            std::span<const code_analysis::CommitInfo> kept,
                            std::uint32_t first_position);
  absl::Status Flush(std::int64_t repository_id,
                     std::vector<IngestedCommit>& batch, Lineage& lineage);

  base::Transactor& transactor_;
  CommitStore& store_;
  base::Clock& clock_;
  const code_analysis::MirrorOptions mirrors_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_
