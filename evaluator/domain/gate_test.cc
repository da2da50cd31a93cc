#include "evaluator/domain/gate.h"

#include <gtest/gtest.h>

namespace evalloop::evaluator {
namespace {

Comparison With(std::string metric, double value, double lower, double upper,
                std::int64_t pairs = 600) {
  MetricDelta delta;
  delta.metric = metric;
  delta.higher_is_better = HigherIsBetter(metric);
  delta.delta = {value, lower, upper};
  delta.pairs = pairs;
  Comparison comparison;
  comparison.deltas = {delta};
  return comparison;
}

GatePolicy Average(std::string metric, double tolerance) {
  GatePolicy policy;
  policy.tolerances = {{.metric = metric, .average_tolerance = tolerance}};
  return policy;
}

TEST(GateTest, PassesWhenTheIntervalStaysWithinTheTolerance) {
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -1, -2.9, 1)).verdict,
            Verdict::kPassed);
}

TEST(GateTest, IsInconclusiveWhenTheIntervalReachesBothSides) {
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -2, -4, 0)).verdict,
            Verdict::kInconclusive);
}

TEST(GateTest, RegressesWhenTheWholeIntervalIsWorse) {
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -6, -8, -4)).verdict,
            Verdict::kRegressed);
}

TEST(GateTest, ALossBeyondTheToleranceThatIsShownIsARegression) {
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -4, -7, -1)).verdict,
            Verdict::kRegressed);
  // Shown, but perhaps within the tolerance.
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -2, -4, -1)).verdict,
            Verdict::kInconclusive);
  // Beyond the tolerance, but perhaps chance.
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", -4, -9, 1)).verdict,
            Verdict::kInconclusive);
}

TEST(GateTest, ManyDemandsNeedSurerIntervals) {
  EXPECT_DOUBLE_EQ(ConfidenceOf(Average("chrf", 3)), 0.95);
  GatePolicy policy;
  for (const char* metric : {"a", "b", "c", "d"}) {
    policy.tolerances.push_back({.metric = metric, .average_tolerance = 1});
  }
  EXPECT_DOUBLE_EQ(ConfidenceOf(policy), 0.975);
}

TEST(GateTest, TurnsMetricsWhereLessIsBetter) {
  EXPECT_EQ(Decide(Average("rejected_chars", 0),
                   With("rejected_chars", -30'000, -31'000, -29'000))
                .verdict,
            Verdict::kPassed);
  EXPECT_EQ(Decide(Average("rejected_chars", 0),
                   With("rejected_chars", 500, 200, 800))
                .verdict,
            Verdict::kRegressed);
}

TEST(GateTest, AGainMustBeSureNotJustLikely) {
  GatePolicy policy;
  policy.tolerances = {{.metric = "completed_chars", .required_gain = 0.0}};
  EXPECT_EQ(Decide(policy, With("completed_chars", .02, .005, .03)).verdict,
            Verdict::kPassed);
  EXPECT_EQ(Decide(policy, With("completed_chars", .02, -.001, .03)).verdict,
            Verdict::kInconclusive);
  EXPECT_EQ(Decide(policy, With("completed_chars", -.02, -.03, -.01)).verdict,
            Verdict::kRegressed);
}

TEST(GateTest, FewPairsAreInconclusiveHoweverGoodTheyLook) {
  EXPECT_EQ(Decide(Average("chrf", 3), With("chrf", 9, 8, 10, 49)).verdict,
            Verdict::kInconclusive);
}

TEST(GateTest, RowsWithoutAnAnswerAreNeverARegression) {
  Comparison comparison = With("chrf", 1, 0, 2);
  comparison.missing_rows = 3;
  EXPECT_EQ(Decide(Average("chrf", 3), comparison).verdict,
            Verdict::kInconclusive);
}

TEST(GateTest, TooManyRegressedRowsBlockThoughTheMeanHolds) {
  Comparison comparison = With("chrf", 1, 0, 2);
  comparison.deltas[0].losses = {0, 0, 0, 50};
  GatePolicy policy = Average("chrf", 3);
  policy.tolerances[0].row_tolerance = 20;
  policy.tolerances[0].max_regressed_share = 0.2;
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kRegressed);
  policy.tolerances[0].max_regressed_share = 0.25;
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kPassed);
}

TEST(GateTest, AThresholdHoldsForTheCandidateAlone) {
  Comparison comparison = With("chrf", 1, 0, 2);
  comparison.deltas[0].candidate = 40;
  GatePolicy policy;
  policy.tolerances = {{.metric = "chrf", .threshold = 41}};
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kRegressed);
}

TEST(GateTest, AMetricThatNoRowHasIsInconclusive) {
  EXPECT_EQ(Decide(Average("bleu", 1), With("chrf", 1, 0, 2)).verdict,
            Verdict::kInconclusive);
}

// `comparison` with another metric's change.
Comparison And(Comparison comparison, std::string metric, double value,
               double lower, double upper) {
  comparison.deltas.push_back(
      With(std::move(metric), value, lower, upper).deltas[0]);
  return comparison;
}

TEST(GateTest, LikenessAlarmsButNeverBlocksWhereTestsAre) {
  const GatePolicy policy =
      DefaultPolicy(RunMode::kOnce, ChangeKind::kOther, /*has_tests=*/true);
  EXPECT_EQ(policy.tolerances[0].metric, "pass_at_1");
  Comparison comparison = With("pass_at_1", 0, -.01, .01);
  comparison = And(comparison, "chrf", -20, -25, -15);
  comparison = And(comparison, "edit_similarity", 0, -.01, .01);
  const GateDecision passed = Decide(policy, comparison);
  EXPECT_EQ(passed.verdict, Verdict::kPassed);
  ASSERT_EQ(passed.findings.size(), 3u);
  EXPECT_EQ(passed.findings[1].verdict, Verdict::kRegressed);
  EXPECT_TRUE(passed.findings[1].alarm);
  EXPECT_FALSE(passed.findings[2].alarm);
  comparison.deltas[0] = With("pass_at_1", -.2, -.3, -.1).deltas[0];
  const GateDecision regressed = Decide(policy, comparison);
  EXPECT_EQ(regressed.verdict, Verdict::kRegressed);
  EXPECT_FALSE(regressed.findings[0].alarm);
  EXPECT_TRUE(regressed.findings[1].alarm);
}

TEST(GateTest, LikenessBlocksWhereThereAreNoTests) {
  const GatePolicy policy = DefaultPolicy(RunMode::kOnce, ChangeKind::kOther);
  const GateDecision decision = Decide(
      policy, And(With("chrf", -20, -25, -15), "edit_similarity", 0, 0, 0));
  EXPECT_EQ(decision.verdict, Verdict::kRegressed);
  EXPECT_FALSE(decision.findings[0].alarm);
}

TEST(GateTest, SaysWhatItCouldHaveFound) {
  const auto decision =
      Decide(Average("chrf", 3), With("chrf", 0, -1.96, 1.96));
  ASSERT_TRUE(decision.minimum_detectable_effect.has_value());
  EXPECT_NEAR(*decision.minimum_detectable_effect, 2.8, 2e-3);
}

TEST(GateTest, RefusesATolerancePolicyThatMakesNoSense) {
  EXPECT_FALSE(CheckPolicy(Average("", 1)).ok());
  EXPECT_FALSE(CheckPolicy(Average("chrf", -1)).ok());
  EXPECT_TRUE(
      CheckPolicy(DefaultPolicy(RunMode::kTyped, ChangeKind::kOutputPolicy))
          .ok());
}

}  // namespace
}  // namespace evalloop::evaluator
