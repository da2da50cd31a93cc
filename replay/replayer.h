#ifndef EVALLOOP_REPLAY_REPLAYER_H_
#define EVALLOOP_REPLAY_REPLAYER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "replay/counted_lines.h"
#include "replay/totals.h"
#include "replay/typed_line.h"
#include "replay/windows.h"

namespace evalloop::replay {

struct ReplayOptions {
  // Lines to type in all; 0: all of them. The last commit is sampled to fit.
  std::int64_t max_lines = 0;
  // A larger commit is sampled down to this many lines, so that one bulk commit
  // doesn't outweigh the rest; 0: no bound.
  std::int64_t max_lines_per_commit = 0;
  std::uint64_t seed = 1;       // Decides samples only.
  int workers = 2;              // Runs of one commit typed at once; 1 to 64.
  double lines_per_second = 0;  // 0: as fast as the answers come.
  CountedLineOptions lines = {};
};

struct CommitTally {
  std::string commit;
  Tally tally;
};

// What the caller does around the typing. Called on Replay's own thread, except
// LineTyped.
class ReplayObserver {
 public:
  virtual ~ReplayObserver() = default;

  // Before the first line of `commit`: bring the index to `commit.parent`. Not
  // called for commits without counted lines.
  virtual absl::Status BeforeCommit(
      const code_analysis::CommitInfo& commit) = 0;

  // After each run of lines, from any worker; `lines` were typed in all so far.
  virtual void LinesTyped(std::int64_t lines) = 0;
};

// Types the added lines of `commits` (oldest first) through `suggester`, commit
// after commit; within one, up to `workers` runs at once: a line depends on the
// committed file above it, never on how another line was typed, so tallies are
// the same for any number of workers (latencies aside).
// Root commits are left out: there is no parent to index. Stops at the first
// error, which names the commit.
absl::StatusOr<std::vector<CommitTally>> Replay(
    const code_analysis::Repository& repository,
    std::span<const code_analysis::CommitInfo> commits,
    const ReplayOptions& options, Suggester& suggester,
    ReplayObserver& observer);

// The newest commits of `commits` (oldest first) that hold `lines` counted
// lines together (all, where `lines` is 0), oldest first, with their sizes
// under the options' bound a commit; commits without a counted line are left
// out, roots too.
absl::StatusOr<std::vector<CommitSize>> MeasureHistory(
    const code_analysis::Repository& repository,
    std::span<const code_analysis::CommitInfo> commits, std::int64_t lines,
    const ReplayOptions& options);

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_REPLAYER_H_
