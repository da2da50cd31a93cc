#include "evaluator/domain/frontier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/outcome_rows.h"

namespace evalloop::evaluator {
namespace {

using ::testing::ElementsAre;

FrontierPoint Point(const std::string& prompt, std::optional<double> cost,
                    double quality) {
  FrontierPoint point;
  point.run.prompt = prompt;
  point.run.version = 1;
  point.cost_per_task = cost;
  point.quality.value = quality;
  return point;
}

std::vector<std::string> Names(std::span<const FrontierPoint> points) {
  std::vector<std::string> names;
  for (const FrontierPoint& point : points) names.push_back(point.run.prompt);
  return names;
}

TEST(FrontierTest, ACompletedTaskPaysForWhatWasAskedAgainAndForCorrections) {
  ItemIndex index;
  RunOutcomes run = OutcomesOf("p", {1, 1, 0}, 100, index);
  Row again = Outcome(3, "commit3", 1, 300);
  again.attempts = 3;
  AddRow(again, kPassTerms, index, run);
  const FrontierPoint point = PointOf(run, index, kPassTerms, 1'000);
  EXPECT_EQ(point.tasks, 4);
  EXPECT_DOUBLE_EQ(*point.cost_per_task, 150);  // 600 / 4
  // 600, and a correction of the task that failed, by 3 that did not.
  EXPECT_DOUBLE_EQ(*point.cost_per_completed_task, 1'600 / 3.0);
  EXPECT_DOUBLE_EQ(point.attempts_per_call, 1.5);
  EXPECT_DOUBLE_EQ(point.completed.value, 0.75);
  // 0.75 by 0.15 units for a thousand tasks.
  EXPECT_DOUBLE_EQ(*point.quality_per_unit, 5);
}

TEST(FrontierTest, WithoutAPriceOrACompletedTaskThereIsNoSuchCost) {
  ItemIndex index;
  const FrontierPoint free =
      PointOf(OutcomesOf("p", {1, 0}, 0, index), index, kPassTerms, 0);
  EXPECT_FALSE(free.cost_per_task.has_value());
  EXPECT_FALSE(free.cost_per_completed_task.has_value());
  EXPECT_FALSE(free.quality_per_unit.has_value());
  const FrontierPoint useless =
      PointOf(OutcomesOf("q", {0, 0}, 5, index), index, kPassTerms, 0);
  EXPECT_DOUBLE_EQ(*useless.cost_per_task, 5);
  EXPECT_FALSE(useless.cost_per_completed_task.has_value());
}

TEST(FrontierTest, NamesWhoDominatesWhom) {
  std::vector<FrontierPoint> points = {Point("unpriced", std::nullopt, 0.9),
                                       Point("dear", 400, 0.85),
                                       Point("worse", 250, 0.7),
                                       Point("small", 100, 0.6),
                                       Point("middle", 200, 0.8),
                                       Point("twin", 200, 0.8),
                                       Point("dearer", 300, 0.8)};
  Rank(points);
  EXPECT_THAT(Names(points), ElementsAre("small", "middle", "twin", "worse",
                                         "dearer", "dear", "unpriced"));
  std::vector<std::string> by;
  for (const FrontierPoint& point : points) by.push_back(point.dominated_by);
  EXPECT_THAT(by, ElementsAre("", "", "", "middle@1", "middle@1", "", ""));
  EXPECT_THAT(Frontier(points), ElementsAre(0u, 1u, 5u));
}

TEST(FrontierTest, AStepTellsWhatAPointOfQualityCosts) {
  std::vector<FrontierPoint> points = {Point("small", 100, 0.6),
                                       Point("middle", 200, 0.8),
                                       Point("dear", 400, 0.85)};
  Rank(points);
  const auto steps = StepsOf(points, Frontier(points), 1);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].from, "small@1");
  EXPECT_EQ(steps[0].to, "middle@1");
  EXPECT_NEAR(steps[0].quality_gain, 0.2, 1e-12);
  EXPECT_DOUBLE_EQ(steps[0].cost_more, 100);
  EXPECT_NEAR(steps[0].cost_per_point, 5, 1e-9);   // 100 by 20 points.
  EXPECT_NEAR(steps[1].cost_per_point, 40, 1e-9);  // 200 by 5.
  EXPECT_NEAR(StepsOf(points, Frontier(points), 100)[0].cost_per_point, 500,
              1e-9);
}

TEST(FrontierTest, TheCurveFlattensWhereItLiesHighestAboveItsChord) {
  std::vector<FrontierPoint> points = {
      Point("small", 100, 0.6), Point("early", 150, 0.68),
      Point("middle", 200, 0.8), Point("dear", 400, 0.85)};
  Rank(points);
  // Of cost and quality from 0 to 1: early 0.32 - 0.17, middle 0.8 - 0.33.
  EXPECT_EQ(KneeOf(points, Frontier(points)), 2u);
}

TEST(FrontierTest, AStraightOrHollowCurveHasNoKnee) {
  std::vector<FrontierPoint> straight = {
      Point("a", 100, 0.5), Point("b", 200, 0.6), Point("c", 300, 0.7)};
  EXPECT_EQ(KneeOf(straight, Frontier(straight)), std::nullopt);
  straight[1].quality.value = 0.55;
  EXPECT_EQ(KneeOf(straight, Frontier(straight)), std::nullopt);
  straight.pop_back();
  EXPECT_EQ(KneeOf(straight, Frontier(straight)), std::nullopt);
}

}  // namespace
}  // namespace evalloop::evaluator
