#ifndef EVALLOOP_CLI_LOOP_PLAN_H_
#define EVALLOOP_CLI_LOOP_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"
#include "replay/replayer.h"
#include "replay/windows.h"

namespace evalloop::cli {

// The history that one turn of the loop uses, and how it is split.
class LoopPlan {
 public:
  static constexpr std::int64_t kMostLines = 6000;
  static constexpr std::int64_t kFewestLines = 600;

  // Reads the first-parent history of the repository's HEAD. `options` holds
  // the seed and the workers. Errors as code_analysis::Repository's.
  static absl::StatusOr<LoopPlan> Make(const std::string& path,
                                       const replay::ReplayOptions& options);

  // Windows for about `lines` lines. Errors as replay::SplitHistory's.
  absl::Status Split(std::int64_t lines);

  // Lines of history whose turn takes about `seconds` when `speed` lines are
  // typed a second; within [kFewestLines, kMostLines].
  static std::int64_t LinesThatFit(double speed, double seconds);

  const code_analysis::Repository& repository() const { return repository_; }
  const replay::Windows& windows() const { return windows_; }
  // Lines of all windows together.
  std::int64_t lines() const;
  // Rows that the gate's benchmark should have.
  std::int64_t gate_rows() const;
  // Commits from the learn window's first to HEAD.
  std::size_t depth() const;
  std::span<const code_analysis::CommitInfo> CommitsOf(
      const replay::Window& window) const;
  // How the windows are typed: one bulk commit never outweighs a window.
  replay::ReplayOptions typing() const;

 private:
  LoopPlan(code_analysis::Repository repository,
           std::vector<code_analysis::CommitInfo> commits,
           const replay::ReplayOptions& options);

  code_analysis::Repository repository_;
  std::vector<code_analysis::CommitInfo> commits_;  // Oldest first.
  std::unordered_map<std::string, std::size_t> places_;
  replay::ReplayOptions options_;
  std::int64_t asked_ = kMostLines;  // Of the last Split.
  replay::Windows windows_;
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_LOOP_PLAN_H_
