#include "replay/windows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace evalloop::replay {
namespace {

std::vector<CommitSize> Commits(int count, std::int64_t lines) {
  std::vector<CommitSize> commits;
  for (int i = 0; i < count; ++i) {
    commits.push_back(
        {"c" + std::to_string(i), "c" + std::to_string(i - 1), lines});
  }
  return commits;
}

TEST(SplitHistoryTest, FollowsTimeWithoutGapsOrOverlap) {
  const auto commits = Commits(1000, 10);
  const auto windows = SplitHistory(commits, 4000);
  ASSERT_TRUE(windows.ok()) << windows.status();
  EXPECT_EQ(windows->report.end, 1000u);
  EXPECT_EQ(windows->gate.end, windows->report.begin);
  EXPECT_EQ(windows->retrain.end, windows->gate.begin);
  EXPECT_EQ(windows->learn.end, windows->retrain.begin);
  EXPECT_EQ(windows->report.lines, 1000);
  EXPECT_EQ(windows->gate.lines, 800);
  EXPECT_EQ(windows->retrain.lines, 400);
  EXPECT_EQ(windows->learn.lines, 1800);
  EXPECT_EQ(windows->learn.from_commit, "c600");
  EXPECT_EQ(windows->learn.start, "c599");
  EXPECT_EQ(windows->report.to_commit, "c999");
  EXPECT_TRUE(windows->shortfalls.empty());
}

TEST(SplitHistoryTest, GivesTheGateSixHundredRowsWhereHistoryAllows) {
  const auto windows = SplitHistory(Commits(1000, 10), 800);
  ASSERT_TRUE(windows.ok());
  EXPECT_GE(windows->gate.lines, 600);
  EXPECT_TRUE(windows->shortfalls.empty());
}

TEST(SplitHistoryTest, SharesOutAShortHistoryAndSaysSo) {
  const auto windows = SplitHistory(Commits(40, 10), 4000);
  ASSERT_TRUE(windows.ok());
  EXPECT_GT(windows->learn.lines, 0);
  EXPECT_GT(windows->report.lines, 0);
  EXPECT_TRUE(windows->gate.short_of_lines());
  EXPECT_EQ(windows->shortfalls.size(), 4u);
  EXPECT_NE(windows->shortfalls[2].find("gate window"), std::string::npos);
}

TEST(SplitHistoryTest, GivesEachWindowACommitWhenTheyAreLarge) {
  const auto windows = SplitHistory(Commits(4, 5000), 400);
  ASSERT_TRUE(windows.ok());
  EXPECT_EQ(windows->learn.begin, 0u);
  EXPECT_EQ(windows->retrain.begin, 1u);
  EXPECT_EQ(windows->gate.begin, 2u);
  EXPECT_EQ(windows->report.begin, 3u);
}

TEST(SplitHistoryTest, RefusesWhatCannotBeSplit) {
  EXPECT_EQ(SplitHistory(Commits(3, 10), 400).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(SplitHistory(Commits(30, 10), 3).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace evalloop::replay
