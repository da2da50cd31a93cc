#include "code_analysis/ngram_overlap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "code_analysis/ngram_chains.h"

namespace evalloop::code_analysis {
namespace {

using Symbols = std::vector<std::uint32_t>;

NgramCounts ByTheBook(const Symbols& a, const Symbols& b, std::size_t orders) {
  NgramCounts common = {};
  for (std::size_t n = 1; n <= orders; ++n) {
    std::map<Symbols, std::size_t> left;
    for (auto at = b.begin(); at + n <= b.end(); ++at) {
      ++left[Symbols(at, at + n)];
    }
    for (auto at = a.begin(); at + n <= a.end(); ++at) {
      std::size_t& count = left[Symbols(at, at + n)];
      if (count == 0) continue;
      --count;
      ++common[n - 1];
    }
  }
  return common;
}

std::span<const std::uint32_t> View(const Symbols& symbols) { return symbols; }

TEST(NgramOverlapTest, EqualsCountingOneByOne) {
  std::mt19937 random(5);
  for (int round = 0; round < 1500; ++round) {
    // Few symbols, a word's worth of them, and any at all.
    const std::uint32_t alphabets[] = {1, 2, 5, 256, 4096, 70000, 0xFFFFFFFFu};
    const std::uint32_t alphabet = alphabets[random() % 7];
    Symbols a(random() % 60);
    for (auto& symbol : a) symbol = random() % alphabet;
    Symbols b = a;
    if (round % 3 == 0) b.assign(random() % 60, 0);
    for (int edit = random() % 4; edit > 0 && !b.empty(); --edit) {
      const auto at = b.begin() + random() % b.size();
      if (random() % 2 == 0) {
        b.erase(at);
      } else {
        b.insert(at, random() % alphabet);
      }
    }
    const int orders = 1 + random() % kMaxNgramOrder;
    const NgramCounts wanted =
        ByTheBook(a, b, static_cast<std::size_t>(orders));
    ASSERT_EQ(NgramOverlap(View(a), View(b), orders), wanted);
    ASSERT_EQ(OverlapOfChains(a, b, orders), wanted);
    if (alphabet > 256) continue;
    const std::vector<unsigned char> narrow_a(a.begin(), a.end());
    const std::vector<unsigned char> narrow_b(b.begin(), b.end());
    ASSERT_EQ(NgramOverlap(std::span<const unsigned char>(narrow_a),
                           std::span<const unsigned char>(narrow_b), orders),
              wanted);
  }
}

TEST(NgramOverlapTest, MatchesWhatBothBeginAndEndWithOnce) {
  const Symbols a(4, 7);
  const Symbols b(9, 7);
  EXPECT_EQ(NgramOverlap(View(a), View(b), 6), (NgramCounts{4, 3, 2, 1, 0, 0}));
  EXPECT_EQ(NgramOverlap(View(a), View(a), 6), (NgramCounts{4, 3, 2, 1, 0, 0}));
  EXPECT_EQ(NgramOverlap(View(a), View({}), 6), NgramCounts{});
}

// More calls than the table has stamps: what an old call left is never taken
// for a new one's.
TEST(NgramOverlapTest, NeverMixesCallsUp) {
  const Symbols a = {1, 2, 3, 4};
  const Symbols b = {9, 3, 4, 1};
  const NgramCounts wanted = ByTheBook(a, b, 4);
  for (int i = 0; i < 70000; ++i) {
    ASSERT_EQ(NgramOverlap(View(a), View(b), 4), wanted) << i;
  }
}

}  // namespace
}  // namespace evalloop::code_analysis
