#ifndef EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_
#define EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace evalloop::code_analysis {

// For each order 1 to `orders`, the size of the intersection of the multisets
// of n-grams of `a` and `b`; element n - 1 is order n. Exact (no hash is
// trusted) in expected O(orders (|a| + |b|)).
std::vector<std::size_t> NgramOverlap(std::span<const std::uint32_t> a,
                                      std::span<const std::uint32_t> b,
                                      int orders);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_
