#include <algorithm>
#include <iterator>
#include <utility>

#include "model_server/domain/segment.h"

namespace evalloop::model_server {
namespace {

constexpr int kDepth = kMaxOrder + 1;

void Pad(std::vector<std::uint32_t>& text) {
  text.insert(text.end(), kDepth, kCut);
  text.shrink_to_fit();
}

class Sorter {
 public:
  explicit Sorter(const std::vector<std::uint32_t>& text) : text_(text) {}

  TokenId At(std::uint32_t position, int depth) const {
    return TokenOf(text_[position + static_cast<std::uint32_t>(depth)]);
  }

  // Number of equal leading tokens, at most kDepth. A kCut that both share
  // counts as reaching the end: what stands behind it means nothing.
  int CommonPrefix(std::uint32_t a, std::uint32_t b) const {
    for (int depth = 0; depth < kDepth; ++depth) {
      const TokenId left = At(a, depth);
      if (left != At(b, depth)) return depth;
      if (left == kCut) return kDepth;
    }
    return kDepth;
  }

  bool Less(std::uint32_t a, std::uint32_t b) const {
    for (int depth = 0; depth < kDepth; ++depth) {
      const TokenId left = At(a, depth);
      const TokenId right = At(b, depth);
      if (left != right) return left < right;
      if (left == kCut) return false;
    }
    return false;
  }

  // Multikey quicksort (Bentley and Sedgewick 1997): three parts by the token
  // at `depth`, only the middle one goes deeper. Recursion depth is bounded as
  // the largest part is done in the loop.
  void Sort(std::span<std::uint32_t> suffixes, int depth) const {
    while (true) {
      if (depth >= kDepth || suffixes.size() < 2) return;
      if (suffixes.size() <= 12) {
        InsertionSort(suffixes, depth);
        return;
      }
      const TokenId pivot = Median(suffixes, depth);
      std::size_t less = 0;
      std::size_t at = 0;
      std::size_t greater = suffixes.size();
      while (at < greater) {
        const TokenId token = At(suffixes[at], depth);
        if (token < pivot) {
          std::swap(suffixes[less++], suffixes[at++]);
        } else if (token > pivot) {
          std::swap(suffixes[at], suffixes[--greater]);
        } else {
          ++at;
        }
      }
      struct Part {
        std::span<std::uint32_t> suffixes;
        int depth;
      };
      std::array<Part, 3> parts = {Part{suffixes.first(less), depth},
                                   Part{suffixes.subspan(less, greater - less),
                                        pivot == kCut ? kDepth : depth + 1},
                                   Part{suffixes.subspan(greater), depth}};
      std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
        return a.suffixes.size() < b.suffixes.size();
      });
      Sort(parts[0].suffixes, parts[0].depth);
      Sort(parts[1].suffixes, parts[1].depth);
      suffixes = parts[2].suffixes;
      depth = parts[2].depth;
    }
  }

 private:
  TokenId Median(std::span<const std::uint32_t> suffixes, int depth) const {
    const TokenId a = At(suffixes.front(), depth);
    const TokenId b = At(suffixes[suffixes.size() / 2], depth);
    const TokenId c = At(suffixes.back(), depth);
    return std::max(std::min(a, b), std::min(std::max(a, b), c));
  }

  void InsertionSort(std::span<std::uint32_t> suffixes, int depth) const {
    const auto less = [this, depth](std::uint32_t a, std::uint32_t b) {
      for (int at = depth; at < kDepth; ++at) {
        const TokenId left = At(a, at);
        const TokenId right = At(b, at);
        if (left != right) return left < right;
        if (left == kCut) return false;
      }
      return false;
    };
    for (std::size_t i = 1; i < suffixes.size(); ++i) {
      const std::uint32_t moved = suffixes[i];
      std::size_t at = i;
      for (; at > 0 && less(moved, suffixes[at - 1]); --at) {
        suffixes[at] = suffixes[at - 1];
      }
      suffixes[at] = moved;
    }
  }

  const std::vector<std::uint32_t>& text_;
};

struct Run {
  TokenId token = 0;
  std::uint32_t count = 0;
};

HotContext Summarise(const OwnedSegment& segment,
                     const std::vector<std::uint8_t>& common, int slot,
                     Interval interval, std::vector<Run>& runs) {
  const int depth = kOrders[static_cast<std::size_t>(slot)];
  const Segment view = segment.View();
  runs.clear();
  for (std::uint32_t i = interval.lo; i < interval.hi; ++i) {
    if (i > interval.lo && common[i] > depth) {
      ++runs.back().count;
    } else {
      runs.push_back({TokenOf(view.WordAt(i, depth)), 1});
    }
  }
  std::erase_if(runs, [](const Run& run) { return run.token < kNewline; });
  HotContext hot{.slot = static_cast<std::uint32_t>(slot),
                 .lo = interval.lo,
                 .hi = interval.hi,
                 .distinct = static_cast<std::uint32_t>(runs.size())};
  for (const Run& run : runs) hot.total += run.count;
  const std::size_t kept = std::min(runs.size(), hot.top.size());
  std::partial_sort(
      runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(kept),
      runs.end(), [](const Run& a, const Run& b) {
        return a.count != b.count ? a.count > b.count : a.token < b.token;
      });
  for (std::size_t i = 0; i < kept; ++i) hot.top[i] = runs[i].token;
  return hot;
}

void FindHotContexts(OwnedSegment& segment) {
  const auto n = static_cast<std::uint32_t>(segment.suffixes.size());
  // common[i]: tokens that suffix i shares with suffix i - 1.
  std::vector<std::uint8_t> common(n, 0);
  const Sorter sorter(segment.text);
  for (std::uint32_t i = 1; i < n; ++i) {
    common[i] = static_cast<std::uint8_t>(
        sorter.CommonPrefix(segment.suffixes[i - 1], segment.suffixes[i]));
  }
  std::vector<Run> runs;
  for (int slot = 0; slot < kOrderCount; ++slot) {
    const int depth = kOrders[static_cast<std::size_t>(slot)];
    std::uint32_t lo = 0;
    for (std::uint32_t i = 1; i <= n; ++i) {
      if (i < n && common[i] >= depth) continue;
      if (i - lo >= kHotContext) {
        segment.hot.push_back(Summarise(segment, common, slot, {lo, i}, runs));
      }
      lo = i;
    }
  }
  segment.hot.shrink_to_fit();
}

}  // namespace

OwnedSegment BuildSegment(std::vector<std::uint32_t> text) {
  OwnedSegment segment;
  const std::size_t size = text.size();
  segment.text = std::move(text);
  Pad(segment.text);

  // First by one counting sort on the first token, then each bucket.
  TokenId largest = 0;
  for (const std::uint32_t word : segment.text) {
    largest = std::max(largest, TokenOf(word));
  }
  std::vector<std::uint32_t> starts(std::size_t{largest} + 2, 0);
  for (std::size_t i = 0; i < size; ++i) {
    const TokenId token = TokenOf(segment.text[i]);
    if (token != kCut) ++starts[token + 1];
  }
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  segment.suffixes.resize(starts.back());
  std::vector<std::uint32_t> next(starts.begin(), starts.end() - 1);
  for (std::size_t i = 0; i < size; ++i) {
    const TokenId token = TokenOf(segment.text[i]);
    if (token != kCut) {
      segment.suffixes[next[token]++] = static_cast<std::uint32_t>(i);
    }
  }
  const Sorter sorter(segment.text);
  const std::span<std::uint32_t> suffixes(segment.suffixes);
  for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
    sorter.Sort(suffixes.subspan(starts[i], starts[i + 1] - starts[i]), 1);
  }
  FindHotContexts(segment);
  return segment;
}

OwnedSegment MergeSegment(std::vector<std::uint32_t> text,
                          std::vector<std::uint32_t> kept,
                          std::vector<std::uint32_t> fresh) {
  OwnedSegment segment;
  segment.text = std::move(text);
  Pad(segment.text);
  const Sorter sorter(segment.text);
  sorter.Sort(fresh, 0);
  segment.suffixes.reserve(kept.size() + fresh.size());
  std::merge(kept.begin(), kept.end(), fresh.begin(), fresh.end(),
             std::back_inserter(segment.suffixes),
             [&sorter](std::uint32_t a, std::uint32_t b) {
               return sorter.Less(a, b);
             });
  FindHotContexts(segment);
  return segment;
}

}  // namespace evalloop::model_server
