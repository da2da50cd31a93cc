#include "replay/totals.h"

#include <gtest/gtest.h>

#include <vector>

namespace evalloop::replay {
namespace {

Tally Commit(std::int64_t shown, std::int64_t accepted) {
  Tally tally;
  tally.lines = 10;
  tally.shown = shown;
  tally.accepted = accepted;
  tally.typed_characters = 90;
  tally.accepted_characters = 10 * accepted;
  tally.rejected_characters = 7 * (shown - accepted);
  tally.latencies_ms = {1, 2, 3, 4};
  return tally;
}

TEST(TotalsTest, AddsUpTheContractsFigures) {
  const std::vector<Tally> commits = {Commit(4, 1), Commit(4, 3), Commit(2, 1)};
  const Totals totals = Summarize(commits, 1);
  EXPECT_EQ(totals.lines, 30);
  EXPECT_EQ(totals.shown, 10);
  EXPECT_EQ(totals.accepted, 5);
  EXPECT_DOUBLE_EQ(*totals.acceptance, 0.5);
  EXPECT_DOUBLE_EQ(*totals.completed_chars, 50.0 / 320.0);
  // 5 rejected of 7 characters on 30 lines, as for 400.
  EXPECT_DOUBLE_EQ(*totals.rejected_chars, 35.0 * 400 / 30);
  EXPECT_DOUBLE_EQ(*totals.p95_ms, 4);
  ASSERT_TRUE(totals.acceptance_ci.has_value());
  EXPECT_LE(totals.acceptance_ci->low, 0.5);
  EXPECT_GE(totals.acceptance_ci->high, 0.5);
  EXPECT_GE(totals.acceptance_ci->low, 0.25);
  EXPECT_LE(totals.acceptance_ci->high, 0.75);
}

TEST(TotalsTest, LeavesOutWhatCannotBeComputed) {
  EXPECT_EQ(ToJson(Summarize({}, 1)),
            R"({"lines":0,"shown":0,"accepted":0,"acceptance":null,)"
            R"("acceptance_ci":null,"completed_chars":null,)"
            R"("completed_chars_ci":null,"rejected_chars":null,)"
            R"("p95_ms":null})");
  const std::vector<Tally> silent = {Commit(0, 0), Commit(0, 0)};
  const Totals totals = Summarize(silent, 1);
  EXPECT_FALSE(totals.acceptance.has_value());
  EXPECT_FALSE(totals.acceptance_ci.has_value());
  EXPECT_DOUBLE_EQ(*totals.completed_chars, 0);
}

TEST(TotalsTest, HasNoIntervalForOneCommit) {
  const std::vector<Tally> one = {Commit(4, 1)};
  const Totals totals = Summarize(one, 1);
  EXPECT_TRUE(totals.acceptance.has_value());
  EXPECT_FALSE(totals.acceptance_ci.has_value());
}

TEST(TotalsTest, WritesIntervalsAsPairs) {
  Totals totals;
  totals.lines = 2;
  totals.acceptance = 0.5;
  totals.acceptance_ci = Bounds{0.25, 0.75};
  EXPECT_NE(
      ToJson(totals).find(R"("acceptance":0.5,"acceptance_ci":[0.25,0.75])"),
      std::string::npos);
}

}  // namespace
}  // namespace evalloop::replay
