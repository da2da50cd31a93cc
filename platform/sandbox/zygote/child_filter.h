#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CHILD_FILTER_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CHILD_FILTER_H_

#include <linux/filter.h>
#include <sched.h>
#include <signal.h>

#include <cstdint>
#include <vector>

namespace evalloop::sandbox {

// All flags of clone that make a namespace.
inline constexpr std::uint64_t kNamespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;

// The flags with which a zygote clones a child, and no others.
inline constexpr unsigned kClone = CLONE_NEWPID | CLONE_PIDFD | SIGCHLD;

// Takes away from Profile::kZygote what kInterpreter doesn't have: both
// together are exactly kInterpreter. The kernel translates a filter for the
// processor and tries every call on it when it is installed, which takes the
// larger one a third of a millisecond, and this one hardly anything.
std::vector<sock_filter> ChildFilter();

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CHILD_FILTER_H_
