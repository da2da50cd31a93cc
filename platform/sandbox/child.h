#ifndef EVALLOOP_PLATFORM_SANDBOX_CHILD_H_
#define EVALLOOP_PLATFORM_SANDBOX_CHILD_H_

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::sandbox {

// A file descriptor that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { Close(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  void Close();

 private:
  int fd_ = -1;
};

// A file in memory that holds `content` and is at its beginning.
absl::StatusOr<Fd> MemoryFile(std::string_view content);

// How a child of ours ended.
struct ChildEnd {
  int wait_status = 0;
  std::chrono::microseconds cpu_time{0};
};

// A child of this process. The destructor kills it and waits for it.
class Child {
 public:
  // Runs argv with an empty environment. `fds[i]` is the descriptor that the
  // child sees as i (-1: /dev/null); all others are closed. Safe in a process
  // of many threads.
  static absl::StatusOr<Child> Spawn(const std::vector<std::string>& argv,
                                     const std::vector<int>& fds);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  // Readable when it has ended.
  int pidfd() const { return pidfd_.get(); }
  void Kill();
  // Blocks until it has ended.
  ChildEnd Wait();

 private:
  Child(pid_t pid, Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_;
  Fd pidfd_;
  std::optional<ChildEnd> end_;
};

// How long the process's first thread waited for a CPU so far; 0 where the
// kernel doesn't tell.
std::chrono::microseconds WaitedForCpu(pid_t pid);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_CHILD_H_
