#ifndef EVALLOOP_MODEL_SERVER_DOMAIN_SEGMENT_H_
#define EVALLOOP_MODEL_SERVER_DOMAIN_SEGMENT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model_server/domain/token_id.h"

namespace evalloop::model_server {

// Suffixes [lo, hi) of a segment: all that begin with one context.
struct Interval {
  std::uint32_t lo = 0;
  std::uint32_t hi = 0;
  std::uint32_t size() const { return hi - lo; }
  bool empty() const { return lo == hi; }
};

// Contexts seen this often are summed up once, when a segment is built: reading
// all their continuations for every completion would be too slow.
inline constexpr std::uint32_t kHotContext = 256;

// What follows one frequent context. Sorted by (slot, lo) in a segment.
struct HotContext {
  std::uint32_t slot = 0;  // Index into kOrders.
  std::uint32_t lo = 0;
  std::uint32_t hi = 0;
  std::uint32_t total = 0;     // Continuations, without kBoundary and kCut.
  std::uint32_t distinct = 0;  // Different ones among them.
  // The most frequent continuations, in order; kBoundary where there are fewer.
  std::array<TokenId, 12> top{};
};
static_assert(sizeof(HotContext) == 68);

// A text and its suffixes in the order of their first kMaxOrder + 1 tokens: the
// number of times that w follows a context is the size of an interval. Suffixes
// are compared up to a kCut. A view: whoever owns the memory outlives it.
// Immutable, so safe for concurrent use.
//
// After Manber and Myers, "Suffix arrays: a new method for on-line string
// searches" (1993), with tokens for letters and a bounded depth.
class Segment {
 public:
  Segment() = default;
  // `text` ends with at least kMaxOrder + 1 words kCut; `suffixes` are
  // positions in it, none of them of a kCut.
  Segment(std::span<const std::uint32_t> text,
          std::span<const std::uint32_t> suffixes,
          std::span<const HotContext> hot)
      : text_(text), suffixes_(suffixes), hot_(hot) {}

  // The interval of the empty context.
  Interval All() const {
    return {0, static_cast<std::uint32_t>(suffixes_.size())};
  }

  // From the interval of a context of `depth` tokens to that of the context
  // followed by `token`. Empty where that was never seen. depth <= kMaxOrder.
  Interval Narrow(Interval interval, int depth, TokenId token) const;

  // The word `depth` places into suffix number `index`.
  std::uint32_t WordAt(std::uint32_t index, int depth) const {
    return text_[suffixes_[index] + static_cast<std::uint32_t>(depth)];
  }

  // The summary of an interval of kHotContext suffixes or more; null for
  // smaller ones.
  const HotContext* FindHot(int slot, Interval interval) const;

  std::span<const std::uint32_t> text() const { return text_; }
  std::span<const std::uint32_t> suffixes() const { return suffixes_; }
  std::span<const HotContext> hot() const { return hot_; }

 private:
  std::span<const std::uint32_t> text_;
  std::span<const std::uint32_t> suffixes_;
  std::span<const HotContext> hot_;
};

// A segment and its memory.
struct OwnedSegment {
  std::vector<std::uint32_t> text;
  std::vector<std::uint32_t> suffixes;
  std::vector<HotContext> hot;

  Segment View() const { return Segment(text, suffixes, hot); }
};

// Sorts the suffixes of `text`, which needs no padding. O(n log n) on ordinary
// text, bounded by the depth of kMaxOrder + 1 on the worst. Under 2^31 words.
OwnedSegment BuildSegment(std::vector<std::uint32_t> text);

// The segment of `text`, where `kept` already stands in order: positions in
// `text` of suffixes sorted before. `fresh` are the other positions, in any
// order. Linear in the text besides sorting `fresh`.
OwnedSegment MergeSegment(std::vector<std::uint32_t> text,
                          std::vector<std::uint32_t> kept,
                          std::vector<std::uint32_t> fresh);

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_DOMAIN_SEGMENT_H_
