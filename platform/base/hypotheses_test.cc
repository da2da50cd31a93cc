#include "platform/base/hypotheses.h"

#include <gtest/gtest.h>

namespace evalloop::base {
namespace {

TEST(StudentTTest, KnowsTheTables) {
  // Abramowitz, Stegun, table 26.10.
  EXPECT_NEAR(StudentTCdf(12.706, 1), 0.975, 1e-5);
  EXPECT_NEAR(StudentTCdf(2.228, 10), 0.975, 1e-4);
  EXPECT_NEAR(StudentTCdf(1.658, 120), 0.95, 1e-4);
  EXPECT_DOUBLE_EQ(StudentTCdf(0, 7), 0.5);
  EXPECT_NEAR(StudentTQuantile(0.975, 10), 2.228139, 1e-5);
  EXPECT_NEAR(StudentTQuantile(0.025, 1), -12.7062, 1e-3);
}

TEST(ManyTestsTest, HolmMultipliesByWhatIsLeftAndNeverFalls) {
  const auto holm = HolmAdjusted(std::vector{0.01, 0.04, 0.03, 0.005});
  EXPECT_DOUBLE_EQ(holm[3], 0.02);
  EXPECT_DOUBLE_EQ(holm[0], 0.03);
  EXPECT_DOUBLE_EQ(holm[2], 0.06);
  EXPECT_DOUBLE_EQ(holm[1], 0.06);
}

TEST(ManyTestsTest, BenjaminiHochbergIsMilder) {
  const auto bh =
      BenjaminiHochbergAdjusted(std::vector{0.01, 0.04, 0.03, 0.005});
  EXPECT_DOUBLE_EQ(bh[3], 0.02);
  EXPECT_DOUBLE_EQ(bh[0], 0.02);
  EXPECT_DOUBLE_EQ(bh[2], 0.04);
  EXPECT_DOUBLE_EQ(bh[1], 0.04);
}

TEST(PermutationTest, CountsSplitsThatAreAsBad) {
  const std::vector<double> right(8, 1), wrong(8, 0);
  EXPECT_DOUBLE_EQ(PermutationLossP(right, wrong), 1.0 / 12'870);
  EXPECT_DOUBLE_EQ(PermutationLossP(wrong, right), 1);
  EXPECT_DOUBLE_EQ(PermutationLossP(right, right), 1);
  // 2 of 3 against 1 of 3: 10 of the 20 splits leave at most one there.
  EXPECT_DOUBLE_EQ(
      PermutationLossP(std::vector{1.0, 1.0, 0.0}, std::vector{1.0, 0.0, 0.0}),
      0.5);
}

}  // namespace
}  // namespace evalloop::base
