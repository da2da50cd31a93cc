#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/domain/selection.h"
#include "evaluator/store/postgres_outcome_store.h"
#include "evaluator/testing/store_fixture.h"

namespace evalloop::evaluator {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr int kItems = 40;

class OutcomeStoreTest : public EvaluatorStoreTest {
 protected:
  // Scores all rows: the first `passed` items of the benchmark pass.
  void Finish(const std::string& run, int passed, std::int64_t cost) {
    std::vector<Row> rows;
    int place = 0;
    for (const Item& item : Items(kItems)) {
      Row row = Answer(run, item.id, 50);
      row.metrics.push_back({"pass_at_1", place++ < passed ? 1.0 : 0.0, ""});
      row.tally.reset();
      row.composite = 0.25;
      row.cost_micros = cost;
      row.attempts = 1;
      row.total_ms = 80;
      rows.push_back(std::move(row));
    }
    Record("s1", std::move(rows));
  }

  evaluator::Run Start(const std::string& id, std::uint32_t version,
                       int minutes) {
    evaluator::Run run = PlanRun(id, kItems);
    run.revision.version = version;
    run.revision.model = "model-" + std::to_string(version);
    run.start_time += absl::Minutes(minutes);
    StartRun(run);
    return run;
  }

  PostgresOutcomeStore outcomes_{pool_};
};

TEST_F(OutcomeStoreTest, FinishedRunsOfThePromptsComeNewestFirst) {
  AddBenchmark(kItems);
  Start("r1", 1, 0);
  Start("r2", 2, 2);
  Start("r3", 3, 1);
  Start("open", 4, 3);
  for (const char* id : {"r1", "r2", "r3"}) Finish(id, 1, 1);
  const auto ids = [&](std::vector<std::string> prompts, std::size_t limit) {
    std::vector<std::string> found;
    const auto runs =
        outcomes_.FinishedRuns("gate", 1, Subset::kFull, prompts, limit);
    EXPECT_THAT(runs, IsOk());
    for (const FinishedRun& run : *runs) found.push_back(run.id);
    return found;
  };
  EXPECT_THAT(ids({}, 9), ElementsAre("r2", "r3", "r1"));
  EXPECT_THAT(ids({"other", "p"}, 2), ElementsAre("r2", "r3"));
  EXPECT_THAT(ids({"other"}, 9), ElementsAre());
  const auto runs = outcomes_.FinishedRuns("gate", 1, Subset::kFull, {}, 1);
  EXPECT_EQ((*runs)[0].Revision(), "p@2");
  EXPECT_EQ((*runs)[0].model, "model-2");
  EXPECT_EQ((*runs)[0].scorer_digest, "s1");
  EXPECT_EQ((*runs)[0].index_commit, "c0");
  EXPECT_EQ((*runs)[0].mode, RunMode::kOnce);
}

TEST_F(OutcomeStoreTest, RowsComePageByPageWithOneMetric) {
  AddBenchmark(kItems);
  Start("r1", 1, 0);
  Finish("r1", 1, 7);
  const auto first =
      outcomes_.RowsWith("r1", "pass_at_1", {.size = 2, .after = ""});
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->size(), 2u);
  const Row& row = (*first)[0];
  EXPECT_EQ(row.item_id, "item-100");
  EXPECT_EQ(row.commit, "commit-0");
  EXPECT_TRUE(row.scored);
  ASSERT_EQ(row.metrics.size(), 1u);
  EXPECT_EQ(row.metrics[0].value, 1);
  EXPECT_EQ(row.cost_micros, 7);
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.raw_text, "");
  const auto second = outcomes_.RowsWith(
      "r1", "composite", {.size = 2, .after = (*first)[1].item_id + " 0"});
  ASSERT_EQ(second->size(), 2u);
  EXPECT_GT((*second)[0].item_id, (*first)[1].item_id);
  EXPECT_EQ((*second)[0].metrics[0].value, 0.25);
  const auto none = outcomes_.RowsWith("r1", "gone", {.size = 1, .after = ""});
  EXPECT_EQ((*none)[0].metrics[0].value, std::nullopt);
}

TEST_F(OutcomeStoreTest, WhatARowTookBeforeItWasAskedAgainIsSpentToo) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  Row failed = Answer("r1", "item-100", 0);
  failed.infrastructure_error = "the provider went away while typing";
  failed.cost_micros = 30;
  failed.prompt_tokens = 5;
  failed.completion_tokens = 2;
  failed.attempts = 3;
  Record("s1", {failed});
  ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
    return runs_.Reopen(work, "r1").status();
  }),
              IsOk());
  Row answered = Answer("r1", "item-100", 50);
  answered.cost_micros = 12;
  answered.prompt_tokens = 4;
  answered.completion_tokens = 1;
  answered.attempts = 1;
  Record("s1", {answered, answered});  // The second is a redelivery.
  const auto rows =
      runs_.RowsAt("r1", std::vector<RunStore::RowKey>{{"item-100", 0}});
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].cost_micros, 42);
  EXPECT_EQ((*rows)[0].prompt_tokens, 9);
  EXPECT_EQ((*rows)[0].completion_tokens, 3);
  EXPECT_EQ((*rows)[0].attempts, 4);
}

TEST_F(OutcomeStoreTest, SelectionWeighsStoredRuns) {
  AddBenchmark(kItems);
  Start("small", 1, 0);
  Start("middle", 2, 1);
  Start("wasteful", 3, 2);
  Start("big", 4, 3);
  Finish("small", 20, 100);
  Finish("middle", 36, 200);
  Finish("wasteful", 30, 300);
  Finish("big", 40, 1'000);
  const auto report = Select(
      benchmarks_, runs_, outcomes_,
      {.benchmark = "gate", .metric = "pass_at_1", .correction_micros = 5'000});
  ASSERT_THAT(report, IsOk());
  ASSERT_EQ(report->points.size(), 4u);
  const FrontierPoint& middle = report->points[1];
  EXPECT_EQ(middle.run.id, "middle");
  EXPECT_TRUE(middle.knee);
  EXPECT_DOUBLE_EQ(middle.quality.value, 0.9);
  // 40 answers for 200, and 4 corrections for 5000, by 36 tasks.
  EXPECT_DOUBLE_EQ(*middle.cost_per_completed_task, 28'000 / 36.0);
  EXPECT_EQ(middle.p50_ms, 80);
  EXPECT_TRUE(report->points[2].dominated);
  EXPECT_EQ(report->points[2].dominated_by, "p@2");
  EXPECT_EQ(report->steps.size(), 2u);
  EXPECT_EQ(report->recommendations.at(0).recommended, "p@4");
  EXPECT_THAT(report->recommendations.at(0).reason,
              HasSubstr("nothing cheaper comes within 3 %"));
}

}  // namespace
}  // namespace evalloop::evaluator
