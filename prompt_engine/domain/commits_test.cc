#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/agreement.h"
#include "prompt_engine/domain/line_index.h"
#include "prompt_engine/domain/miner.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

using ::testing::ElementsAre;

constexpr auto kPython = code_analysis::Language::kPython;
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Variant By(std::string author, std::string text, int days_ago = 0) {
  return {std::move(text), std::move(author), "c",
          kNow - absl::Hours(24 * days_ago), 0};
}

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

TEST(AgreeTest, TakesTheVariantMostLikeTheOthers) {
  std::vector<Variant> variants = {By("a", "f(x, y, z, 1)"),
                                   By("b", "f(x, y, z, 2)"),
                                   By("c", "f(x, y, z, 2)")};
  const Agreement agreement = Agree(variants, kNow, 0.05, kPython);
  ASSERT_TRUE(agreement.agreed.has_value());
  EXPECT_EQ(variants[*agreement.agreed].text, "f(x, y, z, 2)");
  EXPECT_FALSE(agreement.contested);
  EXPECT_NEAR(variants[0].weight, 1.0 / 3, 1e-9);
}

TEST(AgreeTest, GivesNoAuthorMoreThanHalfOfTheWeight) {
  std::vector<Variant> variants = {By("a", "f(x, 1)"), By("a", "f(x, 2)"),
                                   By("a", "f(x, 3)"), By("b", "f(x, 4)")};
  Agree(variants, kNow, 0, kPython);
  EXPECT_NEAR(variants[3].weight, 0.5, 1e-9);
}

TEST(AgreeTest, HalvesTheWeightOfAYearAgo) {
  std::vector<Variant> variants = {By("a", "f(x)", 365), By("b", "f(x)"),
                                   By("c", "f(x)")};
  Agree(variants, kNow, 0, kPython);
  EXPECT_NEAR(variants[0].weight / variants[1].weight, 0.5, 1e-9);
}

TEST(AgreeTest, CallsUnlikeVariantsContested) {
  std::vector<Variant> variants = {By("a", "f(x, y)"), By("b", "g[1] + h")};
  const Agreement agreement = Agree(variants, kNow, 0.05, kPython);
  EXPECT_TRUE(agreement.contested);
  EXPECT_FALSE(agreement.agreed.has_value());
  EXPECT_LT(*agreement.agreement, 0.4);
}

TEST(AgreeTest, NeedsTwoAuthors) {
  std::vector<Variant> variants = {By("a", "f(x)"), By("a", "f(x)")};
  const Agreement agreement = Agree(variants, kNow, 0, kPython);
  EXPECT_FALSE(agreement.agreed.has_value());
  EXPECT_FALSE(agreement.contested);
}

TEST(QuotasTest, SpreadEvenlyWithinWhatThereIs) {
  const std::vector<std::uint32_t> lines = {1, 100, 0, 10, 100};
  EXPECT_THAT(Quotas(lines, 0), ElementsAre(1, 100, 0, 10, 100));
  EXPECT_THAT(Quotas(lines, 22), ElementsAre(1, 7, 0, 7, 7));
  EXPECT_THAT(Quotas(lines, 24), ElementsAre(1, 7, 0, 8, 8));
  EXPECT_THAT(Quotas(lines, 2), ElementsAre(0, 0, 0, 1, 1));
}

TEST(MemoryLineIndexTest, FindsLinesOfTheSameContextNewestFirst) {
  std::vector<IngestedCommit> commits(2);
  commits[1].header.position = 1;
  AddedCode line;
  line.context_key = 7;
  line.counted = true;
  line.token_key = 1;
  line.text = "old";
  commits[0].lines = {line};
  line.token_key = 2;
  line.text = "new";
  commits[1].lines = {line};
  MemoryLineIndex index(std::move(commits));
  const std::vector<std::int64_t> keys = {7, 8};
  const auto lines = index.SameContext(keys, 1, 10);
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0].text, "new");
  EXPECT_EQ(index.SameContext(keys, 0, 10)->size(), 1U);
  EXPECT_EQ(index.SameContext(keys, 1, 1)->size(), 1U);
  EXPECT_EQ(index.FirstPlaces(1, 1)->size(), 1U);
}

}  // namespace
}  // namespace evalloop::prompt_engine
