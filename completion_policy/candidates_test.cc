#include "completion_policy/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalloop::completion_policy {
namespace {

using ::testing::ElementsAre;

constexpr auto kCpp = code_analysis::Language::kCpp;

std::vector<std::string> Texts(std::string_view text,
                               const std::vector<ModelToken>& tokens,
                               Extent extent = Extent::kLine,
                               std::uint32_t most = 0) {
  std::vector<std::string> texts;
  for (const Candidate& candidate :
       Candidates(text, tokens, kCpp, extent, most)) {
    texts.emplace_back(text.substr(0, candidate.bytes));
  }
  return texts;
}

TEST(CandidatesTest, EndAtEachTokenOfTheFirstLine) {
  EXPECT_THAT(Texts("foo(bar); \nnext", {}),
              ElementsAre("foo", "foo(", "foo(bar", "foo(bar)", "foo(bar);"));
}

TEST(CandidatesTest, NeverCutAWordThatTheModelSaysInPieces) {
  EXPECT_THAT(Texts("get_name()", {{"get", -1}, {"_name", -1}, {"()", -1}}),
              ElementsAre("get_name", "get_name()"));
}

TEST(CandidatesTest, CarryWhatTheModelToldUpToTheirEnd) {
  const std::vector<ModelToken> tokens = {
      {"a", -0.5, 6, 3}, {" =", -1.5, 2, 9}, {" b", -0.25, 4, 1}};
  const auto candidates = Candidates("a = b", tokens, kCpp, Extent::kLine, 0);
  ASSERT_EQ(candidates.size(), 3U);
  EXPECT_EQ(candidates[1].tokens, 2U);
  EXPECT_EQ(candidates[1].characters, 2);
  EXPECT_DOUBLE_EQ(*candidates[1].log_probability, -2.0);
  EXPECT_DOUBLE_EQ(*candidates[1].weakest, -1.5);
  EXPECT_EQ(candidates[1].next, TokenClass::kIdentifier);
  EXPECT_FALSE(candidates[1].whole);
  EXPECT_EQ(candidates[2].lowest_order, 2U);
  EXPECT_EQ(candidates[2].lowest_support, 9U);
  EXPECT_EQ(candidates[2].last_order, 4U);
  EXPECT_TRUE(candidates[2].whole);
}

TEST(CandidatesTest, HaveNoProbabilityWhereTheTokensAreAnotherText) {
  const std::vector<ModelToken> other = {{"x", -1}};
  const auto candidates = Candidates("a", other, kCpp, Extent::kLine, 0);
  ASSERT_EQ(candidates.size(), 1U);
  EXPECT_FALSE(candidates[0].log_probability.has_value());
}

TEST(CandidatesTest, CountATokenThatRunsOverTheLinesEnd) {
  const std::vector<ModelToken> tokens = {{"a", -1}, {";\nb", -2}};
  const auto candidates = Candidates("a;\nb", tokens, kCpp, Extent::kLine, 0);
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_DOUBLE_EQ(*candidates[1].log_probability, -3);
}

TEST(CandidatesTest, StayWithinExtentAndLength) {
  EXPECT_THAT(Texts("\nfoo", {}), ElementsAre());
  EXPECT_THAT(Texts("a\nb", {}, Extent::kBlock), ElementsAre("a", "a\nb"));
  EXPECT_THAT(Texts("aa bb cc", {}, Extent::kLine, 6),
              ElementsAre("aa", "aa bb"));
}

TEST(CandidatesTest, CountCodePointsThatAreNoBlanks) {
  EXPECT_EQ(NonBlankCharacters(" \tä b\n"), 2);
}

}  // namespace
}  // namespace evalloop::completion_policy
