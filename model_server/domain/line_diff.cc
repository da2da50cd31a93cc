#include "model_server/domain/line_diff.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace evalloop::model_server {
namespace {

struct TextLine {
  std::uint64_t hash = 0;
  std::uint32_t start = 0;
  std::uint32_t end = 0;
};

std::vector<TextLine> SplitLines(std::span<const std::uint32_t> text) {
  std::vector<TextLine> lines;
  TextLine line;
  const auto flush = [&](std::size_t end) {
    line.end = static_cast<std::uint32_t>(end);
    lines.push_back(line);
    line = {.hash = 0, .start = line.end, .end = line.end};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const TokenId token = TokenOf(text[i]);
    line.hash = (line.hash ^ (token + 1)) * 0x9E3779B97F4A7C15u;
    line.hash ^= line.hash >> 32;
    if (token <= kNewline) flush(i + 1);
  }
  if (line.start < text.size()) flush(text.size());
  return lines;
}

class Differ {
 public:
  Differ(std::span<const std::uint32_t> before,
         std::span<const std::uint32_t> after)
      : before_text_(before),
        after_text_(after),
        before_(SplitLines(before)),
        after_(SplitLines(after)) {}

  std::vector<ChangedRange> Run() {
    Compare(0, before_.size(), 0, after_.size());
    return std::move(ranges_);
  }

 private:
  // Hashes find equal lines, words decide.
  bool Same(std::size_t a, std::size_t b) const {
    const TextLine& left = before_[a];
    const TextLine& right = after_[b];
    if (left.hash != right.hash ||
        left.end - left.start != right.end - right.start) {
      return false;
    }
    return std::equal(before_text_.begin() + left.start,
                      before_text_.begin() + left.end,
                      after_text_.begin() + right.start,
                      [](std::uint32_t x, std::uint32_t y) {
                        return TokenOf(x) == TokenOf(y);
                      });
  }

  void Compare(std::size_t a, std::size_t a_end, std::size_t b,
               std::size_t b_end) {
    while (a < a_end && b < b_end && Same(a, b)) ++a, ++b;
    while (a < a_end && b < b_end && Same(a_end - 1, b_end - 1)) {
      --a_end, --b_end;
    }
    if (a == a_end && b == b_end) return;
    const auto anchors = a == a_end || b == b_end ? std::vector<Anchor>()
                                                  : Anchors(a, a_end, b, b_end);
    if (anchors.empty()) {
      Emit(a, a_end, b, b_end);
      return;
    }
    for (const Anchor& anchor : anchors) {
      Compare(a, anchor.before, b, anchor.after);
      a = anchor.before + 1;
      b = anchor.after + 1;
    }
    Compare(a, a_end, b, b_end);
  }

  struct Anchor {
    std::size_t before = 0;
    std::size_t after = 0;
  };

  // Lines unique on both sides, the longest chain of them that rises.
  std::vector<Anchor> Anchors(std::size_t a, std::size_t a_end, std::size_t b,
                              std::size_t b_end) const {
    struct Seen {
      std::uint32_t before_count = 0;
      std::uint32_t after_count = 0;
      std::size_t after = 0;
    };
    absl::flat_hash_map<std::uint64_t, Seen> seen;
    for (std::size_t i = a; i < a_end; ++i)
      ++seen[before_[i].hash].before_count;
    for (std::size_t i = b; i < b_end; ++i) {
      Seen& entry = seen[after_[i].hash];
      ++entry.after_count;
      entry.after = i;
    }
    std::vector<Anchor> unique;
    for (std::size_t i = a; i < a_end; ++i) {
      const Seen& entry = seen[before_[i].hash];
      if (entry.before_count == 1 && entry.after_count == 1 &&
          Same(i, entry.after)) {
        unique.push_back({i, entry.after});
      }
    }
    // Longest increasing subsequence by patience sorting.
    std::vector<std::size_t> tops;
    std::vector<std::ptrdiff_t> previous(unique.size(), -1);
    for (std::size_t i = 0; i < unique.size(); ++i) {
      const auto pile =
          std::lower_bound(tops.begin(), tops.end(), unique[i].after,
                           [&unique](std::size_t top, std::size_t after) {
                             return unique[top].after < after;
                           });
      if (pile != tops.begin()) {
        previous[i] = static_cast<std::ptrdiff_t>(*std::prev(pile));
      }
      if (pile == tops.end()) {
        tops.push_back(i);
      } else {
        *pile = i;
      }
    }
    std::vector<Anchor> chain;
    if (tops.empty()) return chain;
    for (auto i = static_cast<std::ptrdiff_t>(tops.back()); i >= 0;
         i = previous[static_cast<std::size_t>(i)]) {
      chain.push_back(unique[static_cast<std::size_t>(i)]);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
  }

  static std::uint32_t Start(const std::vector<TextLine>& lines,
                             std::size_t at) {
    if (at < lines.size()) return lines[at].start;
    return lines.empty() ? 0 : lines.back().end;
  }

  void Emit(std::size_t a, std::size_t a_end, std::size_t b,
            std::size_t b_end) {
    const ChangedRange range{Start(before_, a), Start(before_, a_end),
                             Start(after_, b), Start(after_, b_end)};
    if (!ranges_.empty() && ranges_.back().before_end == range.before_start &&
        ranges_.back().after_end == range.after_start) {
      ranges_.back().before_end = range.before_end;
      ranges_.back().after_end = range.after_end;
    } else {
      ranges_.push_back(range);
    }
  }

  std::span<const std::uint32_t> before_text_;
  std::span<const std::uint32_t> after_text_;
  std::vector<TextLine> before_;
  std::vector<TextLine> after_;
  std::vector<ChangedRange> ranges_;
};

void AppendPiece(std::span<const std::uint32_t> text, std::uint32_t start,
                 std::uint32_t end, std::vector<std::uint32_t>& piece) {
  // Left of the change: as far as a context reaches. Right: contexts of later
  // tokens that reach back into it. n-grams of the unchanged rim stand in both
  // pieces alike and cancel out.
  const std::uint32_t reach = kMaxOrder;
  const std::uint32_t from = start > reach ? start - reach : 0;
  const auto to = static_cast<std::uint32_t>(
      std::min<std::size_t>(text.size(), std::size_t{end} + reach + 1));
  piece.insert(piece.end(), text.begin() + from, text.begin() + to);
  piece.push_back(kCut);
}

}  // namespace

std::vector<ChangedRange> DiffLines(std::span<const std::uint32_t> before,
                                    std::span<const std::uint32_t> after) {
  return Differ(before, after).Run();
}

NgramDelta DiffNgrams(std::span<const std::uint32_t> before,
                      std::span<const std::uint32_t> after) {
  NgramDelta delta;
  std::vector<ChangedRange> merged;
  for (const ChangedRange& range : DiffLines(before, after)) {
    // Pieces must not overlap, or the rim between them would count twice.
    if (!merged.empty() &&
        range.before_start - merged.back().before_end <= 2 * kMaxOrder + 1) {
      merged.back().before_end = range.before_end;
      merged.back().after_end = range.after_end;
    } else {
      merged.push_back(range);
    }
  }
  for (const ChangedRange& range : merged) {
    AppendPiece(before, range.before_start, range.before_end, delta.removed);
    AppendPiece(after, range.after_start, range.after_end, delta.added);
  }
  return delta;
}

}  // namespace evalloop::model_server
