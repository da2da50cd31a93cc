#include "trainer_bridge/launcher/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "fmt/format.h"

extern char** environ;

namespace evalloop::trainer_bridge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMs = 200;

// A pipe whose ends close themselves.
class Pipe {
 public:
  Pipe() { ok_ = pipe2(ends_, O_CLOEXEC) == 0; }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool ok() const { return ok_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseRead() { Close(ends_[0]); }
  void CloseWrite() { Close(ends_[1]); }

 private:
  static void Close(int& end) {
    if (end >= 0) close(std::exchange(end, -1));
  }

  int ends_[2] = {-1, -1};
  bool ok_ = false;
};

// A process group of its own, so that it dies with all that it started; SIGTERM
// and SIGINT, which a service blocks, are open again.
int Spawn(const std::vector<std::string>& argv, const Pipe& out,
          const Pipe& err, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write_end(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.write_end(), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> words;
  for (const std::string& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  const int failed = posix_spawn(&pid, argv[0].c_str(), &actions, &attributes,
                                 words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

// Reads what is there; false at the end of the stream.
bool Drain(int fd, std::string& into, std::size_t limit) {
  char buffer[16384];
  const ssize_t got = read(fd, buffer, sizeof(buffer));
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  if (got == 0) return false;
  into.append(buffer, static_cast<std::size_t>(got));
  if (into.size() > limit) into.erase(0, into.size() - limit);
  return true;
}

int Reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return 128 + WTERMSIG(status);
}

// Hands over the whole lines of `text` from `told` on.
bool TellLines(const std::string& text, std::string& pending,
               const OnLine& on_line) {
  pending += text;
  std::size_t end = 0;
  while ((end = pending.find('\n')) != std::string::npos) {
    const std::string line = pending.substr(0, end);
    pending.erase(0, end + 1);
    if (!line.empty() && !on_line(line)) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<ChildResult> RunChild(const ChildOptions& options,
                                     const OnLine& on_line) {
  Pipe out, err;
  if (!out.ok() || !err.ok()) {
    return absl::UnavailableError("no pipe for the trainer");
  }
  pid_t pid = 0;
  if (const int failed = Spawn(options.argv, out, err, pid); failed != 0) {
    return absl::UnavailableError(fmt::format(
        "can't start {}: {}", options.argv[0], std::strerror(failed)));
  }
  out.CloseWrite();
  err.CloseWrite();

  ChildResult result;
  std::string pending;
  absl::Status killed;
  const auto until = Clock::now() + options.time_limit;
  bool out_open = true, err_open = true;
  while (out_open || err_open) {
    pollfd watched[2] = {{out_open ? out.read_end() : -1, POLLIN, 0},
                         {err_open ? err.read_end() : -1, POLLIN, 0}};
    poll(watched, 2, kTickMs);
    if (watched[0].revents != 0) {
      out_open = Drain(out.read_end(), result.output, options.max_output);
    }
    std::string said;
    if (watched[1].revents != 0) {
      err_open = Drain(err.read_end(), said, options.max_output);
      result.errors += said;
      if (result.errors.size() > options.max_output) {
        result.errors.erase(0, result.errors.size() - options.max_output);
      }
    }
    if (!TellLines(said, pending, on_line) || !on_line("")) {
      killed = absl::CancelledError("stopped");
    } else if (options.time_limit.count() > 0 && Clock::now() > until) {
      killed = absl::DeadlineExceededError(
          fmt::format("{} took longer than {} s", options.argv[0],
                      options.time_limit.count() / 1000));
    }
    if (!killed.ok()) {
      kill(-pid, SIGKILL);
      Reap(pid);
      return killed;
    }
  }
  result.exit_code = Reap(pid);
  return result;
}

}  // namespace evalloop::trainer_bridge
