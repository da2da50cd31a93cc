#ifndef EVALLOOP_PLATFORM_SANDBOX_ENDING_H_
#define EVALLOOP_PLATFORM_SANDBOX_ENDING_H_

#include <chrono>
#include <cstdint>

#include "platform/sandbox/sandbox.h"

namespace evalloop::sandbox {

// RLIMIT_CPU counts whole seconds: rounded up, at least 1.
std::uint32_t WholeSeconds(std::chrono::milliseconds time);

// When a program that began at `begin` is out of wall time: what it waited for
// a busy machine is given back, up to four times its wall time in all.
std::chrono::steady_clock::time_point ExtendedDeadline(
    std::chrono::steady_clock::time_point begin,
    std::chrono::milliseconds wall_time, std::chrono::microseconds starved);

// Says in `result`, whose cpu_time is set, how a program ended that wait4 told
// `wait_status` of. `killed`: by its caller; `out_of_time`: by the wall clock.
void SetEnding(int wait_status, const Limits& limits, bool killed,
               bool out_of_time, JobResult& result);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ENDING_H_
