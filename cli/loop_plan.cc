#include "cli/loop_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace evalloop::cli {
namespace {

// How often a line of history is typed, about: once to learn (45 % of them),
// three times for the report (25 %), and on the gate's rows by four runs: the
// baseline, two policies, a new model.
constexpr double kTypingsALine = 0.45 + 3 * 0.25;
constexpr double kGateRuns = 4;
constexpr double kGateShare = 0.20;
constexpr std::int64_t kSmallestCap = 20;
constexpr std::int64_t kCommitsAWindow = 20;

}  // namespace

absl::StatusOr<LoopPlan> LoopPlan::Make(const std::string& path,
                                        const replay::ReplayOptions& options) {
  auto repository = code_analysis::Repository::Open(path);
  if (!repository.ok()) return repository.status();
  const auto head = repository->ResolveCommit("HEAD");
  if (!head.ok()) return head.status();
  auto commits = repository->FirstParentHistory(std::nullopt, *head);
  if (!commits.ok()) return commits.status();
  return LoopPlan(*std::move(repository), *std::move(commits), options);
}

LoopPlan::LoopPlan(code_analysis::Repository repository,
                   std::vector<code_analysis::CommitInfo> commits,
                   const replay::ReplayOptions& options)
    : repository_(std::move(repository)),
      commits_(std::move(commits)),
      options_(options) {
  for (std::size_t i = 0; i < commits_.size(); ++i)
    places_[commits_[i].sha] = i;
}

absl::Status LoopPlan::Split(std::int64_t lines) {
  asked_ = lines;
  const auto sizes = replay::MeasureHistory(
      repository_, commits_, lines + replay::kGateRows, typing());
  if (!sizes.ok()) return sizes.status();
  auto windows = replay::SplitHistory(*sizes, lines);
  if (!windows.ok()) return windows.status();
  windows_ = *std::move(windows);
  return absl::OkStatus();
}

std::int64_t LoopPlan::LinesThatFit(double speed, double seconds) {
  const double typings = speed * seconds;
  double lines = typings / (kTypingsALine + kGateRuns * kGateShare);
  const auto rows = static_cast<double>(replay::kGateRows);
  if (lines * kGateShare < rows) {
    lines = (typings - kGateRuns * rows) / kTypingsALine;
  }
  return static_cast<std::int64_t>(std::clamp(lines,
                                              static_cast<double>(kFewestLines),
                                              static_cast<double>(kMostLines)));
}

std::int64_t LoopPlan::lines() const {
  return windows_.learn.lines + windows_.retrain.lines + windows_.gate.lines +
         windows_.report.lines;
}

std::int64_t LoopPlan::gate_rows() const {
  return std::max(
      replay::kGateRows,
      static_cast<std::int64_t>(kGateShare * static_cast<double>(asked_)));
}

std::size_t LoopPlan::depth() const {
  return commits_.size() - places_.at(windows_.learn.from_commit);
}

std::span<const code_analysis::CommitInfo> LoopPlan::CommitsOf(
    const replay::Window& window) const {
  const std::size_t begin = places_.at(window.from_commit);
  return std::span<const code_analysis::CommitInfo>(commits_).subspan(
      begin, places_.at(window.to_commit) + 1 - begin);
}

replay::ReplayOptions LoopPlan::typing() const {
  replay::ReplayOptions options = options_;
  options.max_lines_per_commit =
      std::max(kSmallestCap, asked_ / kCommitsAWindow);
  return options;
}

}  // namespace evalloop::cli
