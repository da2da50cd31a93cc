#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_LINE_DIFF_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_LINE_DIFF_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

// before[before_start, before_end) became after[after_start, after_end), in
// words.
struct ChangedRange {
  std::uint32_t before_start = 0;
  std::uint32_t before_end = 0;
  std::uint32_t after_start = 0;
  std::uint32_t after_end = 0;
};

// Where two texts differ, by whole lines (a line ends with its kNewline; blanks
// do not count). In order, not overlapping. Patience diff: anchors are lines
// that occur once on both sides; a range without anchors is one change.
std::vector<ChangedRange> DiffLines(std::span<const std::uint32_t> before,
                                    std::span<const std::uint32_t> after);

// Two texts whose n-grams (contexts up to kMaxOrder) make up the difference:
// counts(after) = counts(before) - counts(removed) + counts(added), exactly,
// for every context that holds no kCut. Pieces end with kCut.
struct NgramDelta {
  std::vector<std::uint32_t> removed;
  std::vector<std::uint32_t> added;
};

NgramDelta DiffNgrams(std::span<const std::uint32_t> before,
                      std::span<const std::uint32_t> after);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_LINE_DIFF_H_
