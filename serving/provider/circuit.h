#ifndef EVALLOOP_SERVING_PROVIDER_CIRCUIT_H_
#define EVALLOOP_SERVING_PROVIDER_CIRCUIT_H_

#include <chrono>
#include <mutex>

namespace evalloop::serving {

// Keeps calls away from a server that fails: after kFailures in a row it lets
// none through for a while, then one to try; that one's success closes it, its
// failure doubles the while. Time is the caller's. Thread-safe.
class Circuit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr int kFailures = 5;
  static constexpr std::chrono::milliseconds kFirstPause{250};
  static constexpr std::chrono::milliseconds kMaxPause{4'000};

  // Whether a call may be made now; each true needs a Succeeded, a Failed or an
  // Abandoned.
  bool Allow(Time now);
  void Succeeded();
  void Failed(Time now);
  // The call told nothing of the server's health.
  void Abandoned();

 private:
  std::mutex mu_;
  int failures_ = 0;
  bool trying_ = false;  // The one call of an open circuit is under way.
  Time open_until_;
  std::chrono::milliseconds pause_ = kFirstPause;
};

// Bounds retries to a share of the calls, so that they can't double a server's
// load while it struggles. Thread-safe.
class RetryBudget {
 public:
  static constexpr double kShare = 0.1;  // Retries a call.
  static constexpr double kMost = 10;    // Saved up at most.

  void Called();
  bool TryRetry();

 private:
  std::mutex mu_;
  double saved_ = kMost;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_PROVIDER_CIRCUIT_H_
