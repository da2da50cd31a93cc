// sandbox_zygote: holds a Python interpreter that has already imported what its
// programs need, inside namespaces of their own, and clones one child a time
// into further ones. It is started by ZygoteSandbox with a control socket as
// descriptor 3 and its Python source as descriptor 4, and ends with the socket.

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "platform/sandbox/protocol.h"
#include "platform/sandbox/zygote/child_filter.h"
#include "platform/sandbox/zygote/confine.h"
#include "platform/sandbox/zygote/interpreter.h"
#include "platform/sandbox/zygote/pages.h"
#include "platform/sandbox/zygote/root.h"
#include "platform/sandbox/zygote/scratch.h"

namespace evalloop::sandbox {
namespace {

void Send(Report report, std::string_view text = "", int wait_status = 0,
          std::uint64_t microseconds = 0) {
  Notice notice{};
  notice.report = report;
  notice.wait_status = wait_status;
  notice.microseconds = microseconds;
  text.copy(notice.text, sizeof(notice.text) - 1);
  if (send(kControlFd, &notice, sizeof(notice), MSG_NOSIGNAL) < 0) {
    std::exit(0);  // Nobody listens any more.
  }
}

struct Received {
  bool ended = true;  // The other side is gone.
  Request request{};
  std::vector<int> fds;
};

Received Receive() {
  Received received;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxFds)];
  iovec vector{&received.request, sizeof(received.request)};
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t size = 0;
  do {
    size = recvmsg(kControlFd, &message, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(sizeof(received.request))) return received;
  received.ended = false;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    received.fds.resize(count);
    std::memcpy(received.fds.data(), CMSG_DATA(header), count * sizeof(int));
  }
  return received;
}

class Zygote {
 public:
  Zygote(int proc, Scratch scratch, HotPages hot_pages, char* failure)
      : proc_(proc),
        scratch_(scratch),
        hot_pages_(std::move(hot_pages)),
        failure_(failure) {}

  // Until the control socket ends.
  void Serve() {
    while (true) {
      Received order = Receive();
      if (order.ended) return;
      // A late kKill or kStarved: the child has already been reported.
      if (order.request.order != Order::kStart) continue;
      Start(order);
      for (const int fd : order.fds) close(fd);
      if (child_ < 0) continue;
      if (!Attend()) return;
    }
  }

 private:
  void Start(const Received& order) {
    failure_[0] = '\0';
    const char* failed = scratch_.Renew(order.request.scratch_space);
    if (failed == nullptr) {
      failed = "clone";
      BeforeFork();
      child_ = static_cast<pid_t>(
          syscall(SYS_clone, kClone, nullptr, &pidfd_, nullptr, nullptr));
      if (child_ == 0) RunChild(order);
      const int error = errno;
      AfterForkInParent();
      errno = error;
    }
    if (child_ < 0) {
      Send(Report::kTrouble, std::string(failed) + ": " + std::strerror(errno));
    }
  }

  [[noreturn]] void RunChild(const Received& order) {
    hot_pages_.MakeOwn();
    const sock_fprog program{static_cast<unsigned short>(filter_.size()),
                             filter_.data()};
    const char* const failed = Confine(order.request, order.fds, program);
    if (failed != nullptr) {
      std::snprintf(failure_, kFailureSize, "%s: %s", failed,
                    std::strerror(errno));
      _exit(1);
    }
    munmap(failure_, kFailureSize);  // The one page shared with the parent.
    AfterForkInChild();
    CallMain();
  }

  // Until the child has ended; false when the owner is gone.
  bool Attend() {
    while (true) {
      pollfd polled[] = {{pidfd_, POLLIN, 0}, {kControlFd, POLLIN, 0}};
      if (poll(polled, 2, -1) < 0 && errno != EINTR) return false;
      if (polled[0].revents != 0) {
        Reap();
        return true;
      }
      if (polled[1].revents == 0) continue;
      const Received order = Receive();
      if (order.ended) return false;
      if (order.request.order == Order::kKill) kill(child_, SIGKILL);
      if (order.request.order == Order::kStarved) {
        Send(Report::kStarving, "", 0, Starved());
      }
    }
  }

  void Reap() {
    int status = 0;
    rusage usage{};
    while (wait4(child_, &status, 0, &usage) < 0 && errno == EINTR) {
    }
    close(pidfd_);
    child_ = -1;
    const auto micros = [](const timeval& time) {
      return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
             static_cast<std::uint64_t>(time.tv_usec);
    };
    Send(Report::kEnded, failure_, status,
         micros(usage.ru_utime) + micros(usage.ru_stime));
  }

  // How long the child was ready to run while others ran, in microseconds.
  std::uint64_t Starved() const {
    // The old /proc counts processes as the machine does: find our child there.
    char path[64];
    std::snprintf(path, sizeof(path), "self/task/%d/children",
                  static_cast<int>(OuterPid()));
    char text[128] = {};
    unsigned long long ran = 0;
    unsigned long long waited = 0;
    int outer = 0;
    if (!ReadAt(path, text, sizeof(text)) ||
        std::sscanf(text, "%d", &outer) != 1) {
      return 0;
    }
    std::snprintf(path, sizeof(path), "%d/schedstat", outer);
    if (!ReadAt(path, text, sizeof(text)) ||
        std::sscanf(text, "%llu %llu", &ran, &waited) != 2) {
      return 0;
    }
    return waited / 1000;
  }

  // This process's number in the old /proc.
  pid_t OuterPid() const {
    char text[32] = {};
    const ssize_t size = readlinkat(proc_, "self", text, sizeof(text) - 1);
    return size > 0 ? static_cast<pid_t>(std::atoi(text)) : 0;
  }

  bool ReadAt(const char* path, char* text, std::size_t size) const {
    const int fd = openat(proc_, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const ssize_t got = read(fd, text, size - 1);
    close(fd);
    return got > 0;
  }

 public:
  static constexpr std::size_t kFailureSize = 4096;

 private:
  const int proc_;
  Scratch scratch_;
  const HotPages hot_pages_;
  std::vector<sock_filter> filter_ = ChildFilter();
  char* const failure_;  // A shared page; a child tells here why it can't run.
  pid_t child_ = -1;
  int pidfd_ = -1;
};

std::string ReadAll(int fd) {
  std::string text;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(fd, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  close(fd);
  return text;
}

// Loads `source` and serves; returns what went wrong before.
std::string BeZygote(const std::string& source, int proc, Scratch scratch,
                     const std::vector<sock_filter>& filter) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  scratch.BecomeUser();
  if (std::string trouble = StartInterpreter(source); !trouble.empty()) {
    return trouble;
  }
  CopyProgramText(proc);
  HotPages hot_pages;
  BeforeFork();
  hot_pages.Learn(proc, [] { (void)Rehearse(); });
  AfterForkInParent();
  void* const page = mmap(nullptr, Zygote::kFailureSize, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return "no memory";
  const sock_fprog program{static_cast<unsigned short>(filter.size()),
                           const_cast<sock_filter*>(filter.data())};
  if (const char* const failed = ConfineZygote(program); failed != nullptr) {
    return std::string(failed) + ": " + std::strerror(errno);
  }
  Send(Report::kReady);
  Zygote(proc, scratch, std::move(hot_pages), static_cast<char*>(page)).Serve();
  return "";
}

int Main() {
  const std::string source = ReadAll(kSourceFd);
  const std::string bytes = ReadAll(kFilterFd);
  std::vector<sock_filter> filter(bytes.size() / sizeof(sock_filter));
  std::memcpy(filter.data(), bytes.data(), filter.size() * sizeof(sock_filter));
  int proc = -1;
  std::string trouble = filter.empty() ? "no filter" : EnterTemplateRoot(proc);
  Scratch scratch;
  if (trouble.empty()) {
    const char* const failed = scratch.Open();
    if (failed != nullptr) trouble = failed;
  }
  // The zygote is number 1 of its process namespace.
  const pid_t zygote = trouble.empty() ? fork() : -1;
  if (zygote == 0) trouble = BeZygote(source, proc, scratch, filter);
  if (zygote < 0 && trouble.empty()) trouble = "no fork";
  if (zygote > 0) {
    close(kControlFd);  // So that its end is seen.
    scratch.Keep();
    int status = 0;
    while (waitpid(zygote, &status, 0) < 0 && errno == EINTR) {
    }
    return 0;
  }
  if (trouble.empty()) return 0;
  Send(Report::kTrouble, trouble);
  return 1;
}

}  // namespace
}  // namespace evalloop::sandbox

int main() { return evalloop::sandbox::Main(); }
