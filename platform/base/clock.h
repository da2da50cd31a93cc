#ifndef EVALLOOP_PLATFORM_BASE_CLOCK_H_
#define EVALLOOP_PLATFORM_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace evalloop::base {

// Wall-clock time as a dependency, so that tests hold the hands. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_CLOCK_H_
