#include "platform/sandbox/bubblewrap_sandbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "platform/sandbox/bubblewrap_command.h"
#include "platform/sandbox/child.h"
#include "platform/sandbox/ending.h"
#include "platform/sandbox/seccomp_filter.h"

namespace evalloop::sandbox {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{30'000};
constexpr std::size_t kMaxStartFds = 8;
// For bwrap's first words; it says them before the program starts.
constexpr std::chrono::duration<int, std::milli> kTalkTime{10'000};

absl::StatusOr<std::pair<Fd, Fd>> Pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe");
  return std::pair<Fd, Fd>(Fd(ends[0]), Fd(ends[1]));
}

// A sandbox that bwrap is building or has built.
class Running {
 public:
  Running(Child bwrap, Fd info)
      : bwrap_(std::move(bwrap)), info_(std::move(info)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (!ended_) {
      Kill();
      (void)End();
    }
  }

  int pidfd() const { return bwrap_.pidfd(); }

  void Kill() {
    // The first process inside takes all others with it, and only then does
    // bwrap end, so that nothing outlives Wait.
    FindInner();
    if (inner_.has_value()) {
      kill(*inner_, SIGKILL);
    } else {
      bwrap_.Kill();
    }
  }

  std::chrono::microseconds Starved() {
    FindInner();
    return inner_.has_value() ? WaitedForCpu(*inner_)
                              : std::chrono::microseconds(0);
  }

  // Whether the program was ever started.
  bool Started() {
    FindInner();
    return inner_.has_value();
  }

  ChildEnd End() {
    ended_ = true;
    ChildEnd end = bwrap_.Wait();
    // bwrap tells of a death by signal as shells do.
    const int code =
        WIFEXITED(end.wait_status) ? WEXITSTATUS(end.wait_status) : 0;
    if (code > 128 && code <= 128 + 64) end.wait_status = code - 128;
    return end;
  }

 private:
  // bwrap tells of its child in one small JSON object, written piece by piece.
  void FindInner() {
    std::string words;
    while (!asked_ && words.find('}') == words.npos) {
      pollfd polled{info_.get(), POLLIN, 0};
      char text[512];
      if (poll(&polled, 1, kTalkTime.count()) <= 0) break;
      const ssize_t size = read(info_.get(), text, sizeof(text));
      if (size <= 0) break;
      words.append(text, static_cast<std::size_t>(size));
    }
    asked_ = true;
    constexpr std::string_view kKey = "\"child-pid\":";
    const auto key = words.find(kKey);
    if (key != words.npos) inner_ = std::atoi(&words[key + kKey.size()]);
  }

  Child bwrap_;
  Fd info_;
  bool asked_ = false;
  std::optional<pid_t> inner_;
  bool ended_ = false;
};

absl::StatusOr<std::unique_ptr<Running>> Launch(const Plan& plan,
                                                const Limits& limits,
                                                std::string_view filter,
                                                CommandLine& line) {
  auto info = Pipe();
  if (!info.ok()) return info.status();
  auto status = AddSandbox(plan, limits, filter, std::move(info->second), line);
  if (!status.ok()) return status;
  auto child = Child::Spawn(line.argv, line.fds);
  line.owned.clear();
  if (!child.ok()) return child.status();
  return std::make_unique<Running>(*std::move(child), std::move(info->first));
}

// Reads what a program writes to one descriptor, up to a size.
class Sink {
 public:
  Sink(Fd fd, std::int64_t limit)
      : fd_(std::move(fd)), limit_(static_cast<std::size_t>(limit)) {
    fcntl(fd_.get(), F_SETFL, O_NONBLOCK);
  }
  int fd() const { return fd_.get(); }
  bool overflowed() const { return overflowed_; }
  std::string& text() { return text_; }

  void Read() {
    char buffer[16'384];
    while (fd_.valid()) {
      const ssize_t size = read(fd_.get(), buffer, sizeof(buffer));
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) return fd_.Close();
      const auto room = limit_ - text_.size();
      text_.append(buffer, std::min(room, static_cast<std::size_t>(size)));
      if (static_cast<std::size_t>(size) > room) {
        overflowed_ = true;
        return fd_.Close();
      }
    }
  }

 private:
  Fd fd_;
  const std::size_t limit_;
  std::string text_;
  bool overflowed_ = false;
};

// Waits for the end of a run under its wall time, meanwhile reading.
JobResult Attend(Running& running, const Limits& limits,
                 Clock::time_point begin, bool killed, Sink* out, Sink* err) {
  Clock::time_point deadline = begin + limits.wall_time;
  bool out_of_time = false;
  bool flooded = false;
  while (true) {
    pollfd polled[] = {{running.pidfd(), POLLIN, 0},
                       {out != nullptr ? out->fd() : -1, POLLIN, 0},
                       {err != nullptr ? err->fd() : -1, POLLIN, 0}};
    const auto left = std::chrono::ceil<milliseconds>(
        out_of_time || flooded ? kPatience : deadline - Clock::now());
    const int ready = poll(
        polled, 3, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (out != nullptr) out->Read();
    if (err != nullptr) err->Read();
    if (polled[0].revents != 0) break;
    if (!flooded && ((out != nullptr && out->overflowed()) ||
                     (err != nullptr && err->overflowed()))) {
      flooded = true;
      running.Kill();
      continue;
    }
    if (ready != 0 || out_of_time || flooded) continue;
    deadline = ExtendedDeadline(begin, limits.wall_time, running.Starved());
    if (deadline > Clock::now() + milliseconds(1)) continue;
    out_of_time = true;
    running.Kill();
  }
  if (out != nullptr) out->Read();
  if (err != nullptr) err->Read();
  const ChildEnd end = running.End();
  JobResult result;
  result.tier = "bubblewrap";
  result.cpu_time = end.cpu_time;
  result.wall_time = std::chrono::duration_cast<std::chrono::microseconds>(
      Clock::now() - begin);
  SetEnding(end.wait_status, limits, killed, out_of_time, result);
  if (flooded) result.ending = Ending::kOutput;
  return result;
}

class BubblewrapProcess final : public Process {
 public:
  BubblewrapProcess(std::unique_ptr<Running> running, Clock::time_point begin,
                    const Limits& limits)
      : running_(std::move(running)), begin_(begin), limits_(limits) {}

  void Kill() override {
    killed_ = true;
    running_->Kill();
  }
  std::chrono::microseconds Starved() override { return running_->Starved(); }
  absl::StatusOr<JobResult> Wait() override {
    const bool started = running_->Started();
    JobResult result =
        Attend(*running_, limits_, begin_, killed_, nullptr, nullptr);
    if (!started && !killed_) {
      return absl::UnavailableError("bwrap could not build the sandbox");
    }
    return result;
  }

 private:
  const std::unique_ptr<Running> running_;
  const Clock::time_point begin_;
  const Limits limits_;
  bool killed_ = false;
};

class BubblewrapTemplate final : public PythonTemplate {
 public:
  BubblewrapTemplate(std::string_view source, std::string_view filter)
      : files_{{"/box/main.py", std::string(source) + "\nmain()\n"}},
        filter_(filter) {}

  absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::vector<int>& fds, const Limits& limits) override {
    CommandLine line;
    line.fds = {-1, -1, -1};
    line.fds.insert(line.fds.end(), fds.begin(), fds.end());
    const auto begin = Clock::now();
    auto running = Launch({program_, {}, files_, {}}, limits, filter_, line);
    if (!running.ok()) return running.status();
    return std::make_unique<BubblewrapProcess>(*std::move(running), begin,
                                               limits);
  }

 private:
  const std::vector<std::string> program_ = {"/usr/bin/python3", "-I", "-S",
                                             "-B", "/box/main.py"};
  const std::vector<File> files_;
  const std::string filter_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<BubblewrapSandbox>> BubblewrapSandbox::Open() {
  for (const char* tool :
       {"/usr/bin/bwrap", "/usr/bin/setpriv", "/usr/bin/prlimit"}) {
    if (access(tool, X_OK) != 0) {
      return absl::UnavailableError(fmt::format("{} is missing", tool));
    }
  }
  const auto filter = BuildFilter(Profile::kProgram);
  if (!filter.ok()) return filter.status();
  std::string bytes(reinterpret_cast<const char*>(filter->data()),
                    filter->size() * sizeof(sock_filter));
  return std::unique_ptr<BubblewrapSandbox>(
      new BubblewrapSandbox(std::move(bytes)));
}

absl::StatusOr<JobResult> BubblewrapSandbox::Run(const Job& job) {
  if (job.argv.empty() || !job.argv[0].starts_with('/')) {
    return absl::InvalidArgumentError("argv[0] must be an absolute path");
  }
  auto input = MemoryFile(job.stdin_text);
  if (!input.ok()) return input.status();
  auto out = Pipe();
  if (!out.ok()) return out.status();
  auto err = Pipe();
  if (!err.ok()) return err.status();
  CommandLine line;
  line.Pass(*std::move(input));
  line.Pass(std::move(out->second));
  line.Pass(std::move(err->second));
  const auto begin = Clock::now();
  auto running =
      Launch({job.argv, job.environment, job.files, job.read_only_folders},
             job.limits, filter_, line);
  if (!running.ok()) return running.status();
  Sink out_sink(std::move(out->first), job.limits.output);
  Sink err_sink(std::move(err->first), job.limits.output);
  JobResult result =
      Attend(**running, job.limits, begin, false, &out_sink, &err_sink);
  result.stdout_text = std::move(out_sink.text());
  result.stderr_text = std::move(err_sink.text());
  // bwrap's and prlimit's own troubles begin with their names.
  if (result.ending == Ending::kExited && result.exit_code != 0 &&
      result.stdout_text.empty() &&
      (result.stderr_text.starts_with("bwrap: ") ||
       result.stderr_text.starts_with("setpriv: "))) {
    return absl::UnavailableError(result.stderr_text.substr(0, 200));
  }
  return result;
}

absl::StatusOr<std::unique_ptr<Process>> BubblewrapSandbox::Start(
    const Job& job, const std::vector<int>& fds) {
  if (job.argv.empty() || !job.argv[0].starts_with('/')) {
    return absl::InvalidArgumentError("argv[0] must be an absolute path");
  }
  if (fds.size() > kMaxStartFds) {
    return absl::InvalidArgumentError("too many file descriptors");
  }
  CommandLine line;
  line.fds = {-1, -1, -1};
  line.fds.insert(line.fds.end(), fds.begin(), fds.end());
  const auto begin = Clock::now();
  auto running =
      Launch({job.argv, job.environment, job.files, job.read_only_folders},
             job.limits, filter_, line);
  if (!running.ok()) return running.status();
  return std::make_unique<BubblewrapProcess>(*std::move(running), begin,
                                             job.limits);
}

absl::StatusOr<std::unique_ptr<PythonTemplate>> BubblewrapSandbox::Prepare(
    std::string_view source) {
  return std::make_unique<BubblewrapTemplate>(source, filter_);
}

}  // namespace evalloop::sandbox
