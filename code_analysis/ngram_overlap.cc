#include "code_analysis/ngram_overlap.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "code_analysis/common_ends.h"
#include "code_analysis/hashing.h"
#include "code_analysis/ngram_chains.h"

namespace evalloop::code_analysis {
namespace {

// An n-gram of small symbols is its own key. What is left of 64 bits stamps the
// table's entries with the order and the call that wrote them, so that it never
// needs to be cleared.
constexpr int kKeyBits = 48;
constexpr std::uint64_t kStampUnit = std::uint64_t{1} << kKeyBits;
constexpr std::uint64_t kLastStamp = (std::uint64_t{1} << (64 - kKeyBits)) - 1;

// Up to here a table has many more slots than n-grams: a collision is a branch
// that nobody foresees. Larger ones would leave the cache.
constexpr std::size_t kSparseGrams = 4096;

constexpr int SymbolBits(int orders) { return std::min(kKeyBits / orders, 16); }

// The multiset of the n-grams of one text, counted down by those of another.
class PackedTable {
 public:
  // Room for so many n-grams.
  void Fit(std::size_t count) {
    const std::size_t slots = count <= kSparseGrams ? 8 : 2;
    const std::size_t size = std::bit_ceil(count * slots + 2);
    if (entries_.size() < size) {
      entries_.assign(size, Entry{});
      stamp_ = 0;
    }
    // A small text takes the front alone, which stays in the cache.
    mask_ = size - 1;
    shift_ = 64 - std::countr_zero(size);
  }

  void GiveBack() { GiveBackHuge(entries_); }

  // The size of the intersection of the n-grams of `a` and `b`.
  template <typename Symbol>
  std::size_t Common(std::span<const Symbol> a, std::span<const Symbol> b,
                     std::size_t order, int symbol_bits) {
    if (a.size() < order || b.size() < order) return 0;
    if (stamp_ == kLastStamp) {
      std::fill(entries_.begin(), entries_.end(), Entry{});
      stamp_ = 0;
    }
    const std::uint64_t stamp = ++stamp_ * kStampUnit;
    const Slots slots{entries_.data(), factor_, mask_, shift_};
    ForEachGram(b, order, symbol_bits, [&](std::uint64_t gram) {
      Entry& entry = slots.At(stamp | gram);
      const bool known = entry.key == (stamp | gram);
      entry.left = (entry.left & (std::uint64_t{0} - known)) + 1;
      entry.key = stamp | gram;
    });
    std::size_t common = 0;
    ForEachGram(a, order, symbol_bits, [&](std::uint64_t gram) {
      Entry& entry = slots.At(stamp | gram);
      const std::uint64_t taken =
          static_cast<std::uint64_t>(entry.key == (stamp | gram)) &
          static_cast<std::uint64_t>(entry.left != 0);
      entry.left -= taken;
      common += taken;
    });
    return common;
  }

 private:
  struct Entry {
    std::uint64_t key = 0;   // With its stamp on top.
    std::uint64_t left = 0;  // Occurrences not yet matched.
  };

  // A copy for the registers: entries could alias the table's own members.
  struct Slots {
    Entry* entries;
    std::uint64_t factor;
    std::size_t mask;
    int shift;

    // The entry of `key`, or a free one: whose stamp is an older one.
    Entry& At(std::uint64_t key) const {
      std::size_t at = key * factor >> shift;
      // Goes on while the key is another one with this stamp: one comparison,
      // which nearly always ends it.
      while ((entries[at].key ^ key) - 1 < kStampUnit - 1) {
        at = (at + 1) & mask;
      }
      return entries[at];
    }
  };

  template <typename Symbol, typename Body>
  static void ForEachGram(std::span<const Symbol> text, std::size_t order,
                          int symbol_bits, Body body) {
    const std::uint64_t mask =
        (std::uint64_t{1} << (symbol_bits * static_cast<int>(order))) - 1;
    std::uint64_t gram = 0;
    std::size_t i = 0;
    for (; i + 1 < order; ++i) gram = gram << symbol_bits | text[i];
    for (; i < text.size(); ++i) {
      gram = (gram << symbol_bits | text[i]) & mask;
      body(gram);
    }
  }

  const std::uint64_t factor_ = HashFactor();
  std::vector<Entry> entries_;
  std::uint64_t stamp_ = 0;
  std::size_t mask_ = 0;
  int shift_ = 0;
};

// Of a text, all n-grams that are neither in the common head nor in the tail.
template <typename Symbol>
std::span<const Symbol> Between(std::span<const Symbol> text, CommonEnds ends,
                                std::size_t order) {
  const std::size_t around = order - 1;
  return text.subspan(ends.head - std::min(ends.head, around))
      .first(text.size() - (ends.head - std::min(ends.head, around)) -
             (ends.tail - std::min(ends.tail, around)));
}

std::size_t Grams(std::size_t symbols, std::size_t order) {
  return symbols < order ? 0 : symbols - order + 1;
}

// What is common to both ends is matched with itself: it counts one more in
// both multisets and in their intersection.
template <typename Symbol>
NgramCounts OverlapPacked(std::span<const Symbol> a, std::span<const Symbol> b,
                          std::size_t orders, int symbol_bits) {
  thread_local PackedTable table;
  NgramCounts common = {};
  const CommonEnds ends = FindCommonEnds(a, b);
  table.Fit(Between(b, ends, orders).size());
  for (std::size_t n = 1; n <= orders; ++n) {
    common[n - 1] =
        Grams(ends.head, n) + Grams(ends.tail, n) +
        table.Common(Between(a, ends, n), Between(b, ends, n), n, symbol_bits);
    if (common[n - 1] == 0) break;  // Nor is a longer one in both.
  }
  table.GiveBack();
  return common;
}

}  // namespace

NgramCounts NgramOverlap(std::span<const unsigned char> a,
                         std::span<const unsigned char> b, int orders) {
  static_assert(SymbolBits(kMaxNgramOrder) == 8);
  return OverlapPacked(a, b, static_cast<std::size_t>(orders), 8);
}

NgramCounts NgramOverlap(std::span<const std::uint32_t> a,
                         std::span<const std::uint32_t> b, int orders) {
  const int bits = SymbolBits(orders);
  std::uint32_t all = 0;
  for (const std::uint32_t symbol : a) all |= symbol;
  for (const std::uint32_t symbol : b) all |= symbol;
  if (all >> bits != 0) return OverlapOfChains(a, b, orders);
  return OverlapPacked(a, b, static_cast<std::size_t>(orders), bits);
}

}  // namespace evalloop::code_analysis
