#include "model_server/domain/line_diff.h"

#include <gtest/gtest.h>

#include <vector>

namespace evalloop::model_server {
namespace {

using Text = std::vector<std::uint32_t>;

TEST(LineDiffTest, EqualTextsDifferInNothing) {
  const Text text = {0, 5, 6, kNewline, 7, kNewline, 0};
  EXPECT_TRUE(DiffLines(text, text).empty());
}

TEST(LineDiffTest, BlanksDoNotCount) {
  const Text before = {5, 6, kNewline};
  const Text after = {5, 6 | kBlankBefore, kNewline};
  EXPECT_TRUE(DiffLines(before, after).empty());
}

TEST(LineDiffTest, FindsALineBetweenTwoThatStayed) {
  const Text before = {5, kNewline, 6, kNewline};
  const Text after = {5, kNewline, 9, 9, kNewline, 6, kNewline};
  const auto ranges = DiffLines(before, after);
  ASSERT_EQ(ranges.size(), 1U);
  EXPECT_EQ(ranges[0].before_start, 2U);
  EXPECT_EQ(ranges[0].before_end, 2U);
  EXPECT_EQ(ranges[0].after_start, 2U);
  EXPECT_EQ(ranges[0].after_end, 5U);
}

TEST(LineDiffTest, ReplacingRangesRebuildsTheOtherText) {
  Text before;
  Text after;
  for (std::uint32_t line = 0; line < 60; ++line) {
    if (line % 7 != 0) before.insert(before.end(), {10 + line % 9, kNewline});
    if (line % 5 != 0) after.insert(after.end(), {10 + line % 9, kNewline});
  }
  Text rebuilt;
  std::uint32_t at = 0;
  for (const ChangedRange& range : DiffLines(before, after)) {
    rebuilt.insert(rebuilt.end(), before.begin() + at,
                   before.begin() + range.before_start);
    rebuilt.insert(rebuilt.end(), after.begin() + range.after_start,
                   after.begin() + range.after_end);
    at = range.before_end;
  }
  rebuilt.insert(rebuilt.end(), before.begin() + at, before.end());
  EXPECT_EQ(rebuilt, after);
}

TEST(LineDiffTest, AGoneTextIsRemovedWhole) {
  const Text before = {0, 5, kNewline, 0};
  const NgramDelta delta = DiffNgrams(before, {});
  EXPECT_EQ(delta.removed, (Text{0, 5, kNewline, 0, kCut}));
}

}  // namespace
}  // namespace evalloop::model_server
