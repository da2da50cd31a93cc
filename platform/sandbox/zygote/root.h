#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_ROOT_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_ROOT_H_

#include <string>

namespace evalloop::sandbox {

// Turns the calling, single-threaded process into an unprivileged user with
// user, mount, IPC, UTS, network and cgroup namespaces of its own, and its
// root into: /usr (read-only) with the usual links, /dev with null, zero and
// urandom, and an empty /tmp; nothing else, all read-only, no /proc. Its next
// children get a process namespace. Returns what went wrong, empty if nothing.
// `proc` becomes a descriptor of the old /proc.
std::string EnterTemplateRoot(int& proc);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_ROOT_H_
