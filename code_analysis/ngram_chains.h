#ifndef EVALLOOP_CODE_ANALYSIS_NGRAM_CHAINS_H_
#define EVALLOOP_CODE_ANALYSIS_NGRAM_CHAINS_H_

#include <cstdint>
#include <span>

#include "code_analysis/ngram_overlap.h"

namespace evalloop::code_analysis {

// NgramOverlap for symbols of which several do not fit one word: slower, and
// right at any order and for any alphabet.
NgramCounts OverlapOfChains(std::span<const std::uint32_t> a,
                            std::span<const std::uint32_t> b, int orders);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_NGRAM_CHAINS_H_
