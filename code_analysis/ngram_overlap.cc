#include "code_analysis/ngram_overlap.h"

#include <algorithm>
#include <array>
#include <bit>

#include "absl/container/flat_hash_map.h"

namespace evalloop::code_analysis {
namespace {

// Numbers the n-grams of `b` and counts them down for those of `a`. An n-gram
// is the pair (number of its first n - 1 symbols, last symbol), so 64 bits hold
// its key exactly at any order and for any alphabet.
class Table {
 public:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t left = 0;    // Occurrences in b not yet matched.
    std::uint32_t number = 0;  // From 1; 0: free.
  };

  explicit Table(std::size_t keys)
      : entries_(std::bit_ceil(keys * 2 + 2)),
        shift_(64 - std::countr_zero(entries_.size())) {}

  void Clear() {
    std::fill(entries_.begin(), entries_.end(), Entry{});
    used_ = 0;
  }

  // The entry of `key`; a free one where it is not in the table.
  Entry& At(std::uint64_t key) {
    // Fibonacci hashing, on a key whose halves were mixed first.
    const std::uint64_t mixed = (key ^ key >> 29) * 0x9E3779B97F4A7C15u;
    std::size_t at = mixed >> shift_;
    while (entries_[at].number != 0 && entries_[at].key != key) {
      at = (at + 1) & (entries_.size() - 1);
    }
    return entries_[at];
  }

  std::uint32_t Insert(std::uint64_t key) {
    Entry& entry = At(key);
    if (entry.number == 0) {
      entry.key = key;
      entry.number = ++used_;
    }
    ++entry.left;
    return entry.number;
  }

 private:
  std::vector<Entry> entries_;
  int shift_;
  std::uint32_t used_ = 0;
};

// An n-gram that starts at `start` and may still be in both texts; `number`
// numbers its symbols so far.
struct Start {
  std::uint32_t start;
  std::uint32_t number;
};

std::vector<Start> AllStarts(std::size_t count) {
  std::vector<Start> starts(count);
  for (std::size_t i = 0; i < count; ++i) {
    starts[i] = {static_cast<std::uint32_t>(i), 0};
  }
  return starts;
}

// Six symbols of 10 bits fit a key, which then is the n-gram itself.
constexpr int kSymbolBits = 10;
constexpr std::uint32_t kMaxSymbols = (1u << kSymbolBits) - 1;
constexpr int kMaxPackedOrders = 6;

// Both texts with the symbols of `b` numbered from 1, 0 for those that only `a`
// has. False: there are more than kMaxSymbols.
bool NumberSymbols(std::span<const std::uint32_t> a,
                   std::span<const std::uint32_t> b,
                   std::vector<std::uint16_t>& a_ids,
                   std::vector<std::uint16_t>& b_ids) {
  std::array<std::uint16_t, 256> low = {};  // Nearly all symbols are low.
  absl::flat_hash_map<std::uint32_t, std::uint16_t> high;
  std::uint32_t used = 0;
  b_ids.reserve(b.size());
  for (const std::uint32_t symbol : b) {
    std::uint16_t& id = symbol < low.size() ? low[symbol] : high[symbol];
    if (id == 0) {
      if (used == kMaxSymbols) return false;
      id = static_cast<std::uint16_t>(++used);
    }
    b_ids.push_back(id);
  }
  a_ids.reserve(a.size());
  for (const std::uint32_t symbol : a) {
    if (symbol < low.size()) {
      a_ids.push_back(low[symbol]);
    } else {
      const auto found = high.find(symbol);
      a_ids.push_back(found == high.end() ? 0 : found->second);
    }
  }
  return true;
}

// Counts of n-grams, of one order after the other: what an earlier order left
// behind is free by its stamp.
class PackedTable {
 public:
  explicit PackedTable(std::size_t keys)
      : entries_(std::bit_ceil(keys * 2 + 2)),
        shift_(64 - std::countr_zero(entries_.size())) {}

  void NextOrder() { ++stamp_; }
  void Add(std::uint64_t key) {
    Entry& entry = At(key);
    if (entry.stamp != stamp_) entry = {key, 0, stamp_};
    ++entry.left;
  }
  // 0: not there. 1: there, but all taken. 2: taken.
  int Take(std::uint64_t key) {
    Entry& entry = At(key);
    if (entry.stamp != stamp_) return 0;
    if (entry.left == 0) return 1;
    --entry.left;
    return 2;
  }

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t left = 0;
    std::uint32_t stamp = 0;
  };

  Entry& At(std::uint64_t key) {
    std::size_t at = (key ^ key >> 31) * 0x9E3779B97F4A7C15u >> shift_;
    while (entries_[at].stamp == stamp_ && entries_[at].key != key) {
      at = (at + 1) & (entries_.size() - 1);
    }
    return entries_[at];
  }

  std::vector<Entry> entries_;
  int shift_;
  std::uint32_t stamp_ = 0;
};

void OverlapPacked(const std::vector<std::uint16_t>& a,
                   const std::vector<std::uint16_t>& b,
                   std::vector<std::size_t>& matches) {
  PackedTable table(b.size());
  for (std::size_t n = 1; n <= matches.size(); ++n) {
    const std::uint64_t mask =
        (std::uint64_t{1} << (kSymbolBits * static_cast<int>(n))) - 1;
    table.NextOrder();
    std::uint64_t key = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
      key = (key << kSymbolBits | b[i]) & mask;
      if (i + 1 >= n) table.Add(key);
    }
    bool any = false;
    std::size_t known = 0;  // Symbols since the last that b has not.
    for (const std::uint16_t symbol : a) {
      known = symbol == 0 ? 0 : known + 1;
      key = (key << kSymbolBits | symbol) & mask;
      if (known < n) continue;
      const int taken = table.Take(key);
      any |= taken > 0;
      matches[n - 1] += taken == 2 ? 1 : 0;
    }
    if (!any) break;  // Nor are the longer ones in b.
  }
}

}  // namespace

std::vector<std::size_t> NgramOverlap(std::span<const std::uint32_t> a,
                                      std::span<const std::uint32_t> b,
                                      int orders) {
  std::vector<std::size_t> matches(static_cast<std::size_t>(orders), 0);
  if (a.empty() || b.empty()) return matches;
  if (orders <= kMaxPackedOrders) {
    std::vector<std::uint16_t> a_ids;
    std::vector<std::uint16_t> b_ids;
    if (NumberSymbols(a, b, a_ids, b_ids)) {
      OverlapPacked(a_ids, b_ids, matches);
      return matches;
    }
  }
  std::vector<Start> a_starts = AllStarts(a.size());
  std::vector<Start> b_starts = AllStarts(b.size());
  Table table(b.size());
  std::vector<bool> seen;
  for (std::size_t n = 1; n <= matches.size(); ++n) {
    if (n > 1) table.Clear();
    std::size_t kept = 0;
    std::uint32_t most = 0;
    for (const Start& at : b_starts) {
      if (at.start + n > b.size()) continue;
      const std::uint64_t key =
          std::uint64_t{at.number} << 32 | b[at.start + n - 1];
      const std::uint32_t number = table.Insert(key);
      most = std::max(most, number);
      b_starts[kept++] = {at.start, number};
    }
    b_starts.resize(kept);

    seen.assign(most + 1, false);
    kept = 0;
    for (const Start& at : a_starts) {
      if (at.start + n > a.size()) continue;
      const std::uint64_t key =
          std::uint64_t{at.number} << 32 | a[at.start + n - 1];
      Table::Entry& entry = table.At(key);
      if (entry.number == 0) continue;  // Nor are the longer ones in b.
      if (entry.left > 0) {
        --entry.left;
        ++matches[n - 1];
      }
      seen[entry.number] = true;
      a_starts[kept++] = {at.start, entry.number};
    }
    a_starts.resize(kept);
    if (kept == 0) break;
    std::erase_if(b_starts, [&](const Start& at) { return !seen[at.number]; });
  }
  return matches;
}

}  // namespace evalloop::code_analysis
