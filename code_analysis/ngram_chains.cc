#include "code_analysis/ngram_chains.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "code_analysis/hashing.h"

namespace evalloop::code_analysis {
namespace {

// Numbers the n-grams of `b` and counts them down for those of `a`. An n-gram
// is the pair (number of its first n - 1 symbols, last symbol), so 64 bits hold
// its key exactly.
class ChainTable {
 public:
  struct Entry {
    std::uint64_t key = 0;
    std::uint32_t left = 0;    // Occurrences in b not yet matched.
    std::uint32_t number = 0;  // From 1; 0: free.
  };

  explicit ChainTable(std::size_t keys)
      : entries_(std::bit_ceil(keys * 2 + 2)),
        shift_(64 - std::countr_zero(entries_.size())) {}

  void Clear() {
    std::fill(entries_.begin(), entries_.end(), Entry{});
    used_ = 0;
  }

  // The entry of `key`; a free one where it is not in the table.
  Entry& At(std::uint64_t key) {
    std::size_t at = key * factor_ >> shift_;
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
  const std::uint64_t factor_ = HashFactor();
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

}  // namespace

NgramCounts OverlapOfChains(std::span<const std::uint32_t> a,
                            std::span<const std::uint32_t> b, int orders) {
  NgramCounts matches = {};
  std::vector<Start> a_starts = AllStarts(a.size());
  std::vector<Start> b_starts = AllStarts(b.size());
  ChainTable table(b.size());
  std::vector<bool> seen;
  for (std::size_t n = 1; n <= static_cast<std::size_t>(orders); ++n) {
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
      ChainTable::Entry& entry = table.At(key);
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
