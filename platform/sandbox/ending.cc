#include "platform/sandbox/ending.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

namespace evalloop::sandbox {

std::string_view EndingName(Ending ending) {
  switch (ending) {
    case Ending::kExited:
      return "exited";
    case Ending::kSignalled:
      return "signalled";
    case Ending::kCpuTime:
      return "cpu time";
    case Ending::kWallTime:
      return "wall time";
    case Ending::kOutput:
      return "output";
    case Ending::kKilled:
      return "killed";
  }
  return "unknown";
}

std::uint32_t WholeSeconds(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time).count();
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(seconds, 1, 86'400));
}

std::chrono::steady_clock::time_point ExtendedDeadline(
    std::chrono::steady_clock::time_point begin,
    std::chrono::milliseconds wall_time, std::chrono::microseconds starved) {
  const std::chrono::microseconds wall = wall_time;
  return begin + std::min(wall + starved, 4 * wall);
}

void SetEnding(int wait_status, const Limits& limits, bool killed,
               bool out_of_time, JobResult& result) {
  if (WIFEXITED(wait_status)) {
    result.ending = Ending::kExited;
    result.exit_code = WEXITSTATUS(wait_status);
    return;
  }
  result.signal = WTERMSIG(wait_status);
  result.ending = Ending::kSignalled;
  if (result.signal != SIGKILL && result.signal != SIGXCPU) return;
  // For the limit the kernel counts whole ticks, which on a busy machine comes
  // to more than what it tells of the time used.
  const std::chrono::microseconds limit =
      std::chrono::seconds(WholeSeconds(limits.cpu_time)) * 3 / 4;
  if (out_of_time) {
    result.ending = Ending::kWallTime;
  } else if (killed) {
    result.ending = Ending::kKilled;
  } else if (result.cpu_time >= limit) {
    result.ending = Ending::kCpuTime;
  }
}

}  // namespace evalloop::sandbox
