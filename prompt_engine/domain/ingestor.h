#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/commit_store.h"

namespace evalloop::prompt_engine {

struct IngestRequest {
  std::string repository;         // Path.
  std::string until;              // Commit or branch; empty: HEAD.
  std::uint32_t max_commits = 0;  // Only the newest so many; 0: all.
};

struct IngestProgress {
  std::uint32_t commits_done = 0;  // Of those asked for, stored ones included.
  std::uint32_t commits_total = 0;
  std::uint64_t lines = 0;          // Added by this call.
  std::uint32_t files_skipped = 0;  // By this call.
  bool done = false;
};

// Reads a repository's first-parent history into the store, in transactions of
// many commits. What is there is not read again, so a call that was killed goes
// on where it ended; commits that history no longer has are forgotten.
// Thread-safe.
class Ingestor {
 public:
  Ingestor(base::Transactor& transactor, CommitStore& store, base::Clock& clock)
      : transactor_(transactor), store_(store), clock_(clock) {}

  // `on_progress` is told after each transaction and at the end; false cancels.
  // InvalidArgument for an empty path; NotFound, FailedPrecondition as
  // code_analysis::Repository::Open and ResolveCommit.
  absl::Status Ingest(
      const IngestRequest& request,
      const std::function<bool(const IngestProgress&)>& on_progress);

 private:
  absl::Status Flush(std::int64_t repository_id,
                     std::vector<IngestedCommit>& batch);

  base::Transactor& transactor_;
  CommitStore& store_;
  base::Clock& clock_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_INGESTOR_H_
