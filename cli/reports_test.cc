#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/loop_plan.h"
#include "cli/loop_report.h"
#include "cli/replay_report.h"
#include "cli/terminal.h"

namespace evalloop::cli {
namespace {

std::vector<replay::CommitTally> Commits(int count, std::int64_t accepted) {
  std::vector<replay::CommitTally> commits;
  for (int i = 0; i < count; ++i) {
    replay::CommitTally commit;
    commit.commit = "c" + std::to_string(i);
    commit.tally.lines = 150;
    commit.tally.shown = 10;
    commit.tally.accepted = accepted + i % 2;
    commit.tally.typed_characters = 1000;
    commit.tally.accepted_characters = 20 * (accepted + i % 2);
    commits.push_back(commit);
  }
  return commits;
}

TEST(ReplayReportTest, MakesBlocksOfFourHundredLinesFromWholeCommits) {
  const auto report = ReplayReport("/r", 7, Commits(7, 4));
  EXPECT_EQ(report.at("repository").as_string(), "/r");
  EXPECT_EQ(report.at("rule").as_string(), "token-prefix");
  EXPECT_EQ(report.at("seed").to_number<int>(), 7);
  const boost::json::array& blocks = report.at("blocks").as_array();
  ASSERT_EQ(blocks.size(), 3u);  // 3, 3 and 1 commits of 150 lines.
  EXPECT_EQ(blocks[0].at("from_commit").as_string(), "c0");
  EXPECT_EQ(blocks[0].at("to_commit").as_string(), "c2");
  EXPECT_EQ(blocks[0].at("lines").to_number<int>(), 450);
  EXPECT_EQ(blocks[2].at("lines").to_number<int>(), 150);
  EXPECT_TRUE(blocks[2].at("acceptance_ci").is_null());
  EXPECT_EQ(report.at("total").at("lines").to_number<int>(), 1050);
  EXPECT_TRUE(report.at("total").at("acceptance_ci").is_array());
}

LoopReport SmallReport() {
  LoopReport report;
  report.repository = "/r";
  report.prompt = "complete-line";
  report.benchmark.set_name("gate");
  report.benchmark.set_version(2);
  report.benchmark.set_items(600);
  report.before_version = 1;
  report.before = Commits(20, 2);
  report.after_version = 3;
  report.after = Commits(20, 6);
  v1::LoopDecision change;
  change.set_prompt("complete-line");
  change.set_kind("output_policy");
  change.set_from_version(1);
  change.set_to_version(3);
  change.set_verdict(v1::VERDICT_KIND_PASSED);
  change.set_applied(true);
  change.set_reason("completed_chars up");
  change.mutable_gain()->set_value(0.05);
  change.mutable_gain()->set_lower(0.01);
  change.mutable_gain()->set_upper(0.09);
  change.set_gain_metric("completed_chars");
  report.changes = {change};
  return report;
}

TEST(LoopReportTest, WritesTheContractsFields) {
  const auto json = boost::json::parse(LoopReportJson(SmallReport()));
  EXPECT_EQ(json.at("benchmark").at("version").to_number<int>(), 2);
  EXPECT_EQ(json.at("before").at("lines").to_number<int>(), 3000);
  EXPECT_TRUE(json.at("threshold_only").is_null());
  EXPECT_EQ(json.at("after").at("revision").as_string(), "complete-line@3");
  const auto& change = json.at("changes").at(0);
  EXPECT_EQ(change.at("from").as_string(), "complete-line@1");
  EXPECT_EQ(change.at("to").as_string(), "complete-line@3");
  EXPECT_EQ(change.at("verdict").as_string(), "passed");
  EXPECT_DOUBLE_EQ(change.at("gain").as_double(), 0.05);
  // Every commit gains four of ten suggestions.
  EXPECT_NEAR(json.at("gains").at("acceptance").at("value").as_double(), 0.4,
              1e-9);
}

TEST(LoopReportTest, LeavesOutAGainThatNobodyMeasured) {
  LoopReport report = SmallReport();
  report.changes[0].clear_gain();
  const auto json = boost::json::parse(LoopReportJson(report));
  EXPECT_TRUE(json.at("changes").at(0).at("gain").is_null());
}

TEST(LoopReportTest, TellsPeopleTheChangesAndTheirReasons) {
  const std::string text = LoopReportText(SmallReport());
  EXPECT_NE(text.find("complete-line@1 -> complete-line@3: passed, applied"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("completed_chars up"), std::string::npos);
}

TEST(LoopReportTest, ReportsTheWindowThatWasTyped) {
  replay::Windows windows;
  windows.report.lines = 5000;
  windows.report.to_commit = "last";
  NoteTyped(Commits(3, 1), windows);
  EXPECT_EQ(windows.report.lines, 450);
  EXPECT_EQ(windows.report.to_commit, "c2");
  ASSERT_EQ(windows.shortfalls.size(), 1u);
  NoteTyped(Commits(3, 1), windows);  // Now the window is what was typed.
  EXPECT_EQ(windows.shortfalls.size(), 1u);
}

TEST(LoopPlanTest, FitsMoreLinesToMoreTime) {
  EXPECT_EQ(LoopPlan::LinesThatFit(1, 60), LoopPlan::kFewestLines);
  EXPECT_EQ(LoopPlan::LinesThatFit(1e6, 600), LoopPlan::kMostLines);
  const auto some = LoopPlan::LinesThatFit(12, 400);
  EXPECT_GT(some, LoopPlan::kFewestLines);
  EXPECT_LT(some, LoopPlan::LinesThatFit(20, 400));
}

TEST(WriteFileTest, ReplacesAFileWholeAndNamesWhatItCannotWrite) {
  const std::string path = ::testing::TempDir() + "write_file_test";
  ASSERT_TRUE(WriteFile(path, "one").ok());
  ASSERT_TRUE(WriteFile(path, "two").ok());
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "two");
  const auto status = WriteFile("/no/such/folder/x", "");
  EXPECT_NE(std::string(status.message()).find("/no/such/folder/x"),
            std::string::npos);
  std::filesystem::remove(path);
}

TEST(TableTest, AlignsColumns) {
  EXPECT_EQ(Table({{"a", "b"}, {"long", "c"}}), "a     b\nlong  c");
}

}  // namespace
}  // namespace evalloop::cli
