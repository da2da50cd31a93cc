#include "model_server/domain/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace evalloop::model_server {
namespace {

using Words = std::vector<std::uint32_t>;

// Continuations of every context of up to kMaxOrder tokens without a kCut.
std::map<Words, std::map<TokenId, int>> CountNaively(const Words& text) {
  std::map<Words, std::map<TokenId, int>> counts;
  for (std::size_t end = 0; end < text.size(); ++end) {
    if (TokenOf(text[end]) == kCut) continue;
    Words context;
    for (int length = 0; length <= kMaxOrder; ++length) {
      ++counts[context][TokenOf(text[end])];
      const auto before = end - static_cast<std::size_t>(length);
      if (before == 0 || TokenOf(text[before - 1]) == kCut) break;
      context.insert(context.begin(), TokenOf(text[before - 1]));
    }
  }
  return counts;
}

Words RandomText(std::mt19937& random, std::size_t size, TokenId vocabulary) {
  Words text(size);
  for (std::uint32_t& word : text) {
    word = random() % 25 == 0 ? kCut : kNewline + random() % vocabulary;
    if (random() % 2 == 0) word |= kBlankBefore;
  }
  return text;
}

Interval IntervalOf(const Segment& segment, const Words& context) {
  Interval interval = segment.All();
  int depth = 0;
  for (const std::uint32_t token : context) {
    interval = segment.Narrow(interval, depth++, token);
  }
  return interval;
}

void ExpectCountsOf(const Segment& segment, const Words& text) {
  for (const auto& [context, continuations] : CountNaively(text)) {
    const Interval interval = IntervalOf(segment, context);
    for (const auto& [token, count] : continuations) {
      const Interval narrowed =
          segment.Narrow(interval, static_cast<int>(context.size()), token);
      ASSERT_EQ(narrowed.size(), static_cast<std::uint32_t>(count));
    }
  }
}

TEST(SegmentTest, CountsWhatANaiveMapCounts) {
  std::mt19937 random(3);
  for (const TokenId vocabulary : {2U, 5U, 40U}) {
    const Words text = RandomText(random, 600, vocabulary);
    ExpectCountsOf(BuildSegment(text).View(), text);
  }
}

TEST(SegmentTest, AnUnseenContinuationIsAnEmptyInterval) {
  const OwnedSegment segment = BuildSegment({5, 6, 5, 7});
  EXPECT_TRUE(IntervalOf(segment.View(), {6, 7}).empty());
  EXPECT_TRUE(IntervalOf(segment.View(), {99}).empty());
  EXPECT_EQ(IntervalOf(segment.View(), {5}).size(), 2U);
}

TEST(SegmentTest, MergingEqualsBuildingAtOnce) {
  std::mt19937 random(4);
  const Words first = RandomText(random, 400, 6);
  Words text = first;
  text.push_back(kCut);
  const auto shift = static_cast<std::uint32_t>(text.size());
  const Words second = RandomText(random, 300, 6);
  text.insert(text.end(), second.begin(), second.end());
  Words fresh;
  for (std::uint32_t i = 0; i < second.size(); ++i) {
    if (TokenOf(second[i]) != kCut) fresh.push_back(shift + i);
  }
  // A piece ends with kCut, so that its order needs nothing behind it.
  Words cut_first = first;
  cut_first.push_back(kCut);
  const OwnedSegment merged =
      MergeSegment(text, BuildSegment(cut_first).suffixes, fresh);
  ExpectCountsOf(merged.View(), text);
  EXPECT_EQ(merged.suffixes.size(), BuildSegment(text).suffixes.size());
}

TEST(SegmentTest, FrequentContextsAreSummedUp) {
  std::mt19937 random(5);
  const Words text = RandomText(random, 3000, 4);
  const OwnedSegment segment = BuildSegment(text);
  const auto counts = CountNaively(text);
  for (const TokenId token : {kNewline, kNewline + 1}) {
    const Interval interval = IntervalOf(segment.View(), {token});
    const HotContext* hot = segment.View().FindHot(1, interval);
    ASSERT_NE(hot, nullptr);
    const auto& continuations = counts.at({token});
    EXPECT_EQ(hot->distinct, continuations.size());
    std::uint32_t total = 0;
    TokenId most = 0;
    int best = 0;
    for (const auto& [next, count] : continuations) {
      total += static_cast<std::uint32_t>(count);
      if (count > best) {
        best = count;
        most = next;
      }
    }
    EXPECT_EQ(hot->total, total);
    EXPECT_EQ(hot->top[0], most);
  }
  EXPECT_EQ(segment.View().FindHot(2, {0, 3}), nullptr);
}

}  // namespace
}  // namespace evalloop::model_server
