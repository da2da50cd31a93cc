#ifndef EVALLOOP_CODE_ANALYSIS_BIT_PARALLEL_H_
#define EVALLOOP_CODE_ANALYSIS_BIT_PARALLEL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace evalloop::code_analysis {

// The two distances run in |a| |b| / 64 steps and O(|a| + |b|) memory; nullopt
// where |a| |b|, ends that are alike left out, exceeds this (about a second).
inline constexpr std::uint64_t kMaxCells = std::uint64_t{1} << 34;

// Levenshtein distance. Myers, "A fast bit-vector algorithm for approximate
// string matching based on dynamic programming" (JACM 46(3), 1999), in the
// block form of Hyyro, "A bit-vector algorithm for computing Levenshtein and
// Damerau edit distances" (Nordic J. Computing 10, 2003), some blocks of 64
// rows at a time, so that their steps overlap. Thread-safe.
std::optional<std::size_t> LevenshteinDistance(
    std::span<const unsigned char> a, std::span<const unsigned char> b);
std::optional<std::size_t> LevenshteinDistance(
    std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

// Length of the longest common subsequence; fastest where symbols are small
// numbers. Hyyro, "Bit-parallel LCS-length computation revisited" (AWOCA
// 2004). Thread-safe.
std::optional<std::size_t> CommonSubsequence(std::span<const std::uint32_t> a,
                                             std::span<const std::uint32_t> b);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_BIT_PARALLEL_H_
