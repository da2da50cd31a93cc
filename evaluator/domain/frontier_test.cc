#include "evaluator/domain/frontier.h"

#include <gtest/gtest.h>

#include "evaluator/domain/selection.h"
#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr int kItems = 100;

// A revision that completes the first `completed` of 100 items, each answer for
// `cost` micros.
PricedRun Revision(std::uint32_t version, int completed, std::int64_t cost) {
  evaluator::Run run;
  run.id = "run-" + std::to_string(version);
  run.revision = {.prompt = "p", .version = version, .model = "m"};
  PricedRun priced(run, ScaleOf("exact_match", std::nullopt));
  for (int i = 0; i < kItems; ++i) {
    priced.Add({.item_id = "item" + std::to_string(100 + i),
                .commit = "commit" + std::to_string(i / 2),
                .value = i < completed ? 1.0 : 0.0,
                .scored = true,
                .cost_micros = cost,
                .total_ms = 10.0 + i});
  }
  return priced;
}

const FrontierPoint& Of(const Frontier& frontier, const std::string& name) {
  for (const FrontierPoint& point : frontier.points) {
    if (point.name == name) return point;
  }
  ADD_FAILURE() << "no " << name;
  return frontier.points.front();
}

TEST(FrontierTest, WhatCostsMoreAndIsNoBetterIsDominatedAndByWhomIsSaid) {
  const std::vector<PricedRun> runs = {
      Revision(1, 50, 100), Revision(2, 80, 200), Revision(3, 70, 300)};
  const Frontier frontier = FindFrontier(runs, {}, {});
  EXPECT_FALSE(Of(frontier, "p@1").dominated);
  EXPECT_FALSE(Of(frontier, "p@2").dominated);
  EXPECT_TRUE(Of(frontier, "p@3").dominated);
  EXPECT_EQ(Of(frontier, "p@3").dominated_by, "p@2");
  ASSERT_EQ(frontier.steps.size(), 1u);
  EXPECT_EQ(frontier.steps[0].to, "p@2");
  // 100 micros a task more for 30 points.
  EXPECT_NEAR(frontier.steps[0].cost_per_point, 100.0 / 30, 1e-9);
}

TEST(FrontierTest, ACompletedTaskPaysForThoseThatWereNot) {
  const std::vector<PricedRun> runs = {Revision(1, 80, 200)};
  // 100 tasks of 200 and 20 corrections of 1,000, by 80: 500.
  const Frontier frontier =
      FindFrontier(runs, {}, {.correction_micros = 1'000});
  EXPECT_NEAR(*frontier.points[0].cost_per_completed_task, 500, 1e-9);
  EXPECT_NEAR(*frontier.points[0].cost_per_task, 200, 1e-9);
  EXPECT_NEAR(frontier.points[0].completed.value, 0.8, 1e-12);
  ASSERT_TRUE(frontier.points[0].completed.lower.has_value());
  EXPECT_LT(*frontier.points[0].completed.lower, 0.8);
  // 0.8 for a thousand tasks of 200 micros, 0.2 of a unit.
  EXPECT_NEAR(*frontier.points[0].quality_per_unit, 4, 1e-9);
}

TEST(FrontierTest, FailedAttemptsAreCountedAndPaid) {
  PricedRun run = Revision(1, 50, 100);
  run.Add({.item_id = "item100",
           .commit = "commit0",
           .scored = false,
           .cost_micros = 1'000,
           .attempts = 3});
  const Frontier frontier = FindFrontier(std::vector{run}, {}, {});
  EXPECT_EQ(frontier.points[0].tasks, kItems);
  EXPECT_NEAR(frontier.points[0].attempts_per_task, 1.03, 1e-12);
  EXPECT_NEAR(*frontier.points[0].cost_per_task, 110, 1e-9);
}

TEST(FrontierTest, NoPriceIsNoCostAndSaidSo) {
  const std::vector<PricedRun> runs = {Revision(1, 50, 0),
                                       Revision(2, 40, 100)};
  const Frontier frontier = FindFrontier(runs, {}, {});
  const FrontierPoint& unpriced = Of(frontier, "p@1");
  EXPECT_FALSE(unpriced.cost_per_task.has_value());
  EXPECT_FALSE(unpriced.cost_per_completed_task.has_value());
  EXPECT_FALSE(unpriced.dominated);
  EXPECT_FALSE(Of(frontier, "p@2").dominated);
  EXPECT_EQ(frontier.points.back().name, "p@1");
  ASSERT_EQ(frontier.notes.size(), 1u);
  EXPECT_NE(frontier.notes[0].find("p@1: no price"), std::string::npos);
}

TEST(FrontierTest, TheKneeIsWhereMoreCostBuysTheLeast) {
  const std::vector<PricedRun> runs = {
      Revision(1, 20, 100), Revision(2, 80, 200), Revision(3, 90, 1'000)};
  const Frontier frontier = FindFrontier(runs, {}, {});
  EXPECT_TRUE(Of(frontier, "p@2").knee);
  EXPECT_FALSE(Of(frontier, "p@1").knee);
  EXPECT_FALSE(Of(frontier, "p@3").knee);
}

TEST(FrontierTest, TheCheapestThatIsNearTheBestIsRecommended) {
  const std::vector<PricedRun> runs = {
      Revision(1, 50, 100), Revision(2, 88, 250), Revision(3, 90, 1'000)};
  const Frontier frontier = FindFrontier(runs, {}, {.near_share = 0.03});
  ASSERT_EQ(frontier.recommendations.size(), 1u);
  const Recommendation& overall = frontier.recommendations[0];
  EXPECT_EQ(overall.dimension, "overall");
  EXPECT_EQ(overall.best, "p@3");
  EXPECT_EQ(overall.recommended, "p@2");
  EXPECT_NEAR(*overall.saves_share, 0.75, 1e-12);
  EXPECT_EQ(overall.items, kItems);
}

TEST(FrontierTest, EachKindOfItemHasItsOwnRecommendation) {
  FactsById facts;
  for (int i = 0; i < kItems; ++i) {
    facts["item" + std::to_string(100 + i)] = {
        .language = i < 50 ? "go" : "python",
        .tags = i < 5 ? std::vector<std::string>{"rare"}
                      : std::vector<std::string>{}};
  }
  // On the first half, go, both do all; on the second only the dear one.
  const std::vector<PricedRun> runs = {Revision(1, 50, 100),
                                       Revision(2, 100, 900)};
  const Frontier frontier = FindFrontier(runs, facts, {});
  std::map<std::string, std::string> by_name;
  for (const Recommendation& one : frontier.recommendations) {
    by_name[one.dimension + " " + one.name] = one.recommended;
  }
  EXPECT_EQ(by_name.at("language go"), "p@1");
  EXPECT_EQ(by_name.at("language python"), "p@2");
  EXPECT_EQ(by_name.count("tag rare"), 0u);  // Under 30 items.
}

TEST(FrontierTest, WhereLessIsBetterNoneIsTheBest) {
  const FrontierScale scale = ScaleOf("invented_symbols", std::nullopt);
  EXPECT_FALSE(scale.higher_is_better);
  EXPECT_TRUE(scale.Completes(0));
  EXPECT_FALSE(scale.Completes(1));
  EXPECT_EQ(ScaleOf("chrf", std::nullopt).completed_at, 100);
  EXPECT_EQ(ScaleOf("chrf", 60).completed_at, 60);
}

class SelectionTest : public ::testing::Test {
 protected:
  SelectionTest() {
    std::vector<Item> items(3);
    for (std::size_t i = 0; i < items.size(); ++i) {
      items[i].id = "item" + std::to_string(i);
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items), items).ok());
  }

  void Finish(std::uint32_t version, const std::string& digest) {
    evaluator::Run run;
    run.id = "run-" + std::to_string(store_.runs.size());
    run.revision = {.prompt = "p", .version = version, .model = "m"};
    run.scorer_digest = digest;
    run.state = RunState::kFinished;
    store_.runs.push_back(run);
    Row row;
    row.item_id = "item0";
    row.scored = true;
    row.cost_micros = 5;
    row.metrics = {{"exact_match", 1, ""}};
    store_.rows[run.id].push_back(row);
  }

  FakeBenchmarkStore benchmarks_;
  FakeRunStore store_;
};

TEST_F(SelectionTest, ScoresOfTwoDigestsAreNotCompared) {
  Finish(1, "old");
  Finish(2, "new");
  const auto frontier = SelectRuns(benchmarks_, store_, {.benchmark = "gate"});
  ASSERT_TRUE(frontier.ok()) << frontier.status();
  ASSERT_EQ(frontier->points.size(), 1u);
  EXPECT_EQ(frontier->points[0].name, "p@2");
  ASSERT_EQ(frontier->notes.size(), 1u);
  EXPECT_NE(frontier->notes[0].find("rescore run-0"), std::string::npos);
}

TEST_F(SelectionTest, OfARevisionTheNewestRunCounts) {
  Finish(1, "d");
  Finish(1, "d");
  const auto frontier = SelectRuns(benchmarks_, store_, {.benchmark = "gate"});
  ASSERT_TRUE(frontier.ok());
  ASSERT_EQ(frontier->points.size(), 1u);
  EXPECT_EQ(frontier->points[0].run.id, "run-1");
}

TEST_F(SelectionTest, WithoutARunItSaysHowToMakeOne) {
  const auto none = SelectRuns(benchmarks_, store_, {.benchmark = "gate"});
  EXPECT_EQ(base::ReasonOf(none.status()), "NO_RUNS");
  Finish(1, "d");
  const auto other =
      SelectRuns(benchmarks_, store_, {.benchmark = "gate", .prompts = {"q"}});
  EXPECT_EQ(base::ReasonOf(other.status()), "NO_RUNS");
}

TEST_F(SelectionTest, ANearShareOfOneIsRefused) {
  Finish(1, "d");
  FrontierRequest request{.benchmark = "gate"};
  request.options.near_share = 1;
  EXPECT_EQ(base::FieldOf(SelectRuns(benchmarks_, store_, request).status()),
            "near_share");
}

}  // namespace
}  // namespace evalloop::evaluator
