#include "cli/mcp_stream.h"

#include <gtest/gtest.h>

namespace evalloop::cli::mcp {
namespace {

TEST(CollectedTest, KeepsTheFirstMessagesWithinBothBounds) {
  Collected two(2, 100);
  EXPECT_EQ(two.Json(), R"({"messages":[],"truncated":false})");
  EXPECT_TRUE(two.Add("{}"));
  EXPECT_TRUE(two.Add(R"({"a":1})"));
  EXPECT_FALSE(two.truncated());
  EXPECT_FALSE(two.Add("{}"));
  EXPECT_TRUE(two.truncated());
  EXPECT_EQ(two.Json(), R"({"messages":[{},{"a":1}],"truncated":true})");
  Collected short_one(10, 5);
  EXPECT_TRUE(short_one.Add("{}"));
  EXPECT_FALSE(short_one.Add("{\"a\":1}"));
}

TEST(ProgressOfTest, SaysWhatTheMessageSays) {
  EXPECT_EQ(ProgressOf(R"({"progress":"gating"})", 1).words, "gating");
  EXPECT_EQ(ProgressOf(R"({"job":{"progress":"epoch 2"}})", 1).words,
            "epoch 2");
  EXPECT_EQ(ProgressOf(R"({"run":{"scored":40,"rows":120}})", 1).words,
            "40 of 120 rows scored");
  EXPECT_EQ(ProgressOf(R"({"commits_done":3,"commits_total":9})", 1).words,
            "3 of 9 commits");
  EXPECT_EQ(ProgressOf(R"({"number":3})", 7).words, "7 messages");
  EXPECT_EQ(ProgressOf("no JSON", 7).done, 7);
}

}  // namespace
}  // namespace evalloop::cli::mcp
