#ifndef EVALLOOP_PLATFORM_TESTING_FAKE_CLOCK_H_
#define EVALLOOP_PLATFORM_TESTING_FAKE_CLOCK_H_

#include <mutex>

#include "absl/time/time.h"
#include "platform/base/clock.h"

namespace evalloop::testing {

// A clock that moves only when told to. Thread-safe.
class FakeClock final : public base::Clock {
 public:
  // Starts on 2026-01-01T00:00:00Z unless told otherwise.
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1767225600))
      : now_(now) {}

  absl::Time Now() override {
    std::lock_guard lock(mu_);
    return now_;
  }
  void Advance(absl::Duration by) {
    std::lock_guard lock(mu_);
    now_ += by;
  }

 private:
  std::mutex mu_;
  absl::Time now_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_FAKE_CLOCK_H_
