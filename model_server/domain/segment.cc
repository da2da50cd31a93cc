#include "model_server/domain/segment.h"

#include <algorithm>

namespace evalloop::model_server {

Interval Segment::Narrow(Interval interval, int depth, TokenId token) const {
  // Small intervals: a walk costs less than two searches.
  if (interval.size() <= 8) {
    std::uint32_t lo = interval.lo;
    while (lo < interval.hi && TokenOf(WordAt(lo, depth)) != token) ++lo;
    std::uint32_t hi = lo;
    while (hi < interval.hi && TokenOf(WordAt(hi, depth)) == token) ++hi;
    return {lo, hi};
  }
  std::uint32_t lo = interval.lo;
  std::uint32_t hi = interval.hi;
  while (lo < hi) {
    const std::uint32_t middle = lo + (hi - lo) / 2;
    if (TokenOf(WordAt(middle, depth)) < token) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  const std::uint32_t first = lo;
  // The run's end is near its start more often than not: gallop, then search.
  std::uint32_t step = 1;
  hi = first;
  while (hi < interval.hi && TokenOf(WordAt(hi, depth)) == token) {
    lo = hi + 1;
    hi = std::min(interval.hi, hi + step);
    step *= 2;
  }
  while (lo < hi) {
    const std::uint32_t middle = lo + (hi - lo) / 2;
    if (TokenOf(WordAt(middle, depth)) == token) {
      lo = middle + 1;
    } else {
      hi = middle;
    }
  }
  return {first, std::max(first, lo)};
}

const HotContext* Segment::FindHot(int slot, Interval interval) const {
  if (interval.size() < kHotContext) return nullptr;
  const auto key = static_cast<std::uint32_t>(slot);
  const auto found =
      std::lower_bound(hot_.begin(), hot_.end(), interval.lo,
                       [key](const HotContext& hot, std::uint32_t lo) {
                         return hot.slot != key ? hot.slot < key : hot.lo < lo;
                       });
  if (found == hot_.end() || found->slot != key || found->lo != interval.lo ||
      found->hi != interval.hi) {
    return nullptr;
  }
  return &*found;
}

}  // namespace evalloop::model_server
