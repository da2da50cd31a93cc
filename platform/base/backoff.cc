#include "platform/base/backoff.h"

#include <algorithm>

namespace evalloop::base {

Backoff::Backoff(std::chrono::milliseconds first, std::chrono::milliseconds max,
                 std::optional<std::uint64_t> seed)
    : first_(first), max_(max), ceiling_(std::min(first, max)), seed_(seed) {}

std::chrono::milliseconds Backoff::Next() {
  if (!random_) {
    random_.emplace(seed_ ? *seed_ : std::uint64_t{std::random_device{}()});
  }
  const auto ceiling = std::max<std::int64_t>(ceiling_.count(), 1);
  ceiling_ = std::min(ceiling_ * 2, max_);
  return std::chrono::milliseconds(
      std::uniform_int_distribution<std::int64_t>(1, ceiling)(*random_));
}

}  // namespace evalloop::base
