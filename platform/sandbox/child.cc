#include "platform/sandbox/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace evalloop::sandbox {
namespace {

// Frees what posix_spawn's attributes hold.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

// This process may block or ignore signals; its children start afresh.
void ResetSignals(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSIGDEF |
                                            POSIX_SPAWN_SETSID);
}

}  // namespace

void Fd::Close() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

absl::StatusOr<Fd> MemoryFile(std::string_view content) {
  Fd fd(memfd_create("sandbox", MFD_CLOEXEC));
  if (!fd.valid()) return absl::UnavailableError("no memory file");
  while (!content.empty()) {
    const ssize_t size = write(fd.get(), content.data(), content.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return absl::UnavailableError("memory file: no space");
    content.remove_prefix(static_cast<std::size_t>(size));
  }
  lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

absl::StatusOr<Child> Child::Spawn(const std::vector<std::string>& argv,
                                   const std::vector<int>& fds) {
  // The child's numbers may be taken by others of these: all go by high ones.
  std::vector<Fd> high;
  SpawnPlan plan;
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (fds[i] < 0) {
      posix_spawn_file_actions_addopen(&plan.actions, static_cast<int>(i),
                                       "/dev/null", O_RDWR, 0);
      continue;
    }
    high.emplace_back(
        fcntl(fds[i], F_DUPFD_CLOEXEC, static_cast<int>(fds.size()) + 3));
    if (!high.back().valid()) {
      return absl::UnavailableError("no file descriptor is free");
    }
    posix_spawn_file_actions_adddup2(&plan.actions, high.back().get(),
                                     static_cast<int>(i));
  }
  posix_spawn_file_actions_addclosefrom_np(&plan.actions,
                                           static_cast<int>(fds.size()));
  ResetSignals(plan.attributes);
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  char* environment[] = {nullptr};
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, argv[0].c_str(), &plan.actions, &plan.attributes,
                  arguments.data(), environment);
  if (error != 0) {
    return absl::UnavailableError(
        fmt::format("can't start {}: {}", argv[0], std::strerror(error)));
  }
  Child child(pid, Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))));
  if (!child.pidfd_.valid()) {
    return absl::UnavailableError("no pidfd for a child");
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      end_(other.end_) {}

Child::~Child() {
  if (pid_ < 0 || end_.has_value()) return;
  Kill();
  Wait();
}

void Child::Kill() {
  if (pid_ > 0 && !end_.has_value()) kill(pid_, SIGKILL);
}

ChildEnd Child::Wait() {
  if (end_.has_value() || pid_ < 0) return end_.value_or(ChildEnd());
  ChildEnd end;
  rusage usage{};
  while (wait4(pid_, &end.wait_status, 0, &usage) < 0 && errno == EINTR) {
  }
  const auto micros = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) +
           std::chrono::microseconds(time.tv_usec);
  };
  end.cpu_time = micros(usage.ru_utime) + micros(usage.ru_stime);
  end_ = end;
  return end;
}

std::chrono::microseconds WaitedForCpu(pid_t pid) {
  const Fd fd(open(fmt::format("/proc/{}/schedstat", pid).c_str(),
                   O_RDONLY | O_CLOEXEC));
  char text[80] = {};
  unsigned long long ran = 0;
  unsigned long long waited = 0;
  if (!fd.valid() || read(fd.get(), text, sizeof(text) - 1) <= 0 ||
      std::sscanf(text, "%llu %llu", &ran, &waited) != 2) {
    return std::chrono::microseconds(0);
  }
  return std::chrono::microseconds(waited / 1000);
}

}  // namespace evalloop::sandbox
