#ifndef EVALLOOP_PLATFORM_DELIVERY_BATCH_SIZE_H_
#define EVALLOOP_PLATFORM_DELIVERY_BATCH_SIZE_H_

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace evalloop::delivery {

// How many records to take at once: twice as many while they are quick, half as
// many where they are slow. Not thread-safe.
class BatchSize {
 public:
  // A batch under `kQuick` could be larger; one over `kSlow` is seen too late.
  static constexpr std::chrono::milliseconds kQuick{250};
  static constexpr std::chrono::milliseconds kSlow{2'000};

  // Begins with `first`, to which it also shrinks at most; 0: always `most`.
  BatchSize(std::size_t first, std::size_t most)
      : least_(first == 0 ? most : std::min(first, most)),
        most_(most),
        now_(least_) {}

  std::size_t now() const { return now_; }

  // A batch of `records` took so long. One that was not full tells nothing.
  void Took(std::size_t records, std::chrono::steady_clock::duration time) {
    if (records < now_) return;
    if (time < kQuick) now_ = std::min(most_, now_ * 2);
    if (time > kSlow) now_ = std::max(least_, now_ / 2);
  }

 private:
  const std::size_t least_;
  const std::size_t most_;
  std::size_t now_;
};

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_BATCH_SIZE_H_
