#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_WATCHER_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_WATCHER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/commit_reader.h"
#include "prompt_engine/domain/commit_store.h"
#include "prompt_engine/domain/known_outcome.h"
#include "prompt_engine/domain/watch_store.h"

namespace evalloop::prompt_engine {

// Joins completions to what was committed in their places, as far as history
// was ingested. Each step is bounded and ends in one transaction, so one that
// was killed had no effect, and replicas that take the same step do it once.
class OutcomeWatcher {
 public:
  // Bounds of one step.
  static constexpr int kWatches = 1000;
  static constexpr std::uint32_t kCommits = 64;
  static constexpr int kRepositories = 1000;
  // A branch's commits that are followed back to the first-parent line.
  static constexpr int kBranchCommits = 500;

  // All outlive this object.
  struct Parts {
    base::Transactor& transactor;
    WatchStore& watches;
    OutcomeStore& outcomes;
    CommitStore& commits;
    OutcomeEvents& events;
    base::Clock& clock;
  };
  // `live_score_share`: of the outcomes, how many are told to be scored.
  OutcomeWatcher(const Parts& parts, CommitReaderFactory open,
                 double live_score_share)
      : parts_(parts), open_(std::move(open)), share_(live_score_share) {}

  struct Progress {
    bool more = false;  // Something was done, so there may be more to do.
    // Repositories that could not be read, and why; the others go on.
    std::map<std::string, absl::Status> unreadable;
  };
  // One batch of each repository with something to do. Not thread-safe.
  absl::StatusOr<Progress> Step();

 private:
  struct Base;
  struct Batch;

  absl::StatusOr<bool> StepOne(const DueRepository& repository);
  absl::Status Resolve(Batch& batch);
  absl::StatusOr<std::optional<Base>> FindBase(Batch& batch, std::string sha);
  absl::Status Walk(Batch& batch);
  absl::Status Look(Batch& batch, const CommitHeader& commit,
                    const std::vector<WatchRow*>& rows);
  absl::Status Settle(Batch& batch, WatchRow& row, const CommitHeader& commit,
                      const Landing& landing);
  absl::Status SettleLate(Batch& batch, WatchRow& row);
  absl::Status Save(Batch& batch);

  const Parts parts_;
  const CommitReaderFactory open_;
  const double share_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_WATCHER_H_
