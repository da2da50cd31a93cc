#ifndef EVALLOOP_CODE_ANALYSIS_COMMON_ENDS_H_
#define EVALLOOP_CODE_ANALYSIS_COMMON_ENDS_H_

#include <algorithm>
#include <cstddef>
#include <span>

namespace evalloop::code_analysis {

// How many symbols two texts begin and end with alike; the two do not overlap
// in either text.
struct CommonEnds {
  std::size_t head = 0;
  std::size_t tail = 0;
};

template <typename Symbol>
CommonEnds FindCommonEnds(std::span<const Symbol> a,
                          std::span<const Symbol> b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  CommonEnds ends;
  while (ends.head < shorter && a[ends.head] == b[ends.head]) ++ends.head;
  const std::size_t left = shorter - ends.head;
  while (ends.tail < left &&
         a[a.size() - 1 - ends.tail] == b[b.size() - 1 - ends.tail]) {
    ++ends.tail;
  }
  return ends;
}

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_COMMON_ENDS_H_
