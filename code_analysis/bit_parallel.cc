#include "code_analysis/bit_parallel.h"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace evalloop::code_analysis {
namespace {

using Symbols = std::span<const std::uint32_t>;

// Drops what both begin and end with; returns how many symbols that was.
std::size_t DropCommonEnds(Symbols& a, Symbols& b) {
  const auto head = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  a = a.subspan(head);
  b = b.subspan(head);
  const auto tail = static_cast<std::size_t>(
      std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first -
      a.rbegin());
  a = a.first(a.size() - tail);
  b = b.first(b.size() - tail);
  return head + tail;
}

// Both texts with the rows' symbols numbered from 1; 0 stands for every symbol
// that no row has.
struct Numbered {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> columns;
  std::size_t symbols = 1;
};

Numbered Number(Symbols rows, Symbols columns) {
  Numbered out;
  absl::flat_hash_map<std::uint32_t, std::uint32_t> ids;
  // Nearly all text is ASCII: that part of the map is an array.
  std::uint32_t ascii[128] = {};
  out.rows.reserve(rows.size());
  for (const std::uint32_t symbol : rows) {
    std::uint32_t& id = symbol < 128 ? ascii[symbol] : ids[symbol];
    if (id == 0) id = static_cast<std::uint32_t>(out.symbols++);
    out.rows.push_back(id);
  }
  out.columns.reserve(columns.size());
  for (const std::uint32_t symbol : columns) {
    if (symbol < 128) {
      out.columns.push_back(ascii[symbol]);
    } else {
      const auto found = ids.find(symbol);
      out.columns.push_back(found == ids.end() ? 0 : found->second);
    }
  }
  return out;
}

// Calls body(masks, height) for each block of 64 rows: masks[symbol] has the
// bits of the block's rows that hold it.
template <typename Body>
void ForEachBlock(const Numbered& text, Body body) {
  std::vector<std::uint64_t> masks(text.symbols, 0);
  for (std::size_t start = 0; start < text.rows.size(); start += 64) {
    const std::size_t height =
        std::min<std::size_t>(64, text.rows.size() - start);
    for (std::size_t i = 0; i < height; ++i) {
      masks[text.rows[start + i]] |= std::uint64_t{1} << i;
    }
    body(masks, height);
    for (std::size_t i = 0; i < height; ++i) masks[text.rows[start + i]] = 0;
  }
}

bool TooMany(Symbols a, Symbols b) {
  return !a.empty() && b.size() > kMaxCells / a.size();
}

}  // namespace

std::optional<std::size_t> LevenshteinDistance(Symbols a, Symbols b) {
  DropCommonEnds(a, b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return b.size();
  if (TooMany(a, b)) return std::nullopt;
  const Numbered text = Number(a, b);
  // What the block above hands down at each column: bit 0 for +1, bit 1 for
  // -1. Above the first block the distance grows by one a column.
  std::vector<std::uint8_t> carries(b.size(), 1);
  std::int64_t distance = 0;
  ForEachBlock(text, [&](const auto& masks, std::size_t height) {
    std::uint64_t pv = ~std::uint64_t{0};
    std::uint64_t mv = 0;
    const std::size_t top = height - 1;
    distance = static_cast<std::int64_t>(a.size());
    for (std::size_t j = 0; j < text.columns.size(); ++j) {
      const std::uint64_t up = carries[j] & 1;
      const std::uint64_t down = carries[j] >> 1;
      std::uint64_t eq = masks[text.columns[j]];
      const std::uint64_t xv = eq | mv;
      eq |= down;
      const std::uint64_t xh = (((eq & pv) + pv) ^ pv) | eq;
      std::uint64_t ph = mv | ~(xh | pv);
      std::uint64_t mh = pv & xh;
      const std::uint64_t out_up = (ph >> top) & 1;
      const std::uint64_t out_down = (mh >> top) & 1;
      carries[j] = static_cast<std::uint8_t>(out_up | out_down << 1);
      distance += static_cast<std::int64_t>(out_up) -
                  static_cast<std::int64_t>(out_down);
      ph = ph << 1 | up;
      mh = mh << 1 | down;
      pv = mh | ~(xv | ph);
      mv = ph & xv;
    }
  });
  return static_cast<std::size_t>(distance);
}

std::optional<std::size_t> CommonSubsequence(Symbols a, Symbols b) {
  const std::size_t common = DropCommonEnds(a, b);
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty()) return common;
  if (TooMany(a, b)) return std::nullopt;
  const Numbered text = Number(a, b);
  std::vector<std::uint8_t> carries(b.size(), 0);
  std::size_t length = common;
  ForEachBlock(text, [&](const auto& masks, std::size_t height) {
    const std::uint64_t used =
        height == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << height) - 1;
    std::uint64_t v = ~std::uint64_t{0};
    for (std::size_t j = 0; j < text.columns.size(); ++j) {
      const std::uint64_t u = v & masks[text.columns[j]];
      std::uint64_t sum = 0;
      const bool over_u = __builtin_add_overflow(v, u, &sum);
      const bool over_carry = __builtin_add_overflow(
          sum, static_cast<std::uint64_t>(carries[j]), &sum);
      carries[j] = static_cast<std::uint8_t>(over_u | over_carry);
      v = sum | (v - u);
    }
    length += static_cast<std::size_t>(std::popcount(~v & used));
  });
  return length;
}

}  // namespace evalloop::code_analysis
