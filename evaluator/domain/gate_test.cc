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

TEST(GateTest, ARowThatTheCandidateLacksFailsOneOfTheBaselineIsInconclusive) {
  Comparison comparison = With("chrf", 1, 0, 2);
  comparison.missing_rows = 3;
  EXPECT_EQ(Decide(Average("chrf", 3), comparison).verdict,
            Verdict::kInconclusive);
  comparison.missing_in_candidate = 1;
  GatePolicy policy = Average("chrf", 3);
  policy.on_inconclusive = OnInconclusive::kWarn;
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kRegressed);
}

TEST(GateTest, TooManyRegressedRowsBlockThoughTheMeanHolds) {
  Comparison comparison = With("chrf", 1, 0, 2);
  comparison.item_ids = {"a", "b", "c", "d"};
  comparison.deltas[0].losses = {{0, 0}, {1, 0}, {2, 0}, {3, 50}};
  GatePolicy policy = Average("chrf", 3);
  policy.min_pairs = 4;
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

TEST(GateTest, WhereFewRowsAreTestedLikenessBlocks) {
  Comparison comparison = With("pass_at_1", 0, -.01, .01, /*pairs=*/299);
  comparison = And(comparison, "chrf", -20, -25, -15);
  const GatePolicy policy = Average("chrf", 3);
  const GateDecision blocked = Decide(policy, comparison);
  EXPECT_EQ(blocked.verdict, Verdict::kRegressed);
  EXPECT_FALSE(blocked.findings[0].alarm);
  comparison.deltas[0].pairs = 300;
  EXPECT_TRUE(Decide(policy, comparison).findings[0].alarm);
}

TEST(DefaultPolicyTest, SearchesAreHeldToWhatTheyFind) {
  const auto metrics = [](const std::vector<std::string>& tasks) {
    std::vector<std::string> names;
    const GatePolicy policy =
        DefaultPolicy(RunMode::kOnce, ChangeKind::kOther, false, tasks);
    for (const MetricTolerance& one : policy.tolerances) {
      names.push_back(one.metric);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(metrics({"search"}), (Names{"hit_at_5"}));
  EXPECT_EQ(metrics({"completion", "search"}),
            (Names{"hit_at_5", "chrf", "edit_similarity"}));
  EXPECT_EQ(metrics({}), (Names{"chrf", "edit_similarity"}));
}

TEST(GateTest, LikenessBlocksWhereThereAreNoTests) {
  const GatePolicy policy = DefaultPolicy(RunMode::kOnce, ChangeKind::kOther);
  const GateDecision decision = Decide(
      policy, And(With("chrf", -20, -25, -15), "edit_similarity", 0, 0, 0));
  EXPECT_EQ(decision.verdict, Verdict::kRegressed);
  EXPECT_FALSE(decision.findings[0].alarm);
}

GroupDelta Group(std::string name, double value, double holm,
                 std::int64_t pairs = 100) {
  GroupDelta group;
  group.dimension = "class";
  group.name = std::move(name);
  group.pairs = pairs;
  group.deltas = With("chrf", value, value - 1, value + 1, pairs).deltas;
  group.deltas[0].holm_p = holm;
  group.deltas[0].bh_p = holm;
  return group;
}

TEST(GateTest, ACategoryBlocksOnlyWithALossThatIsShownAndTooLarge) {
  struct Case {
    double value, holm;
    std::int64_t pairs;
    Verdict verdict;
  };
  for (const Case& one : {Case{-8, 0.001, 100, Verdict::kRegressed},
                          Case{-4, 0.001, 100, Verdict::kPassed},
                          Case{-8, 0.2, 100, Verdict::kPassed},
                          Case{-8, 0.001, 29, Verdict::kPassed}}) {
    Comparison comparison = With("chrf", 0, -1, 1);
    comparison.groups = {Group("logic", one.value, one.holm, one.pairs)};
    GatePolicy policy = Average("chrf", 3);
    EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kPassed);
    policy.tolerances[0].category_tolerance = 5;
    const GateDecision decision = Decide(policy, comparison);
    EXPECT_EQ(decision.verdict, one.verdict) << one.value << " " << one.holm;
    if (one.verdict != Verdict::kRegressed) continue;
    EXPECT_EQ(decision.findings.back().category, "logic");
    EXPECT_EQ(FailingGroups(decision, comparison).size(), 1u);
  }
}

TEST(GateTest, ACategoryMayHaveDemandsOfItsOwn) {
  Comparison comparison = With("chrf", 0, -1, 1);
  comparison.groups = {Group("logic", -8, 0.001), Group("io", -8, 0.001)};
  comparison.groups[1].deltas[0].candidate = 40;
  GatePolicy policy = Average("chrf", 3);
  policy.tolerances[0].categories = {{"class", "logic", 10.0, std::nullopt}};
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kPassed);
  policy.tolerances[0].categories = {{"class", "io", std::nullopt, 41.0}};
  EXPECT_EQ(Decide(policy, comparison).verdict, Verdict::kRegressed);
  policy.tolerances[0].categories = {{"colour", "io", std::nullopt, 41.0}};
  EXPECT_FALSE(CheckPolicy(policy).ok());
}

TEST(GateTest, AToleranceIsAtLeastTheNoise) {
  const Comparison comparison = With("chrf", -1, -2, 0);
  EXPECT_EQ(Decide(Average("chrf", 0.5), comparison).verdict,
            Verdict::kInconclusive);
  GateEvidence evidence;
  evidence.floors = {{"chrf", 2.5, 3}};
  EXPECT_EQ(Decide(Average("chrf", 0.5), comparison, evidence).verdict,
            Verdict::kPassed);
}

TEST(GateTest, TheNoiseIsWhatRunsOfOneRevisionDifferBy) {
  const std::vector<RunMean> means = {{"a", "1", "chrf", 50},
                                      {"a", "2", "chrf", 51.5},
                                      {"a", "3", "chrf", 51},
                                      {"b", "4", "chrf", 90}};
  const auto floors = NoiseFloorsOf(means);
  ASSERT_EQ(floors.size(), 1u);
  EXPECT_DOUBLE_EQ(floors[0].floor, 1.5);
  EXPECT_EQ(floors[0].differences, 3);
}

TEST(GateTest, WhatIsInconclusiveMayBlockWarnOrSampleMore) {
  const Comparison comparison = With("chrf", -2, -4, 0);
  GatePolicy policy = Average("chrf", 3);
  EXPECT_FALSE(Decide(policy, comparison).warns);
  policy.on_inconclusive = OnInconclusive::kWarn;
  EXPECT_TRUE(Decide(policy, comparison).warns);
  policy.on_inconclusive = OnInconclusive::kSampleMore;
  EXPECT_EQ(LooksOf(policy, false), 3);
  EXPECT_TRUE(
      Decide(policy, comparison, {.look = 2, .looks = 3}).needs_samples);
  EXPECT_FALSE(
      Decide(policy, comparison, {.look = 3, .looks = 3}).needs_samples);
  // Few items stay few, however often they are asked for.
  EXPECT_FALSE(
      Decide(policy, With("chrf", -2, -4, 0, 49), {.looks = 3}).needs_samples);
  // A deterministic revision says the same again.
  EXPECT_EQ(LooksOf(policy, true), 1);
  const GateDecision same =
      Decide(policy, comparison, {.looks = 1, .deterministic = true});
  EXPECT_EQ(same.verdict, Verdict::kInconclusive);
  EXPECT_FALSE(same.needs_samples);
  EXPECT_NE(same.findings.back().detail.find("more samples prove nothing"),
            std::string::npos);
}

TEST(GateTest, LooksAndCategoriesSpendOneError) {
  GatePolicy policy = Average("chrf", 3);
  EXPECT_DOUBLE_EQ(ConfidenceOf(policy, 3), 1 - 0.05 / 3);
  for (const char* metric : {"a", "b"}) {
    policy.tolerances.push_back({.metric = metric, .average_tolerance = 1});
  }
  EXPECT_DOUBLE_EQ(ConfidenceOf(policy, 3), 1 - 2 * 0.05 / 3 / 3);
  policy.tolerances[0].category_tolerance = 5;
  EXPECT_DOUBLE_EQ(ConfidenceOf(policy, 3), 1 - 2 * 0.04 / 3 / 3);
}

// 60 items, of which the first two lost 50.
Comparison TwoRowsLost() {
  Comparison comparison = With("chrf", -2, -4, 0, 60);
  for (std::uint32_t i = 0; i < 60; ++i) {
    comparison.item_ids.push_back("item" + std::to_string(i));
    comparison.deltas[0].losses.push_back({i, i < 2 ? 50.0 : 0.0});
  }
  return comparison;
}

GatePolicy RowsDecide() {
  GatePolicy policy = Average("chrf", 1);
  policy.rows_decide = true;
  policy.tolerances[0].row_tolerance = 20;
  return policy;
}

TEST(GateTest, AFailingRowIsAskedAgainBeforeItBlocks) {
  const Comparison comparison = TwoRowsLost();
  const GateDecision first = Decide(RowsDecide(), comparison);
  EXPECT_EQ(first.verdict, Verdict::kRegressed);
  EXPECT_TRUE(first.needs_confirmation);
  ASSERT_EQ(first.failing.size(), 2u);
  GateEvidence evidence;
  evidence.asked_again = {{"item0", Confirmation::kChance},
                          {"item1", Confirmation::kChance}};
  EXPECT_EQ(Decide(RowsDecide(), comparison, evidence).verdict,
            Verdict::kPassed);
  evidence.asked_again["item1"] = Confirmation::kConfirmed;
  const GateDecision confirmed = Decide(RowsDecide(), comparison, evidence);
  EXPECT_EQ(confirmed.verdict, Verdict::kRegressed);
  EXPECT_FALSE(confirmed.needs_confirmation);
  // A revision that says the same again needs no asking.
  EXPECT_FALSE(Decide(RowsDecide(), comparison, {.deterministic = true})
                   .needs_confirmation);
}

TEST(GateTest, SmallSetsBlockOnRowsAndMeansOnlyAlarm) {
  Comparison comparison = With("chrf", -6, -8, -4, 60);
  for (std::uint32_t i = 0; i < 60; ++i) {
    comparison.item_ids.push_back("item" + std::to_string(i));
    comparison.deltas[0].losses.push_back({i, 6.0});
  }
  const GateDecision decision = Decide(RowsDecide(), comparison);
  EXPECT_EQ(decision.verdict, Verdict::kPassed);
  EXPECT_TRUE(decision.findings[0].alarm);
  GatePolicy without_rows = Average("chrf", 1);
  without_rows.rows_decide = true;
  EXPECT_FALSE(CheckPolicy(without_rows).ok());
}

TEST(GateTest, RowsAreConfirmedByMoreThanChance) {
  std::vector<Row> before, after;
  const auto add = [](std::vector<Row>& rows, const std::string& item,
                      std::uint32_t sample, double value) {
    Row row;
    row.item_id = item;
    row.sample = sample;
    row.scored = true;
    row.metrics = {{"pass_at_1", value, ""}};
    rows.push_back(row);
  };
  for (std::uint32_t i = 0; i < kConfirmSamples; ++i) {
    add(before, "broken", i, 1);
    add(after, "broken", i, 0);
    add(before, "shaky", i, i % 2);
    add(after, "shaky", i, i % 4 == 0);
  }
  GatePolicy policy = Average("pass_at_1", 0.05);
  policy.tolerances[0].row_tolerance = 0;
  const std::vector<FailingRow> failing = {{"broken", 1, {"pass_at_1"}},
                                           {"shaky", 1, {"pass_at_1"}},
                                           {"beyond", 1, {"pass_at_1"}}};
  const auto said = ConfirmRows(policy, failing, before, after);
  EXPECT_EQ(said.size(), 2u);
  EXPECT_EQ(said.at("broken"), Confirmation::kConfirmed);
  EXPECT_EQ(said.at("shaky"), Confirmation::kChance);
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
