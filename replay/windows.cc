#include "replay/windows.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/status/status.h"

namespace evalloop::replay {
namespace {

constexpr std::size_t kWindows = 4;
constexpr double kReportShare = 0.25;
constexpr double kGateShare = 0.20;
constexpr double kRetrainShare = 0.10;

std::int64_t ShareOf(std::int64_t lines, double share) {
  return std::max<std::int64_t>(
      1, static_cast<std::int64_t>(static_cast<double>(lines) * share));
}

// The start of the window that ends before `end` and comes nearest to `target`
// lines: one commit at least, and `leave` commits stay before it.
std::size_t NearestStart(std::span<const CommitSize> commits, std::size_t end,
                         std::size_t leave, std::int64_t target) {
  std::size_t begin = end - 1;
  std::int64_t lines = commits[begin].lines;
  while (begin > leave && lines < target) {
    const std::int64_t with = lines + commits[begin - 1].lines;
    if (with - target > target - lines) break;
    lines = with;
    --begin;
  }
  return begin;
}

Window MakeWindow(std::span<const CommitSize> commits, std::size_t begin,
                  std::size_t end, std::int64_t wanted) {
  Window window;
  window.begin = begin;
  window.end = end;
  window.from_commit = commits[begin].commit;
  window.to_commit = commits[end - 1].commit;
  window.start = commits[begin].parent;
  window.wanted = wanted;
  for (std::size_t i = begin; i < end; ++i) window.lines += commits[i].lines;
  return window;
}

}  // namespace

absl::StatusOr<Windows> SplitHistory(std::span<const CommitSize> commits,
                                     std::int64_t lines) {
  if (lines < static_cast<std::int64_t>(kWindows)) {
    return absl::InvalidArgumentError("a loop needs four lines or more");
  }
  if (commits.size() < kWindows) {
    return absl::FailedPreconditionError(
        fmt::format("only {} commits add code; four windows need four at least",
                    commits.size()));
  }
  std::int64_t there = 0;
  for (const CommitSize& commit : commits) there += commit.lines;

  const std::int64_t report = ShareOf(lines, kReportShare);
  const std::int64_t gate = std::max(kGateRows, ShareOf(lines, kGateShare));
  const std::int64_t retrain = ShareOf(lines, kRetrainShare);
  const std::int64_t learn = std::max<std::int64_t>(
      1, lines - report - ShareOf(lines, kGateShare) - retrain);
  // A short history gives to each window in proportion.
  const double scale =
      std::min(1.0, static_cast<double>(there) /
                        static_cast<double>(report + gate + retrain + learn));
  const auto target = [scale](std::int64_t wanted) {
    return ShareOf(wanted, scale);
  };

  Windows windows;
  const std::size_t end = commits.size();
  const std::size_t report_at = NearestStart(commits, end, 3, target(report));
  const std::size_t gate_at = NearestStart(commits, report_at, 2, target(gate));
  const std::size_t retrain_at =
      NearestStart(commits, gate_at, 1, target(retrain));
  const std::size_t learn_at =
      NearestStart(commits, retrain_at, 0, target(learn));
  windows.report = MakeWindow(commits, report_at, end, report);
  windows.gate = MakeWindow(commits, gate_at, report_at, gate);
  windows.retrain = MakeWindow(commits, retrain_at, gate_at, retrain);
  windows.learn = MakeWindow(commits, learn_at, retrain_at, learn);
  if (windows.learn.start.empty()) {
    return absl::FailedPreconditionError(
        "the learn window starts at a root commit: no tree to train on");
  }
  const auto note = [&windows](std::string_view name, const Window& window) {
    if (!window.short_of_lines()) return;
    windows.shortfalls.push_back(fmt::format(
        "the {} window has {} lines in {} commits, {} were wanted", name,
        window.lines, window.end - window.begin, window.wanted));
  };
  note("learn", windows.learn);
  note("retrain", windows.retrain);
  note("gate", windows.gate);
  note("report", windows.report);
  return windows;
}

}  // namespace evalloop::replay
