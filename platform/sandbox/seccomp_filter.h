#ifndef EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_
#define EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_

#include <linux/filter.h>

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
  // in: one clone, and a few calls more. Its children add ChildFilter
  // (zygote/child_filter.h).
  kZygote,
};

// An allow-list as a seccomp program. Everything else fails with EPERM, or with
// ENOSYS where libraries know an older way (clone3, openat2 ...); calls by
// another architecture's door (int 0x80, x32) kill the process. Namespace flags
// of clone, terminal injection (TIOCSTI, TIOCLINUX) and personality changes are
// refused by argument.
absl::StatusOr<std::vector<sock_filter>> BuildFilter(Profile profile);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_SECCOMP_FILTER_H_
