#include "prompt_engine/domain/placement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/testing/status_matchers.h"
#include "prompt_engine/domain/known_outcome.h"
#include "prompt_engine/domain/outcome_record.h"

namespace evalloop::prompt_engine {
namespace {

constexpr auto kPython = code_analysis::Language::kPython;

Variant By(std::string author, std::string text) {
  Variant variant;
  variant.text = std::move(text);
  variant.author = std::move(author);
  variant.weight = 1;
  return variant;
}

TEST(PlaceAmongTest, WhatMostWroteIsLikeTheMedianAndTheOddOneIsWorse) {
  const std::vector<Variant> variants = {By("a", "send(one, two, x)"),
                                         By("b", "send(one, two, x)"),
                                         By("c", "send(one, two, y)")};
  const auto like = PlaceAmong("send(one, two, x)", variants, kPython);
  ASSERT_TRUE(like.has_value());
  EXPECT_EQ(like->rank, Rank::kLike);
  EXPECT_EQ(like->variants, 3U);
  EXPECT_EQ(like->at_least_as_good, 1);
  EXPECT_EQ(like->centrality, like->median_centrality);
  const auto worse = PlaceAmong("return None", variants, kPython);
  EXPECT_EQ(worse->rank, Rank::kWorse);
  EXPECT_EQ(worse->at_least_as_good, 0);
}

TEST(PlaceAmongTest, WhatStandsInTheMiddleOfUnlikeVariantsIsBetter) {
  const std::vector<Variant> variants = {
      By("a", "send(one, two, three, four, five)"),
      By("b", "send(one, two, six, seven, eight)"),
      By("c", "post(nine, ten, three, four, five)")};
  const auto placed =
      PlaceAmong("send(one, two, three, four, five)", variants, kPython);
  EXPECT_EQ(placed->rank, Rank::kBetter);
  EXPECT_EQ(placed->at_least_as_good, 1);
}

TEST(PlaceAmongTest, OneDeveloperIsNoMedian) {
  const std::vector<Variant> variants = {By("a", "x = 1"), By("a", "x = 2")};
  EXPECT_FALSE(PlaceAmong("x = 1", variants, kPython).has_value());
}

TEST(IsSampledTest, TakesTheShareByTheIdAlone) {
  int sampled = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string id = "cmpl-" + std::to_string(i);
    sampled += IsSampled(id, 0.25) ? 1 : 0;
    EXPECT_TRUE(IsSampled(id, 1));
    EXPECT_FALSE(IsSampled(id, 0));
    // A larger share keeps what a smaller one took.
    EXPECT_LE(IsSampled(id, 0.25), IsSampled(id, 0.5));
  }
  EXPECT_NEAR(sampled, 500, 60);
}

TEST(FigureOfTest, LeavesOutCommitsWithoutRowsAndIsAbsentWithoutAny) {
  std::vector<OutcomeTally> commits(3);
  EXPECT_FALSE(FigureOf(commits, &OutcomeTally::composite).value.has_value());
  commits[0].composite = {2, 4};
  const Figure one = FigureOf(commits, &OutcomeTally::composite);
  EXPECT_EQ(one.value, 0.5);
  EXPECT_FALSE(one.low.has_value());
  commits[2].composite = {4, 4};
  const Figure two = FigureOf(commits, &OutcomeTally::composite);
  EXPECT_EQ(two.rows, 8U);
  EXPECT_EQ(two.value, 0.75);
  EXPECT_TRUE(two.low.has_value());
}

TEST(FigureOfTest, IsNotSureOfWhatAFewCommitsAgreeOn) {
  std::vector<OutcomeTally> commits(5);
  for (OutcomeTally& commit : commits) commit.at_least_median = {3, 3};
  const Figure figure = FigureOf(commits, &OutcomeTally::at_least_median);
  EXPECT_EQ(figure.value, 1);
  EXPECT_NEAR(*figure.low, 5 / (5 + 1.959964 * 1.959964), 1e-6);
  EXPECT_NEAR(*figure.high, 1, 1e-9);
}

}  // namespace
}  // namespace evalloop::prompt_engine
