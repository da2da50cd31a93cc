#include "evaluator/domain/recommendation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/outcome_rows.h"

namespace evalloop::evaluator {
namespace {

using ::testing::HasSubstr;

constexpr int kEasy = 40, kHard = 40, kRare = 5;
constexpr int kItems = kEasy + kHard + kRare;

class RecommendationTest : public ::testing::Test {
 protected:
  RecommendationTest() {
    for (int i = 0; i < kItems; ++i) {
      ItemFacts& item = facts_["item" + std::to_string(i)];
      item.item_class = i < kEasy           ? "easy"
                        : i < kEasy + kHard ? "hard"
                        : i % 2 == 0        ? "rare"
                                            : "rarer";
    }
  }

  // Passes everything easy and rare, and so many hard ones.
  void Add(const std::string& prompt, int hard, std::int64_t cost) {
    std::vector<double> values(kItems, 1);
    for (int i = hard; i < kHard; ++i) values[kEasy + i] = 0;
    runs_.push_back(OutcomesOf(prompt, values, cost, index_));
  }

  Recommendation Of(const std::string& dimension, const std::string& name) {
    for (const Recommendation& made :
         Recommend(runs_, index_, facts_, kPassTerms, 0.03)) {
      if (made.dimension == dimension && made.name == name) return made;
    }
    ADD_FAILURE() << "no recommendation for " << dimension << " " << name;
    return {};
  }

  FactsById facts_;
  ItemIndex index_;
  std::vector<RunOutcomes> runs_;
};

TEST_F(RecommendationTest, TheCheaperOneIsTakenWhereItIsAsGood) {
  Add("big", kHard, 1'000);
  Add("small", 10, 100);
  const Recommendation overall = Of("overall", "");
  EXPECT_EQ(overall.best, "big@1");
  EXPECT_EQ(overall.recommended, "big@1");
  EXPECT_EQ(overall.items, unsigned{kItems});
  EXPECT_DOUBLE_EQ(*overall.saves_share, 0);
  EXPECT_THAT(overall.reason, HasSubstr("nothing cheaper comes within 3 %"));
  const Recommendation easy = Of("class", "easy");
  EXPECT_EQ(easy.recommended, "small@1");
  EXPECT_EQ(easy.items, unsigned{kEasy});
  // Of equal quality the cheapest is the best.
  EXPECT_EQ(easy.best, "small@1");
  EXPECT_THAT(easy.reason, HasSubstr("nothing is cheaper"));
  EXPECT_EQ(Of("class", "hard").recommended, "big@1");
  // Five items of two classes are one group.
  EXPECT_EQ(Of("class", "other").items, unsigned{kRare});
}

TEST_F(RecommendationTest, SaysThatTwoCannotBeToldApart) {
  Add("big", kHard, 1'000);
  Add("middle", kHard - 1, 250);  // 84 of 85: 1.2 % worse.
  Add("small", 10, 100);
  const Recommendation overall = Of("overall", "");
  EXPECT_EQ(overall.best, "big@1");
  EXPECT_EQ(overall.recommended, "middle@1");
  EXPECT_DOUBLE_EQ(*overall.saves_share, 0.75);
  EXPECT_THAT(overall.reason, HasSubstr("-0.0118 ["));
  EXPECT_THAT(overall.reason, HasSubstr("on 85 items of both"));
  EXPECT_THAT(overall.reason, HasSubstr("can't be told apart"));
}

TEST_F(RecommendationTest, SaysWhereItIsWorseThoughNear) {
  // 2 % worse in each item.
  for (const auto& [prompt, value, cost] :
       {std::tuple("big", 0.50, 900), std::tuple("small", 0.49, 300)}) {
    runs_.push_back(
        OutcomesOf(prompt, std::vector<double>(kItems, value), cost, index_));
  }
  const Recommendation overall = Of("overall", "");
  EXPECT_EQ(overall.recommended, "small@1");
  EXPECT_THAT(overall.reason, HasSubstr("worse, but within 3 % of it"));
}

TEST_F(RecommendationTest, AnUnknownPriceIsNoLowPrice) {
  Add("big", kHard, 0);
  Add("small", kHard - 1, 100);
  const Recommendation overall = Of("overall", "");
  EXPECT_EQ(overall.recommended, "big@1");
  EXPECT_FALSE(overall.saves_share.has_value());
  EXPECT_THAT(overall.reason, HasSubstr("price is not known"));
  Add("as big", kHard, 5'000);
  EXPECT_EQ(Of("overall", "").best, "as big@1");
}

TEST_F(RecommendationTest, NoRunIsNoRecommendation) {
  EXPECT_TRUE(Recommend({}, index_, facts_, kPassTerms, 0.03).empty());
}

}  // namespace
}  // namespace evalloop::evaluator
