#ifndef EVALLOOP_PLATFORM_BASE_BACKOFF_H_
#define EVALLOOP_PLATFORM_BASE_BACKOFF_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace evalloop::base {

// Exponential backoff with full jitter: each wait is uniform in
// (0, min(max, first * 2^attempt)], so a herd of clients spreads out
// (M. Brooker, "Exponential Backoff And Jitter", 2015). Not thread-safe.
class Backoff {
 public:
  // Without a seed the first wait draws one: most calls never wait, and asking
  // the machine for randomness costs more than many of them.
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds max,
          std::optional<std::uint64_t> seed = std::nullopt);

  // The wait before the next attempt; at least one millisecond.
  std::chrono::milliseconds Next();

  // Call after a success: the next wait is short again.
  void Reset() { ceiling_ = first_ < max_ ? first_ : max_; }

 private:
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds max_;
  std::chrono::milliseconds ceiling_;
  const std::optional<std::uint64_t> seed_;
  std::optional<std::mt19937_64> random_;  // From the first wait on.
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_BACKOFF_H_
