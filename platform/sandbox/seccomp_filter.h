#ifndef EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_
#define EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_

#include <linux/filter.h>
#include <sched.h>
#include <signal.h>

#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::sandbox {

// What a program in the sandbox may ask the kernel for.
enum class Profile {
  // A Python program that is already loaded: files, memory, threads, forks,
  // waiting, time. No exec, no sockets but anonymous pairs.
  kInterpreter,
  // As above, and exec: compilers, analysers, other languages.
  kProgram,
  // As kInterpreter, and what a zygote needs to make a child that locks itself
  // in: kClone and the calls of kZygoteOnly. Its children add ChildFilter.
  kZygote,
};

// The flags with which a zygote clones a child, and no others.
inline constexpr unsigned kClone = CLONE_NEWPID | CLONE_PIDFD | SIGCHLD;

// An allow-list as a seccomp program. Everything else fails with EPERM, or with
// ENOSYS where libraries know an older way (clone3, openat2 ...); calls by
// another architecture's door (int 0x80, x32) kill the process. Namespace flags
// of clone, terminal injection (TIOCSTI, TIOCLINUX) and personality changes are
// refused by argument.
absl::StatusOr<std::vector<sock_filter>> BuildFilter(Profile profile);

// Takes away from kZygote what kInterpreter doesn't have: both together are
// exactly kInterpreter. The kernel translates a filter for the processor and
// tries every call on it when it is installed, which takes the larger one a
// third of a millisecond, and this one hardly anything.
std::vector<sock_filter> ChildFilter();

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_
