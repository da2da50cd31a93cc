#include "evaluator/domain/run_outcomes.h"

#include <gtest/gtest.h>

#include "evaluator/testing/outcome_rows.h"

namespace evalloop::evaluator {
namespace {

TEST(RunOutcomesTest, AFewPassesAreNoProofOfPassing) {
  ItemIndex index;
  const RunOutcomes run = OutcomesOf("p", {1, 1, 0, 1}, 10, index);
  // With one pass and one failure that nobody saw: 6 rows, mean 2/3, squared
  // residuals (4/9 + 8/9) / 36, times 6/5, so an error of 0.21082; t(5) is
  // 2.57058.
  const Estimate quality = QualityOf(run, index, AllItems(index), 1);
  EXPECT_DOUBLE_EQ(quality.value, 0.75);
  EXPECT_NEAR(*quality.lower, 0.75 - 0.541928, 1e-5);
  EXPECT_DOUBLE_EQ(*quality.upper, 1);
  const RunOutcomes all = OutcomesOf("q", {1, 1, 1, 1}, 10, index);
  EXPECT_LT(*QualityOf(all, index, AllItems(index), 1).lower, 0.9);
}

TEST(RunOutcomesTest, RowsOfACommitCountTogetherInTheInterval) {
  ItemIndex index;
  RunOutcomes run;
  const MetricTerms terms{.metric = "codebleu", .range = 1, .completed_at = 1};
  const std::pair<const char*, double> values[] = {
      {"a", 0.3}, {"a", 0.5}, {"b", 0.7}, {"c", 0.4}, {"c", 0.5}, {"c", 0.6}};
  int item = 0;
  for (const auto& [commit, value] : values) {
    AddRow(Outcome(item++, commit, value, 1, "codebleu"), terms, index, run);
  }
  // Sums 0.8 of 2, 0.7 of 1, 1.5 of 3; residuals -0.2, 0.2 and 0 over 6 rows;
  // error sqrt(2 * (0.2 / 6)^2 * 3 / 2) = 0.057735; t(2) is 4.302653.
  const Estimate quality = QualityOf(run, index, AllItems(index), 1);
  EXPECT_DOUBLE_EQ(quality.value, 0.5);
  EXPECT_NEAR(*quality.lower, 0.251586, 1e-5);
  EXPECT_NEAR(*quality.upper, 0.748414, 1e-5);
}

TEST(RunOutcomesTest, OneCommitHasNoInterval) {
  ItemIndex index;
  RunOutcomes run;
  AddRow(Outcome(0, "a", 1, 1), kPassTerms, index, run);
  AddRow(Outcome(1, "a", 0, 1), kPassTerms, index, run);
  const Estimate quality = QualityOf(run, index, AllItems(index), 1);
  EXPECT_DOUBLE_EQ(quality.value, 0.5);
  EXPECT_FALSE(quality.lower.has_value());
}

TEST(RunOutcomesTest, AttemptsAreCountedAgainstTheCallsThatWereNeeded) {
  ItemIndex index;
  RunOutcomes run;
  Row again = Outcome(0, "a", 1, 30);
  again.attempts = 3;
  Row typed = Outcome(1, "b", 1, 40);
  typed.tally = TypedTally{.lines = 1, .requests = 4};
  typed.attempts = 5;
  Row untold = Outcome(2, "c", 1, 10);
  untold.attempts = 0;
  for (const Row& row : {again, typed, untold}) {
    AddRow(row, kPassTerms, index, run);
  }
  EXPECT_EQ(run.calls, 1 + 4 + 1);
  EXPECT_EQ(run.attempts, 3 + 5 + 1);
  EXPECT_EQ(run.untold, 1);
}

TEST(RunOutcomesTest, ATaskIsCompletedWhereTheMetricReachesTheMark) {
  ItemIndex index;
  RunOutcomes run;
  const MetricTerms terms{
      .metric = "chrf", .range = RangeOf("chrf"), .completed_at = 80};
  AddRow(Outcome(0, "a", 79.9, 0, "chrf"), terms, index, run);
  AddRow(Outcome(1, "b", 80, 0, "chrf"), terms, index, run);
  AddRow(Outcome(2, "c", 0, 0, "bleu"), terms, index, run);
  EXPECT_EQ(run.valueless, 1);
  const OutcomeSum sum = SumOf(run, AllItems(index));
  EXPECT_EQ(sum.tasks, 2);
  EXPECT_EQ(sum.completed, 1);
  EXPECT_FALSE(sum.CostPerTask().has_value()) << "no price is no cost of 0";
}

TEST(RunOutcomesTest, AFigureOfTypingIsARatioOfSums) {
  ItemIndex index;
  RunOutcomes run;
  const MetricTerms terms{.metric = "completed_chars", .range = 1};
  for (const auto& [item, typed, accepted] :
       {std::tuple(0, 0, 10), std::tuple(1, 30, 0)}) {
    Row row = Outcome(item, "c" + std::to_string(item), 0, 1);
    row.tally = TypedTally{.lines = 1,
                           .requests = 1,
                           .typed_chars = typed,
                           .accepted_chars = accepted};
    AddRow(row, terms, index, run);
  }
  EXPECT_DOUBLE_EQ(SumOf(run, AllItems(index)).Quality(), 0.25);
  EXPECT_EQ(SumOf(run, AllItems(index)).completed, 1);
}

TEST(RunOutcomesTest, TwoRunsAreComparedOnTheItemsThatBothHave) {
  ItemIndex index;
  const RunOutcomes from = OutcomesOf("a", {1, 1, 0, 1}, 10, index);
  const RunOutcomes to = OutcomesOf("b", {1, 0, 0}, 10, index);
  const auto paired = GainOf(from, to, index, AllItems(index));
  ASSERT_TRUE(paired.has_value());
  EXPECT_EQ(paired->items, 3u);
  // Differences 0, -1, 0, and -1, +1 that nobody saw: mean -0.2, error
  // sqrt(2.8 / 25 * 5 / 4) = 0.374166; t(4) is 2.776445.
  EXPECT_NEAR(paired->gain.value, -1.0 / 3, 1e-12);
  EXPECT_NEAR(*paired->gain.lower, -1.0 / 3 - 1.038851, 1e-5);
  EXPECT_NEAR(*paired->gain.upper, -1.0 / 3 + 1.038851, 1e-5);
  EXPECT_FALSE(paired->ToldApart());
  EXPECT_FALSE(GainOf(from, to, index, std::vector{3u}).has_value());
}

}  // namespace
}  // namespace evalloop::evaluator
