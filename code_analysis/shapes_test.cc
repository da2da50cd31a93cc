#include "code_analysis/shapes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "code_analysis/similarity.h"

namespace evalloop::code_analysis {
namespace {

constexpr auto kPython = Language::kPython;

TEST(ShapesTest, JaccardIsTheOneOfTheMetrics) {
  for (const auto& [a, b] :
       {std::pair<std::string, std::string>{"f(x, y, z)", "f(x, y, w)"},
        {"a", "a + b + c"},
        {"a b", "b a"},
        {"", ""},
        {"x = 1", "x = 1  # one"}}) {
    EXPECT_NEAR(JaccardOf(TokensOf(a, kPython), TokensOf(b, kPython)),
                *TokenJaccard(a, b, kPython).value, 1e-12)
        << a << " | " << b;
  }
}

TEST(ShapesTest, ABagCountsTokensInAnyOrder) {
  const auto alike = [](std::string_view a, std::string_view b) {
    return BagJaccardOf(TokensOf(a, kPython), TokensOf(b, kPython));
  };
  EXPECT_DOUBLE_EQ(alike("a b b", "b a b"), 1);
  EXPECT_DOUBLE_EQ(alike("a b b", "a b"), 2.0 / 3);
  EXPECT_DOUBLE_EQ(alike("a b", "b c"), 1.0 / 3);
  // Nothing but a comment is no code.
  EXPECT_DOUBLE_EQ(alike("# one", "# one"), 0);
  EXPECT_DOUBLE_EQ(alike("", "a"), 0);
}

TEST(ShapesTest, EditSimilarityCountsTokens) {
  const auto alike = [](std::string_view a, std::string_view b) {
    return TokenEditSimilarity(TokensOf(a, kPython), TokensOf(b, kPython));
  };
  EXPECT_DOUBLE_EQ(alike("a b c d", "a b c d"), 1);
  EXPECT_DOUBLE_EQ(alike("a b c d", "a x c d"), 0.75);
  EXPECT_DOUBLE_EQ(alike("a b c d", "b c d"), 0.75);
  EXPECT_DOUBLE_EQ(alike("a b", "c d e f"), 0);
  EXPECT_DOUBLE_EQ(alike("", ""), 1);
}

TEST(ShapesTest, ABoundOnTheEditSimilarityChangesNothingAboveIt) {
  const auto a = TokensOf("a b c d e f g h i j", kPython);
  for (const char* other :
       {"a b c d e f g h i j", "b c d e f g h i j k", "a b x d e y g h z j",
        "a b c d e f g h i j k l m", "c d e", "j i h g f e d c b a"}) {
    const auto b = TokensOf(other, kPython);
    const double exact = TokenEditSimilarity(a, b);
    const double bounded = TokenEditSimilarity(a, b, 0.6);
    if (exact >= 0.6) {
      EXPECT_DOUBLE_EQ(bounded, exact) << other;
    } else {
      EXPECT_LT(bounded, 0.6) << other;
    }
  }
}

std::size_t CommonBands(std::string_view a, std::string_view b) {
  const auto x = MinHashBands(TokensOf(a, kPython));
  const auto y = MinHashBands(TokensOf(b, kPython));
  std::size_t common = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != 0 && x[i] == y[i]) ++common;
  }
  return common;
}

TEST(ShapesTest, MinHashSeesThroughNames) {
  const std::string one =
      "total = 0\nfor item in items:\n    total += item.price\nreturn total\n";
  const std::string renamed =
      "s = 0\nfor x in xs:\n    s += x.cost\nreturn s\n";
  EXPECT_EQ(CommonBands(one, renamed), kBands);
  EXPECT_EQ(CommonBands(one, "print(a)\nraise ValueError(b, c, d)\n"), 0U);
  EXPECT_EQ(CommonBands("a", "a"), 0U);  // Too short to say anything.
}

TEST(ShapesTest, HashesAreTheSameOnEveryMachine) {
  EXPECT_EQ(StableHash("evalloop"), StableHash("evalloop"));
  EXPECT_NE(StableHash("evalloop"), StableHash("evalloop", 1));
  EXPECT_EQ(MinHashBands(TokensOf("a = b + c * d", kPython)),
            MinHashBands(TokensOf("a=b+c*d", kPython)));
}

}  // namespace
}  // namespace evalloop::code_analysis
