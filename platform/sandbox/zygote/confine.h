#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_

#include <linux/filter.h>

#include <span>

#include "platform/sandbox/protocol.h"

namespace evalloop::sandbox {

// What a child that was just cloned into namespaces of its own does before it
// runs anything that nobody trusts: it maps its user, gets a fresh /tmp of
// limited size as working directory, leaves the zygote's session and its
// standard descriptors, moves `fds` to 3, 4 ... and closes all others, sets its
// limits, drops every capability and locks itself in the filter. Returns what
// failed (with errno), or null.
const char* Confine(int proc, const Request& request, std::span<const int> fds,
                    const sock_fprog& filter);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_CONFINE_H_
