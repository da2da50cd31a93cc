#ifndef EVALLOOP_REPLAY_WINDOWS_H_
#define EVALLOOP_REPLAY_WINDOWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::replay {

// The rows below which a gate can't see a change of four points or less.
inline constexpr std::int64_t kGateRows = 600;

// One commit of the history, in replay order, and its counted lines.
struct CommitSize {
  std::string commit;
  std::string parent;  // Empty at a root.
  std::int64_t lines = 0;
};

// A stretch of whole commits.
struct Window {
  std::size_t begin = 0;  // Indices into the commits: [begin, end).
  std::size_t end = 0;
  std::string from_commit;  // First; empty where the window is.
  std::string to_commit;    // Last.
  std::string start;        // The first commit's parent: the index stands here.
  std::int64_t lines = 0;
  std::int64_t wanted = 0;

  // Smaller than asked for: the history is short, or its commits are large.
  bool short_of_lines() const { return lines < wanted; }
};

// History by time: nothing is judged on a window that it learnt from.
struct Windows {
  Window learn;    // Typed as live traffic; policies are tuned on it.
  Window retrain;  // New code for the next model version; not typed.
  Window gate;     // Benchmark items; candidates are judged on them.
  Window report;   // Typed by before, threshold_only and after.
  // One sentence for each window that is under its size.
  std::vector<std::string> shortfalls;
};

// Splits the end of `commits` (oldest first) into windows of about `lines`
// counted lines together: report 25 %, gate 20 % (600 lines or more where the
// history allows), retrain 10 %, learn the rest (tuning a threshold on less
// than 800 lines is noise); whole commits, newest last. FailedPrecondition:
// fewer than four commits with counted lines, or no parent to start from.
// InvalidArgument: `lines` < 4.
absl::StatusOr<Windows> SplitHistory(std::span<const CommitSize> commits,
                                     std::int64_t lines);

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_WINDOWS_H_
