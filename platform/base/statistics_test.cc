#include "platform/base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

namespace evalloop::base {
namespace {

TEST(RandomTest, RepeatsItselfForASeedAndDiffersForAnother) {
  Random a(7);
  Random b(7);
  Random c(8);
  const std::uint64_t first = a.Next();
  EXPECT_EQ(first, b.Next());
  EXPECT_NE(first, c.Next());
}

TEST(RandomTest, StaysBelowItsBoundAndReachesEveryValue) {
  Random random(1);
  std::vector<int> hits(5, 0);
  for (int i = 0; i < 5000; ++i) ++hits[random.Below(5)];
  for (const int hit : hits) EXPECT_NEAR(hit, 1000, 150);
  for (int i = 0; i < 1000; ++i) {
    const double unit = random.Unit();
    EXPECT_GE(unit, 0);
    EXPECT_LT(unit, 1);
  }
}

TEST(BootstrapRatioTest, SaysWhyThereIsNoRatio) {
  const auto none = BootstrapRatio({}, {});
  EXPECT_EQ(none.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(none.status().message(), "no_rows");
  const std::vector<RatioTally> empty = {{0, 0}, {0, 0}};
  EXPECT_EQ(BootstrapRatio(empty, {}).status().message(), "zero_denominator");
  const std::vector<RatioTally> one = {{1, 2}};
  EXPECT_EQ(BootstrapRatio(one, {}).status().message(), "one_cluster");
}

TEST(BootstrapRatioTest, AgreesWithTheNormalIntervalOfALargeSample) {
  // 400 rows of a fair coin, one a cluster: 0.5 +- 1.96 * 0.5 / 20.
  std::vector<RatioTally> rows;
  for (int i = 0; i < 400; ++i) rows.push_back({i % 2 == 0 ? 1.0 : 0.0, 1});
  for (const auto method :
       {IntervalMethod::kPercentile, IntervalMethod::kBca}) {
    const auto estimate = BootstrapRatio(rows, {.method = method});
    ASSERT_TRUE(estimate.ok()) << estimate.status();
    EXPECT_DOUBLE_EQ(estimate->value, 0.5);
    EXPECT_NEAR(estimate->low, 0.451, 0.004);
    EXPECT_NEAR(estimate->high, 0.549, 0.004);
  }
}

TEST(BootstrapRatioTest, IsWiderWhenRowsOfAClusterAgree) {
  std::vector<RatioTally> rows;
  std::vector<RatioTally> clusters;
  for (int i = 0; i < 400; ++i) rows.push_back({i % 2 == 0 ? 1.0 : 0.0, 1});
  for (int i = 0; i < 20; ++i)
    clusters.push_back({i % 2 == 0 ? 20.0 : 0.0, 20});
  const auto narrow = BootstrapRatio(rows, {});
  const auto wide = BootstrapRatio(clusters, {});
  ASSERT_TRUE(narrow.ok() && wide.ok());
  EXPECT_GT(wide->high - wide->low, 3 * (narrow->high - narrow->low));
}

TEST(BootstrapRatioTest, BcaLeansTowardsTheLongTail) {
  std::vector<RatioTally> skewed;
  for (int i = 1; i <= 30; ++i) skewed.push_back({std::exp(i / 8.0), 1});
  const auto plain =
      BootstrapRatio(skewed, {.method = IntervalMethod::kPercentile});
  const auto bca = BootstrapRatio(skewed, {.method = IntervalMethod::kBca});
  ASSERT_TRUE(plain.ok() && bca.ok());
  EXPECT_GT(bca->low, plain->low);
  EXPECT_GT(bca->high, plain->high);
}

TEST(BootstrapRatioTest, DrawsAgainWhenOneClusterAloneHasADenominator) {
  const std::vector<RatioTally> sparse = {{0, 0}, {0, 0}, {3, 4}, {0, 0}};
  const auto estimate = BootstrapRatio(sparse, {.resamples = 200});
  ASSERT_TRUE(estimate.ok()) << estimate.status();
  EXPECT_DOUBLE_EQ(estimate->low, 0.75);
  EXPECT_DOUBLE_EQ(estimate->high, 0.75);
}

TEST(BootstrapDifferenceTest, CancelsWhatThePairsShare) {
  // Rows differ wildly, every pair gains exactly 0.1.
  std::vector<PairedRatioTally> pairs;
  for (int i = 0; i < 50; ++i) {
    const double base = (i % 10) / 10.0;
    pairs.push_back({{base, 1}, {base + 0.1, 1}});
  }
  const auto gain = BootstrapRatioDifference(pairs, {});
  ASSERT_TRUE(gain.ok()) << gain.status();
  EXPECT_NEAR(gain->value, 0.1, 1e-9);
  EXPECT_NEAR(gain->low, 0.1, 1e-9);
  EXPECT_NEAR(gain->high, 0.1, 1e-9);
}

TEST(BootstrapDifferenceTest, IsTheSameForTheSameSeed) {
  std::vector<PairedRatioTally> pairs;
  for (int i = 0; i < 30; ++i) {
    pairs.push_back({{double(i % 3), 4}, {double(i % 4), 4}});
  }
  const auto one = BootstrapRatioDifference(pairs, {.seed = 3});
  const auto two = BootstrapRatioDifference(pairs, {.seed = 3});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->low, two->low);
  EXPECT_EQ(one->high, two->high);
}

TEST(McNemarTest, GivesTheTextbookValues) {
  // scipy.stats.binomtest(k, n, 0.5).pvalue
  EXPECT_DOUBLE_EQ(*McNemarExactP(0, 0), 1.0);
  EXPECT_NEAR(*McNemarExactP(5, 0), 0.0625, 1e-12);
  EXPECT_NEAR(*McNemarExactP(1, 9), 0.021484375, 1e-12);
  EXPECT_NEAR(*McNemarExactP(9, 1), 0.021484375, 1e-12);
  EXPECT_DOUBLE_EQ(*McNemarExactP(4, 4), 1.0);
  EXPECT_FALSE(McNemarExactP(-1, 2).ok());
}

struct Row {
  std::int64_t rows;
  double share;
  std::optional<double> points;
};

// Measured by an independent program (notes on science, section 4).
TEST(MinimumDetectableEffectTest, EqualsTheMeasuredTable) {
  const Row table[] = {{50, .1, std::nullopt}, {50, .2, 17.6},  {50, .3, 21.9},
                       {100, .1, 8.8},         {100, .2, 12.8}, {100, .3, 15.9},
                       {150, .1, 7.3},         {150, .2, 10.6}, {150, .3, 12.8},
                       {300, .1, 5.3},         {300, .2, 7.4},  {300, .3, 9.1},
                       {600, .1, 3.7},         {600, .2, 5.2},  {600, .3, 6.4}};
  for (const Row& row : table) {
    const auto effect = MinimumDetectableEffect(
        {.rows = row.rows, .discordant_share = row.share});
    if (row.points.has_value()) {
      ASSERT_TRUE(effect.ok()) << effect.status();
      EXPECT_NEAR(*effect * 100, *row.points, 0.1)
          << row.rows << " rows, " << row.share;
    } else {
      EXPECT_EQ(effect.status().message(), "too_few_rows");
    }
  }
  EXPECT_NEAR(*McNemarPower({.rows = 50, .discordant_share = .1}, .1), .38,
              .005);
}

TEST(MinimumDetectableEffectTest, RefusesValuesOutOfRange) {
  EXPECT_EQ(MinimumDetectableEffect({.rows = 0, .discordant_share = .1})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MinimumDetectableEffect({.rows = 50, .discordant_share = 0})
                .status()
                .code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace evalloop::base
