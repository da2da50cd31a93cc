#include "platform/sandbox/seccomp_filter.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "platform/sandbox/zygote/child_filter.h"

namespace evalloop::sandbox {
namespace {

constexpr const char* kAllowed[] = {
    // Files that are open, and those below the root that the program sees.
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv",
    "pwritev", "preadv2", "pwritev2", "close", "close_range", "lseek", "open",
    "openat", "creat", "stat", "fstat", "lstat", "newfstatat", "statx",
    "statfs", "fstatfs", "access", "faccessat", "faccessat2", "readlink",
    "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir",
    "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat",
    "renameat2", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod",
    "fchmodat", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync",
    "sync_file_range", "flock", "fadvise64", "copy_file_range", "sendfile",
    "splice", "tee", "utime", "utimes", "utimensat", "futimesat", "umask",
    "dup", "dup2", "dup3", "pipe", "pipe2", "fcntl", "getxattr", "lgetxattr",
    "fgetxattr", "listxattr", "llistxattr", "flistxattr",
    // Memory.
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "msync",
    "mincore", "membarrier", "mlock", "munlock", "mlock2", "pkey_alloc",
    "pkey_free", "pkey_mprotect",
    // Processes and threads of its own.
    "fork", "vfork", "exit", "exit_group", "wait4", "waitid", "getpid",
    "getppid", "gettid", "getpgrp", "getpgid", "setpgid", "getsid", "setsid",
    "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid",
    "getgroups", "capget", "set_tid_address", "set_robust_list",
    "get_robust_list", "rseq", "arch_prctl", "futex", "futex_waitv",
    "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getparam",
    "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min",
    "getpriority", "getrlimit", "setrlimit", "prlimit64", "getrusage", "times",
    "getcpu", "uname", "sysinfo", "getrandom", "restart_syscall",
    // Signals among its own.
    "kill", "tkill", "tgkill", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
    "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo", "sigaltstack", "signalfd", "signalfd4", "pause",
    // Time.
    "time", "gettimeofday", "clock_gettime", "clock_getres", "nanosleep",
    "clock_nanosleep", "alarm", "getitimer", "setitimer", "timer_create",
    "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete",
    "timerfd_create", "timerfd_settime", "timerfd_gettime",
    // Waiting for many.
    "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd",
    "eventfd2",
    // What an anonymous pair of sockets is used with; none can be addressed.
    "sendto", "recvfrom", "shutdown", "getsockopt", "setsockopt", "getsockname",
    "getpeername"};

constexpr const char* kProgramOnly[] = {"execve", "execveat", "inotify_init1",
                                        "inotify_add_watch",
                                        "inotify_rm_watch"};

constexpr const char* kZygoteOnly[] = {"recvmsg", "capset", "seccomp"};

// Where the caller falls back to an older call on ENOSYS.
constexpr const char* kOldWayKnown[] = {"clone3", "openat2", "io_uring_setup",
                                        "pidfd_open", "memfd_create"};

struct Release {
  void operator()(void* context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

// Collects the first error of many rules.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx context) : context_(context) {}

  void Add(std::uint32_t action, const char* name,
           std::initializer_list<scmp_arg_cmp> conditions = {}) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR || call < 0) return;  // Not on this kernel.
    const int error = seccomp_rule_add_array(
        context_, action, call, static_cast<unsigned>(conditions.size()),
        conditions.begin());
    if (error != 0 && error_.empty()) {
      error_ = std::string("seccomp rule for ") + name + ": " +
               std::strerror(-error);
    }
  }
  const std::string& error() const { return error_; }

 private:
  const scmp_filter_ctx context_;
  std::string error_;
};

void AddConditional(Rules& rules) {
  // Threads and processes, never a namespace.
  rules.Add(SCMP_ACT_ALLOW, "clone",
            {SCMP_A0(SCMP_CMP_MASKED_EQ, kNamespaces, 0)});
  // Anything a file's door answers to, except typing into a terminal.
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, TCGETS)});
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, TIOCGWINSZ)});
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, FIONBIO)});
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, FIONREAD)});
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, FIOCLEX)});
  rules.Add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1_32(SCMP_CMP_EQ, FIONCLEX)});
  rules.Add(SCMP_ACT_ALLOW, "socketpair", {SCMP_A0_32(SCMP_CMP_EQ, AF_UNIX)});
  // Names of threads, and questions.
  for (const int option : {15 /* PR_SET_NAME */, 16 /* PR_GET_NAME */,
                           3 /* PR_GET_DUMPABLE */, 39 /* GET_NO_NEW_PRIVS */,
                           21 /* PR_GET_SECCOMP */, 23 /* PR_CAPBSET_READ */}) {
    rules.Add(SCMP_ACT_ALLOW, "prctl",
              {SCMP_A0_32(SCMP_CMP_EQ, static_cast<unsigned>(option))});
  }
}

}  // namespace

absl::StatusOr<std::vector<sock_filter>> BuildFilter(Profile profile) {
  const Context context(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (context == nullptr) {
    return absl::UnavailableError("libseccomp makes no filter here");
  }
  // A search tree instead of a list: each call costs a few comparisons.
  seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
  seccomp_attr_set(context.get(), SCMP_FLTATR_ACT_BADARCH,
                   SCMP_ACT_KILL_PROCESS);
  Rules rules(context.get());
  for (const char* name : kAllowed) rules.Add(SCMP_ACT_ALLOW, name);
  if (profile == Profile::kProgram) {
    for (const char* name : kProgramOnly) rules.Add(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : kOldWayKnown) {
    rules.Add(SCMP_ACT_ERRNO(ENOSYS), name);
  }
  AddConditional(rules);
  if (profile == Profile::kZygote) {
    for (const char* name : kZygoteOnly) rules.Add(SCMP_ACT_ALLOW, name);
    rules.Add(SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_EQ, kClone)});
  }
  if (!rules.error().empty()) return absl::UnavailableError(rules.error());
  const int fd = memfd_create("filter", MFD_CLOEXEC);
  if (fd < 0) return absl::UnavailableError("no memory file for the filter");
  std::vector<sock_filter> filter;
  if (seccomp_export_bpf(context.get(), fd) == 0) {
    const off_t size = lseek(fd, 0, SEEK_END);
    filter.resize(static_cast<std::size_t>(size) / sizeof(sock_filter));
    if (pread(fd, filter.data(), static_cast<std::size_t>(size), 0) != size) {
      filter.clear();
    }
  }
  close(fd);
  if (filter.empty()) {
    return absl::UnavailableError("libseccomp wrote no filter");
  }
  return filter;
}

}  // namespace evalloop::sandbox
