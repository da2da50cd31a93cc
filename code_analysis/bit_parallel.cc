#include "code_analysis/bit_parallel.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "code_analysis/common_ends.h"
#include "code_analysis/hashing.h"

namespace evalloop::code_analysis {
namespace {

constexpr std::size_t kBlockRows = 64;
// Blocks that advance together: their state just fits the registers.
constexpr std::size_t kMostBlocks = 2;

bool TooMany(std::size_t rows, std::size_t columns) {
  return rows > 0 && columns > kMaxCells / rows;
}

// Drops what both begin and end with; returns how many symbols that was. The
// shorter becomes `a`: the rows.
template <typename Symbol>
std::size_t DropCommonEnds(std::span<const Symbol>& a,
                           std::span<const Symbol>& b) {
  const auto [head, tail] = FindCommonEnds(a, b);
  a = a.subspan(head, a.size() - head - tail);
  b = b.subspan(head, b.size() - head - tail);
  if (a.size() > b.size()) std::swap(a, b);
  return head + tail;
}

// Which rows hold a symbol, some blocks of 64 at a time. A thread keeps one
// from call to call; all its masks are 0 between two uses.
class RowMasks {
 public:
  // For symbols below `symbols`.
  void Fit(std::size_t symbols) {
    if (masks_.size() < symbols * kMostBlocks) {
      masks_.resize(symbols * kMostBlocks, 0);
    }
  }

  // `rows` are kBlockRows kMostBlocks at most.
  template <typename Symbol>
  void Set(std::span<const Symbol> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      masks_[rows[i] * kMostBlocks + i / kBlockRows] |= std::uint64_t{1}
                                                        << i % kBlockRows;
    }
  }
  template <typename Symbol>
  void Clear(std::span<const Symbol> rows) {
    for (const Symbol symbol : rows) {
      std::fill_n(&masks_[symbol * kMostBlocks], kMostBlocks, 0);
    }
  }

  // The masks of the blocks, kMostBlocks of them.
  const std::uint64_t* Of(std::size_t symbol) const {
    return &masks_[symbol * kMostBlocks];
  }

  void GiveBack() { GiveBackHuge(masks_); }

 private:
  std::vector<std::uint64_t> masks_;
};

// What blocks above hand down at each column.
using Carries = std::vector<std::uint8_t>;

// The differences between neighbouring rows of one column, and what goes from
// block to block: the difference to the column before, +1 or -1, as two bits.
struct EditBlock {
  std::uint64_t up = ~std::uint64_t{0};
  std::uint64_t down = 0;

  void Step(std::uint64_t equal, std::uint64_t& carry_up,
            std::uint64_t& carry_down) {
    const std::uint64_t vertical = equal | down;
    equal |= carry_down;
    const std::uint64_t horizontal = (((equal & up) + up) ^ up) | equal;
    std::uint64_t right_up = down | ~(horizontal | up);
    std::uint64_t right_down = up & horizontal;
    const std::uint64_t out_up = right_up >> (kBlockRows - 1);
    const std::uint64_t out_down = right_down >> (kBlockRows - 1);
    right_up = right_up << 1 | carry_up;
    right_down = right_down << 1 | carry_down;
    up = right_down | ~(vertical | right_up);
    down = right_up & vertical;
    carry_up = out_up;
    carry_down = out_down;
  }
};

// Advances kBlocks blocks over all columns. Returns by how much the distance at
// the last column grows from above the first row to below the last one.
template <std::size_t kBlocks, typename Symbol>
std::int64_t EditStrip(std::size_t rows, std::span<const Symbol> columns,
                       const std::uint64_t* masks, std::uint8_t* carries) {
  std::array<EditBlock, kBlocks> blocks;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const std::uint64_t* const equal = masks + columns[j] * kMostBlocks;
    std::uint64_t up = carries[j] & 1;
    std::uint64_t down = carries[j] >> 1;
#pragma GCC unroll 2
    for (std::size_t k = 0; k < kBlocks; ++k) {
      blocks[k].Step(equal[k], up, down);
    }
    carries[j] = static_cast<std::uint8_t>(up | down << 1);
  }
  std::int64_t growth = 0;
  for (std::size_t k = 0; k < kBlocks; ++k) {
    const std::size_t height = std::min(kBlockRows, rows - k * kBlockRows);
    const std::uint64_t used = ~std::uint64_t{0} >> (kBlockRows - height);
    growth += std::popcount(blocks[k].up & used);
    growth -= std::popcount(blocks[k].down & used);
  }
  return growth;
}

// Symbols are below `symbols`; rows are not empty.
template <typename Symbol>
std::size_t EditDistance(std::span<const Symbol> rows,
                         std::span<const Symbol> columns, std::size_t symbols) {
  thread_local RowMasks masks;
  thread_local Carries carries;
  masks.Fit(symbols);
  carries.assign(columns.size(), 1);  // Above the first row it grows by one.
  auto distance = static_cast<std::int64_t>(columns.size());
  while (!rows.empty()) {
    const auto strip =
        rows.first(std::min(rows.size(), kBlockRows * kMostBlocks));
    masks.Set(strip);
    distance += (strip.size() > kBlockRows
                     ? EditStrip<kMostBlocks, Symbol>
                     : EditStrip<1, Symbol>)(strip.size(), columns, masks.Of(0),
                                             carries.data());
    masks.Clear(strip);
    rows = rows.subspan(strip.size());
  }
  masks.GiveBack();
  GiveBackHuge(carries);
  return static_cast<std::size_t>(distance);
}

// Both texts with the rows' symbols numbered from 1; 0 stands for every symbol
// that no row has.
struct Numbered {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint32_t> columns;
  std::size_t symbols = 1;
};

Numbered Number(std::span<const std::uint32_t> rows,
                std::span<const std::uint32_t> columns) {
  Numbered out;
  absl::flat_hash_map<std::uint32_t, std::uint32_t> ids;
  out.rows.reserve(rows.size());
  for (const std::uint32_t symbol : rows) {
    std::uint32_t& id = ids[symbol];
    if (id == 0) id = static_cast<std::uint32_t>(out.symbols++);
    out.rows.push_back(id);
  }
  out.columns.reserve(columns.size());
  for (const std::uint32_t symbol : columns) {
    const auto found = ids.find(symbol);
    out.columns.push_back(found == ids.end() ? 0 : found->second);
  }
  return out;
}

}  // namespace

std::optional<std::size_t> LevenshteinDistance(
    std::span<const unsigned char> a, std::span<const unsigned char> b) {
  DropCommonEnds(a, b);
  if (a.empty()) return b.size();
  if (TooMany(a.size(), b.size())) return std::nullopt;
  return EditDistance(a, b, 256);
}

std::optional<std::size_t> LevenshteinDistance(
    std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  DropCommonEnds(a, b);
  if (a.empty()) return b.size();
  if (TooMany(a.size(), b.size())) return std::nullopt;
  const Numbered text = Number(a, b);
  return EditDistance<std::uint32_t>(text.rows, text.columns, text.symbols);
}

std::optional<std::size_t> CommonSubsequence(std::span<const std::uint32_t> a,
                                             std::span<const std::uint32_t> b) {
  std::size_t length = DropCommonEnds(a, b);
  if (a.empty()) return length;
  if (TooMany(a.size(), b.size())) return std::nullopt;
  // Small numbers serve as they are.
  std::size_t symbols =
      std::size_t{std::max(*std::max_element(a.begin(), a.end()),
                           *std::max_element(b.begin(), b.end()))} +
      1;
  Numbered text;
  if (symbols > a.size() + b.size() + 256) {
    text = Number(a, b);
    a = text.rows;
    b = text.columns;
    symbols = text.symbols;
  }
  thread_local RowMasks masks;
  thread_local Carries carries;
  masks.Fit(symbols);
  carries.assign(b.size(), 0);
  for (; !a.empty(); a = a.subspan(std::min(a.size(), kBlockRows))) {
    const auto rows = a.first(std::min(a.size(), kBlockRows));
    masks.Set(rows);
    std::uint64_t v = ~std::uint64_t{0};
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::uint64_t u = v & *masks.Of(b[j]);
      std::uint64_t sum = 0;
      const bool over_u = __builtin_add_overflow(v, u, &sum);
      const bool over_carry = __builtin_add_overflow(
          sum, static_cast<std::uint64_t>(carries[j]), &sum);
      carries[j] = static_cast<std::uint8_t>(over_u | over_carry);
      v = sum | (v - u);
    }
    masks.Clear(rows);
    const std::uint64_t used = ~std::uint64_t{0} >> (kBlockRows - rows.size());
    length += static_cast<std::size_t>(std::popcount(~v & used));
  }
  masks.GiveBack();
  GiveBackHuge(carries);
  return length;
}

}  // namespace evalloop::code_analysis
