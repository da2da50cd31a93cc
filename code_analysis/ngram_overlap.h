#ifndef EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_
#define EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace evalloop::code_analysis {

inline constexpr int kMaxNgramOrder = 6;

// Element n - 1 is of order n; 0 beyond the orders asked for.
using NgramCounts = std::array<std::size_t, kMaxNgramOrder>;

// For each order 1 to `orders`, the size of the intersection of the multisets
// of n-grams of `a` and `b`. Exact (no hash is trusted) in expected
// O(orders (|a| + |b|)). Thread-safe.
NgramCounts NgramOverlap(std::span<const unsigned char> a,
                         std::span<const unsigned char> b, int orders);

// The same on any symbols; fastest where they are small numbers.
NgramCounts NgramOverlap(std::span<const std::uint32_t> a,
                         std::span<const std::uint32_t> b, int orders);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_NGRAM_OVERLAP_H_
