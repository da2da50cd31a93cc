#include "trainer_bridge/launcher/child_process.h"

#include <gtest/gtest.h>

namespace evalloop::trainer_bridge {
namespace {

ChildOptions Shell(const std::string& script) {
  return {.argv = {"/bin/sh", "-c", script},
          .time_limit = std::chrono::seconds(20)};
}

TEST(RunChildTest, GivesOutputExitCodeAndEachLineOfErrors) {
  std::vector<std::string> lines;
  const auto result =
      RunChild(Shell("echo one >&2; echo two >&2; echo out; exit 3"),
               [&](const std::string& line) {
                 if (!line.empty()) lines.push_back(line);
                 return true;
               });
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
}

TEST(RunChildTest, KillsTheWholeFamilyWhenToldToStop) {
  const auto result =
      RunChild(Shell("(sleep 1000) & echo ready >&2; wait"),
               [](const std::string& line) { return line != "ready"; });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled);
}

TEST(RunChildTest, KillsWhatTakesTooLong) {
  ChildOptions options = Shell("sleep 1000");
  options.time_limit = std::chrono::milliseconds(50);
  const auto result =
      RunChild(options, [](const std::string&) { return true; });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(RunChildTest, SaysWhatCannotBeStarted) {
  const auto result = RunChild({.argv = {"/no/such/trainer"}},
                               [](const std::string&) { return true; });
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace evalloop::trainer_bridge
