#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "prompt_engine/domain/miner.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

using ::testing::ElementsAre;

constexpr auto kPython = code_analysis::Language::kPython;
TEST(PseudonymTest, IsStableAndTellsPeopleApartWithoutNamingThem) {
  EXPECT_EQ(Pseudonym("Ann@x", "key"), Pseudonym("ann@x", "key"));
  EXPECT_NE(Pseudonym("ann@x", "key"), Pseudonym("bob@x", "key"));
  EXPECT_NE(Pseudonym("ann@x", "key"), Pseudonym("ann@x", "other"));
  EXPECT_THAT(Pseudonym("ann@x", "key"),
              ::testing::MatchesRegex("dev-[0-9a-f]{8}"));
}

TEST(TokenKeyTest, IsOfTheTokensAlone) {
  EXPECT_EQ(TokenKey("a = b+c", kPython), TokenKey("  a=b + c # why", kPython));
  EXPECT_NE(TokenKey("a = bc", kPython), TokenKey("a = b c", kPython));
}

TEST(ContextKeyTest, IsOfTheTwoLinesWithTextAbove) {
  replay::AddedRun run;
  run.path = "a.py";
  run.language = kPython;
  replay::AddedLine line;
  const auto key = [&](const std::string& above) {
    run.text = std::make_shared<const std::string>(above + "x = 1\n");
    line.begin = above.size();
    return ContextKey(run, line);
  };
  EXPECT_EQ(key("one\ntwo\n"), key("other\none\n\n  two\n"));
  EXPECT_NE(key("one\ntwo\n"), key("two\none\n"));
  EXPECT_NE(key("two\n"), key("one\ntwo\n"));
  EXPECT_EQ(key(""), key("\n\n"));
}

TEST(QuotasTest, SpreadEvenlyWithinWhatThereIs) {
  const std::vector<std::uint32_t> lines = {1, 100, 0, 10, 100};
  EXPECT_THAT(Quotas(lines, 0), ElementsAre(1, 100, 0, 10, 100));
  EXPECT_THAT(Quotas(lines, 22), ElementsAre(1, 7, 0, 7, 7));
  EXPECT_THAT(Quotas(lines, 24), ElementsAre(1, 7, 0, 8, 8));
  EXPECT_THAT(Quotas(lines, 2), ElementsAre(0, 0, 0, 1, 1));
}

}  // namespace
}  // namespace evalloop::prompt_engine
