#include "tests/attacks/weak_sandbox.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "platform/sandbox/bubblewrap_command.h"
#include "platform/sandbox/child.h"
#include "platform/sandbox/ending.h"
#include "platform/sandbox/seccomp_filter.h"

namespace evalloop::attacks {
namespace {

using sandbox::Child;
using sandbox::CommandLine;
using sandbox::Ending;
using sandbox::Fd;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestText = 2 << 20;

void Drop(const std::string& flag, std::vector<std::string>& argv) {
  const auto colon = flag.find(':');
  const std::string name = flag.substr(0, colon);
  const auto words = 1 + (colon == flag.npos ? 0 : std::atoi(&flag[colon + 1]));
  const auto found = std::find(argv.begin(), argv.end(), name);
  if (found != argv.end() && argv.end() - found >= words) {
    argv.erase(found, found + words);
  }
}

// The place before bwrap's last flags, which make the root read-only.
std::vector<std::string>::iterator BeforeTheEnd(
    std::vector<std::string>& argv) {
  static constexpr std::string_view kEnd[] = {"--remount-ro", "/", "--"};
  return std::search(argv.begin(), argv.end(), std::begin(kEnd),
                     std::end(kEnd));
}

std::string Content(const Fd& file) {
  std::string text(kLongestText, '\0');
  const ssize_t size = pread(file.get(), text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

absl::StatusOr<CommandLine> WeakLine(const sandbox::Job& job,
                                     const Weakening& weakening,
                                     const std::vector<int>& fds, Fd info) {
  const auto filter = sandbox::BuildFilter(sandbox::Profile::kProgram);
  if (!filter.ok()) return filter.status();
  const std::string_view bytes(reinterpret_cast<const char*>(filter->data()),
                               filter->size() * sizeof(sock_filter));
  CommandLine line;
  line.fds = fds;
  auto status = sandbox::AddSandbox(
      {job.argv, job.environment, job.files, job.read_only_folders}, job.limits,
      bytes, std::move(info), line);
  if (!status.ok()) return status;
  if (!weakening.open_file.empty()) {
    Fd file(open(weakening.open_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return absl::NotFoundError(weakening.open_file);
    line.Pass(std::move(file));
  }
  auto& argv = line.argv;
  const auto bwrap = std::find(argv.begin(), argv.end(), "/usr/bin/bwrap");
  if (weakening.keep_user) argv.erase(argv.begin(), bwrap);
  for (const auto& flag : weakening.dropped) Drop(flag, argv);
  argv.insert(BeforeTheEnd(argv), weakening.added.begin(),
              weakening.added.end());
  argv.insert(argv.begin(), weakening.before.begin(), weakening.before.end());
  return line;
}

}  // namespace

absl::StatusOr<WeakResult> RunWeakly(const sandbox::Job& job,
                                     const Weakening& weakening) {
  Fd files[4];
  for (Fd& file : files) {
    auto memory = sandbox::MemoryFile(&file == files ? job.stdin_text : "");
    if (!memory.ok()) return memory.status();
    file = *std::move(memory);
  }
  auto info = sandbox::MemoryFile("");
  if (!info.ok()) return info.status();
  auto line =
      WeakLine(job, weakening,
               {files[0].get(), files[1].get(), files[2].get(), files[3].get()},
               *std::move(info));
  if (!line.ok()) return line.status();
  const auto begin = Clock::now();
  auto child = Child::Spawn(line->argv, line->fds);
  if (!child.ok()) return child.status();
  pollfd polled{child->pidfd(), POLLIN, 0};
  const bool out_of_time =
      poll(&polled, 1, static_cast<int>(job.limits.wall_time.count())) == 0;
  if (out_of_time) child->Kill();
  const auto end = child->Wait();
  WeakResult weak;
  weak.result.tier = "weak";
  weak.result.cpu_time = end.cpu_time;
  weak.result.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  sandbox::SetEnding(end.wait_status, job.limits, false, out_of_time,
                     weak.result);
  weak.result.stdout_text = Content(files[1]);
  weak.result.stderr_text = Content(files[2]);
  weak.said = Content(files[3]);
  return weak;
}

}  // namespace evalloop::attacks
