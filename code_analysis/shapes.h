#ifndef EVALLOOP_CODE_ANALYSIS_SHAPES_H_
#define EVALLOOP_CODE_ANALYSIS_SHAPES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "code_analysis/language.h"

namespace evalloop::code_analysis {

// A text made ready to be compared with many others: its tokens, without
// comments and blanks, as numbers. Hashes are the same on every machine.
struct TokenText {
  std::vector<std::uint64_t> tokens;    // A hash of each.
  std::vector<std::uint64_t> shape;     // The same, identifiers alike.
  std::vector<std::uint64_t> trigrams;  // Sorted, distinct; of `tokens`, which
                                        // are themselves taken under three.
  std::vector<std::uint64_t> bag;       // `tokens`, sorted.
};

TokenText TokensOf(std::string_view text, Language language);

// Jaccard index of the sets of token 3-grams, as TokenJaccard of similarity.h.
double JaccardOf(const TokenText& a, const TokenText& b);

// Jaccard index of the bags of tokens: each counts as often as it stands there,
// in any order. A text without tokens is like none, not even another one.
double BagJaccardOf(const TokenText& a, const TokenText& b);

// 1 - Levenshtein / longer length, on tokens. [0, 1]; two empty ones are 1.
// Under `least` any smaller number may come back, which saves work.
double TokenEditSimilarity(const TokenText& a, const TokenText& b,
                           double least = 0);

// MinHash (Broder, SEQUENCES 1997) of the set of 5-token shingles of the shape:
// 128 permutations in 16 bands of 8. Texts that share a band are alike by .5
// with a chance of 6 %, by .7 of 61 %, by .8 of 95 %. Shorter texts than a
// shingle have none: all bands 0.
inline constexpr std::size_t kShingle = 5;
inline constexpr std::size_t kBands = 16;
inline constexpr std::size_t kRows = 8;
std::array<std::uint64_t, kBands> MinHashBands(const TokenText& text);

// FNV-1a, 64 bits, finished so that all bits depend on all bytes.
std::uint64_t StableHash(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_SHAPES_H_
