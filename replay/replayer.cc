#include "replay/replayer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

#include "platform/base/text.h"

namespace evalloop::replay {
namespace {

using code_analysis::CommitInfo;
using Clock = std::chrono::steady_clock;

constexpr int kMostWorkers = 64;

bool WantsPath(std::string_view path, const CountedLineOptions& options) {
  if (code_analysis::IsGeneratedOrVendored(path, {})) return false;
  return options.all_lines || code_analysis::LanguageOfPath(path) !=
                                  code_analysis::Language::kUnknown;
}

absl::StatusOr<std::vector<AddedRun>> RunsOf(
    const code_analysis::Repository& repository, const CommitInfo& commit,
    const ReplayOptions& options) {
  auto changes =
      repository.Changes(commit.sha, [&options](std::string_view path) {
        return WantsPath(path, options.lines);
      });
  if (!changes.ok()) return changes.status();
  std::vector<AddedRun> runs = AddedRuns(*changes, options.lines);
  if (options.max_lines_per_commit > 0) {
    SampleLines(options.max_lines_per_commit, options.seed, runs);
  }
  return runs;
}

std::int64_t LinesOf(std::span<const AddedRun> runs) {
  std::int64_t lines = 0;
  for (const AddedRun& run : runs) lines += run.counted_lines();
  return lines;
}

// Types the runs of one commit after another with a fixed number of workers.
class Typist {
 public:
  Typist(const ReplayOptions& options, Suggester& suggester,
         ReplayObserver& observer)
      : options_(options), suggester_(suggester), observer_(observer) {}

  absl::StatusOr<Tally> Type(std::span<const AddedRun> runs) {
    tally_ = {};
    status_ = absl::OkStatus();
    next_ = 0;
    const auto workers = std::min<std::size_t>(
        runs.size(), static_cast<std::size_t>(
                         std::clamp(options_.workers, 1, kMostWorkers)));
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < workers; ++i) {
        threads.emplace_back([this, runs] { Work(runs); });
      }
      Work(runs);
    }
    if (!status_.ok()) return status_;
    return std::move(tally_);
  }

 private:
  void Work(std::span<const AddedRun> runs) {
    for (std::size_t i = next_++; i < runs.size(); i = next_++) {
      {
        const std::lock_guard lock(mutex_);
        if (!status_.ok()) return;
      }
      Pace(runs[i].counted_lines());
      auto tally = TypeRun(runs[i], suggester_);
      const std::lock_guard lock(mutex_);
      if (!tally.ok()) {
        if (status_.ok()) status_ = tally.status();
        return;
      }
      typed_ += tally->lines;
      tally_ += *tally;
      observer_.LinesTyped(typed_);
    }
  }

  // Waits until `lines` more fit the wanted rate.
  void Pace(std::int64_t lines) {
    if (options_.lines_per_second <= 0) return;
    const double seconds = static_cast<double>(started_.fetch_add(lines)) /
                           options_.lines_per_second;
    std::this_thread::sleep_until(begin_ +
                                  std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(seconds)));
  }

  const ReplayOptions& options_;
  Suggester& suggester_;
  ReplayObserver& observer_;
  const Clock::time_point begin_ = Clock::now();
  std::atomic<std::int64_t> started_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  Tally tally_;  // Guarded by mutex_, as is what follows.
  absl::Status status_;
  std::int64_t typed_ = 0;
};

absl::Status At(const CommitInfo& commit, const absl::Status& status) {
  return absl::Status(
      status.code(),
      base::A(fmt::format("at commit {}: {}", commit.sha.substr(0, 12),
                          base::S(status.message()))));
}

}  // namespace

absl::StatusOr<std::vector<CommitTally>> Replay(
    const code_analysis::Repository& repository,
    std::span<const CommitInfo> commits, const ReplayOptions& options,
    Suggester& suggester, ReplayObserver& observer) {
  std::vector<CommitTally> tallies;
  Typist typist(options, suggester, observer);
  std::int64_t left = options.max_lines;
  for (const CommitInfo& commit : commits) {
    if (options.max_lines > 0 && left <= 0) break;
    if (commit.parent.empty()) continue;
    auto runs = RunsOf(repository, commit, options);
    if (!runs.ok()) return At(commit, runs.status());
    if (options.max_lines > 0) SampleLines(left, options.seed, *runs);
    if (runs->empty()) continue;
    if (auto status = observer.BeforeCommit(commit); !status.ok()) {
      return At(commit, status);
    }
    auto tally = typist.Type(*runs);
    if (!tally.ok()) return At(commit, tally.status());
    left -= tally->lines;
    tallies.push_back({commit.sha, *std::move(tally)});
  }
  return tallies;
}

absl::StatusOr<std::vector<CommitSize>> MeasureHistory(
    const code_analysis::Repository& repository,
    std::span<const CommitInfo> commits, std::int64_t lines,
    const ReplayOptions& options) {
  std::vector<CommitSize> sizes;
  std::int64_t sum = 0;
  for (auto commit = commits.rbegin(); commit != commits.rend(); ++commit) {
    if (lines > 0 && sum >= lines) break;
    if (commit->parent.empty()) continue;
    const auto runs = RunsOf(repository, *commit, options);
    if (!runs.ok()) return At(*commit, runs.status());
    const std::int64_t counted = LinesOf(*runs);
    if (counted == 0) continue;
    sum += counted;
    sizes.push_back({commit->sha, commit->parent, counted});
  }
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

}  // namespace evalloop::replay
