#include "completion_policy/features.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "completion_policy/learnt_gate.h"

namespace evalloop::completion_policy {
namespace {

Candidate Sample(double log_probability) {
  Candidate candidate;
  candidate.tokens = 3;
  candidate.characters = 9;
  candidate.log_probability = log_probability;
  candidate.weakest = log_probability / 2;
  candidate.last = TokenClass::kOperator;
  candidate.next = TokenClass::kOperator;
  return candidate;
}

TEST(FeaturesTest, StartAtTheModelsOwnProbability) {
  const auto weights = InitialWeightsV1();
  ASSERT_EQ(weights.size(), *FeatureCount("v1"));
  for (const double p : {0.01, 0.3, 0.5, 0.97}) {
    EXPECT_NEAR(Logistic(weights, FeaturesV1(Sample(std::log(p)), {})), p,
                1e-6);
  }
}

TEST(FeaturesTest, HaveEachAPlaceOfTheirOwn) {
  for (const double logarithm : {0.0, -0.2, -3.0, -40.0}) {
    std::set<int> places;
    Candidate candidate = Sample(logarithm);
    candidate.lowest_order = 40;
    candidate.lowest_support = 1000;
    candidate.last_order = 0;
    candidate.whole = true;
    for (const Feature& feature :
         FeaturesV1(candidate, {code_analysis::Language::kBash, 99, 99})) {
      EXPECT_LT(feature.index, *FeatureCount("v1"));
      EXPECT_TRUE(places.insert(feature.index).second) << feature.index;
    }
  }
}

TEST(FeaturesTest, TellAnUntoldMatchFromAShortOne) {
  Candidate told = Sample(-1);
  told.lowest_order = 0;
  const auto first = FeaturesV1(told, {});
  const auto second = FeaturesV1(Sample(-1), {});
  bool differ = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    differ = differ || first[i].index != second[i].index;
  }
  EXPECT_TRUE(differ);
}

TEST(FeaturesTest, DoNotKnowOtherSets) {
  EXPECT_FALSE(FeatureCount("v0").has_value());
}

TEST(CalibrateTest, IsLinearBetweenKnotsAndConstantBeyond) {
  const std::vector<CalibrationKnot> knots = {{0.2, 0.1}, {0.6, 0.5}};
  EXPECT_DOUBLE_EQ(Calibrate(knots, 0.1), 0.1);
  EXPECT_DOUBLE_EQ(Calibrate(knots, 0.4), 0.3);
  EXPECT_DOUBLE_EQ(Calibrate(knots, 0.9), 0.5);
  EXPECT_DOUBLE_EQ(Calibrate({}, 0.7), 0.7);
}

}  // namespace
}  // namespace evalloop::completion_policy
