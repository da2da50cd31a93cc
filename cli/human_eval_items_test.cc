#include "cli/human_eval_items.h"

#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"

namespace evalloop::cli {
namespace {

using testing::StatusIs;

constexpr char kLine[] =
    R"({"task_id":"HumanEval/0","prompt":"def f():\n","entry_point":"f",)"
    R"("canonical_solution":"    return 1\n","test":"def check(c): ..."})";

TEST(HumanEvalItemsTest, ATaskIsAnItemWithHiddenTests) {
  ASSERT_OK_AND_ASSIGN(const auto items, HumanEvalItems({kLine}));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].item_id(), "HumanEval/0");
  EXPECT_EQ(items[0].prefix(), "def f():\n");
  EXPECT_EQ(items[0].agreed(), "    return 1\n");
  EXPECT_EQ(items[0].location().language(), "python");
  EXPECT_EQ(items[0].tests().program(), "def check(c): ...");
  EXPECT_EQ(items[0].tests().entry_point(), "f");
  EXPECT_EQ(items[0].task(), "generation");
  // Nothing that meets a model names the task.
  EXPECT_EQ(items[0].location().path(), "solution.py");
}

TEST(HumanEvalItemsTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(HumanEvalItems({kLine, "{"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  const auto missing = HumanEvalItems({R"({"task_id":"x"})"});
  EXPECT_NE(missing.status().message().find("line 1"), absl::string_view::npos);
}

}  // namespace
}  // namespace evalloop::cli
