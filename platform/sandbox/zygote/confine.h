#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_

#include <linux/filter.h>

#include <span>

#include "platform/sandbox/protocol.h"

namespace evalloop::sandbox {

// What a zygote does, once, after it has loaded all it needs and before its
// first child: it gives up what no child may have and no zygote needs. Returns
// what failed (with errno), or null.
const char* ConfineZygote(const sock_fprog& filter);

// What a child that was just cloned into a process namespace does before it
// runs anything that nobody trusts: it makes /tmp its working directory, leaves
// the zygote's session and its standard descriptors, moves `fds` to 3, 4
// ... and closes all others, sets its limits, drops every capability and locks
// itself in the filter on top of the zygote's. Returns what failed (with
// errno), or null.
const char* Confine(const Request& request, std::span<const int> fds,
                    const sock_fprog& filter);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_
