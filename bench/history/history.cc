// G9: commits with their patches per second, two threads of ours against `git
// log -p` of the same commits (first-parent, merges against their first parent,
// renames followed), interleaved. Arguments: [REPOSITORY [ROUNDS]]. Raw rows as
// JSON on stdout, the median of the rounds' ratios last. Processor seconds
// stand beside: on cores that others use they say more than the clock.
#include "code_analysis/history.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "code_analysis/history_pool.h"

namespace evalloop {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Of this process, or of those that it waited for.
double CpuSeconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Bytes that git wrote, or -1.
std::int64_t GitLog(const std::string& repository) {
  const std::string command = fmt::format(
      "GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git -C '{}' log -p "
      "--first-parent --diff-merges=first-parent --no-color --no-ext-diff "
      "--no-textconv",
      repository);
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return -1;
  std::vector<char> buffer(1 << 20);
  std::int64_t bytes = 0;
  while (const std::size_t got =
             std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    bytes += static_cast<std::int64_t>(got);
  }
  return pclose(pipe) == 0 ? bytes : -1;
}

// Hunks of all commits, or -1.
std::int64_t Ours(const std::string& path, std::size_t& commits) {
  const auto repository = code_analysis::Repository::Open(path);
  if (!repository.ok()) return -1;
  const auto head = repository->ResolveCommit("HEAD");
  if (!head.ok()) return -1;
  const auto history = repository->FirstParentHistory(std::nullopt, *head);
  if (!history.ok()) return -1;
  commits = history->size();
  std::int64_t hunks = 0;
  const auto status = code_analysis::ForEachOf<code_analysis::CommitChanges>(
      path, {.threads = 2}, commits,
      [&](const code_analysis::Repository& git, std::size_t i) {
        return git.Changes((*history)[i].sha);
      },
      [](const code_analysis::CommitChanges& changes) {
        std::size_t bytes = 0;
        for (const auto& file : changes.files) {
          bytes += file.old_text.size() + file.new_text.size();
        }
        return bytes;
      },
      [&](std::size_t, const code_analysis::CommitChanges& changes) {
        for (const auto& file : changes.files) {
          hunks += static_cast<std::int64_t>(file.hunks.size());
        }
        return absl::OkStatus();
      });
  return status.ok() ? hunks : -1;
}

int Main(const std::string& path, int rounds) {
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    std::size_t commits = 0;
    const double ours_cpu_begin = CpuSeconds(RUSAGE_SELF);
    const double git_cpu_begin = CpuSeconds(RUSAGE_CHILDREN);
    const auto ours_begin = Clock::now();
    const std::int64_t hunks = Ours(path, commits);
    const double ours = Seconds(ours_begin);
    const double ours_cpu = CpuSeconds(RUSAGE_SELF) - ours_cpu_begin;
    const auto git_begin = Clock::now();
    const std::int64_t bytes = GitLog(path);
    const double git = Seconds(git_begin);
    const double git_cpu = CpuSeconds(RUSAGE_CHILDREN) - git_cpu_begin;
    if (hunks < 0 || bytes < 0) {
      fmt::print(stderr, "{} can't be read\n", path);
      return 1;
    }
    ratios.push_back(git / ours);
    fmt::print(
        "{{\"round\":{},\"commits\":{},\"hunks\":{},\"ours_per_s\":{:.0f},"
        "\"git_per_s\":{:.0f},\"ratio\":{:.3f},\"ours_cpu_s\":{:.3f},"
        "\"git_cpu_s\":{:.3f}}}\n",
        round, commits, hunks, commits / ours, commits / git, git / ours,
        ours_cpu, git_cpu);
  }
  std::sort(ratios.begin(), ratios.end());
  fmt::print("{{\"goal\":1.5,\"median_ratio\":{:.3f}}}\n",
             ratios[ratios.size() / 2]);
  return 0;
}

}  // namespace
}  // namespace evalloop

int main(int argc, char** argv) {
  return evalloop::Main(argc > 1 ? argv[1] : ".",
                        argc > 2 ? std::max(1, std::atoi(argv[2])) : 5);
}
