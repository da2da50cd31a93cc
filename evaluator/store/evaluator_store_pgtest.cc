#include <gtest/gtest.h>

#include "evaluator/domain/row_values.h"
#include "evaluator/testing/store_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorStoreTest, TheSameItemsAreTheSameBenchmarkVersion) {
  EXPECT_EQ(AddBenchmark(3).version, 1u);
  EXPECT_EQ(AddBenchmark(3).version, 1u);
  EXPECT_EQ(AddBenchmark(4).version, 2u);
  EXPECT_EQ(benchmarks_.Get("gate", 0)->version, 2u);
  EXPECT_THAT(benchmarks_.Get("gate", 9),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(EvaluatorStoreTest, ItemsComeBackWholeInTheirOrderPageByPage) {
  AddBenchmark(3);
  const auto first = benchmarks_.ListItems("gate", 1, {.size = 2, .after = ""});
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->size(), 2u);
  EXPECT_EQ((*first)[0].id, "item-100");
  EXPECT_EQ((*first)[0].prefix, kHardText);
  EXPECT_EQ((*first)[0].variants[1].text, kHardText);
  EXPECT_EQ((*first)[0].tags[1], kHardText);
  EXPECT_EQ(*(*first)[0].agreement, 0.75);
  const auto second =
      benchmarks_.ListItems("gate", 1, {.size = 2, .after = "item-99"});
  ASSERT_EQ(second->size(), 1u);
  EXPECT_EQ((*second)[0].id, "item-98");
}

TEST_F(EvaluatorStoreTest, TestsAndTheirStrengthStandWithTheItem) {
  std::vector<Item> list = Items(3);
  list[0].tests = {kHardText, "f"};
  list[1].tests = {"check", "g"};
  ASSERT_THAT(benchmarks_.Add(Describe("gate", list), list, {}), IsOk());
  EXPECT_EQ(benchmarks_.Get("gate", 1)->tested, 2u);
  Oracle good;
  good.mutation_score = 0.75;
  good.killed = 3;
  good.survived = 1;
  good.survivors = {{2, kHardText}};
  Oracle bad;
  bad.reason = "flaky";
  const auto record = [&](const std::string& item, const Oracle& oracle) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return benchmarks_.RecordOracle(work, "gate", 1, item, oracle);
    }),
                IsOk());
  };
  record(list[0].id, bad);
  record(list[0].id, good);  // What was found last stands.
  record(list[1].id, bad);
  record("gone", bad);
  const auto item = benchmarks_.GetItem(list[0].id);
  ASSERT_THAT(item, IsOk());
  EXPECT_EQ(item->tests.program, kHardText);
  EXPECT_EQ(item->tests.entry_point, "f");
  ASSERT_TRUE(item->oracle.has_value());
  EXPECT_EQ(item->oracle->mutation_score, 0.75);
  EXPECT_EQ(item->oracle->survivors.at(0).change, kHardText);
  EXPECT_FALSE(benchmarks_.GetItem(list[2].id)->oracle.has_value());
  EXPECT_EQ(*benchmarks_.Quarantined("gate", 1),
            (std::set<std::string>{list[1].id}));
  const auto benchmark = benchmarks_.Get("gate", 0);
  EXPECT_EQ(benchmark->checked, 2u);
  EXPECT_EQ(benchmark->quarantined, 1u);
  EXPECT_EQ(benchmark->mutation_score, 0.75);
}

TEST_F(EvaluatorStoreTest, ItemsWhoseTestsWereFoundAreInNoQuarantine) {
  std::vector<Item> list = Items(2);
  for (Item& item : list) item.tests = {"check", "f"};
  list[0].tags.emplace_back(kExecutableTag);
  ASSERT_THAT(benchmarks_.Add(Describe("gate", list), list, {}), IsOk());
  Oracle bad;
  bad.reason = "solution_fails";
  for (const Item& item : list) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return benchmarks_.RecordOracle(work, "gate", 1, item.id, bad);
    }),
                IsOk());
  }
  EXPECT_EQ(*benchmarks_.Quarantined("gate", 1),
            (std::set<std::string>{list[1].id}));
  EXPECT_EQ(benchmarks_.Get("gate", 1)->checked, 2u);
  EXPECT_EQ(benchmarks_.Get("gate", 1)->quarantined, 1u);
}

TEST_F(EvaluatorStoreTest, ARequestStartsOneRun) {
  AddBenchmark(2);
  EXPECT_TRUE(StartRun(PlanRun("r1", 2)).created);
  evaluator::Run again = PlanRun("r2", 2);
  again.request_id = "request r1";
  const auto started = StartRun(again);
  EXPECT_FALSE(started.created);
  EXPECT_EQ(started.run.id, "r1");
  EXPECT_EQ(started.run.revision.content, std::string("\0\xff bytes", 8));
  EXPECT_EQ(runs_.AllRows("r1")->size(), 2u);
}

TEST_F(EvaluatorStoreTest, EachRowIsScoredOnceAndTheRunEnds) {
  AddBenchmark(2);
  StartRun(PlanRun("r1", 2));
  Record("s1", {Answer("r1", "item-100", 50)});
  Record("s1", {Answer("r1", "item-100", 99)});  // Delivered again.
  EXPECT_EQ(runs_.Get("r1")->scored, 1);
  EXPECT_EQ(runs_.Get("r1")->state, RunState::kRunning);
  Record("s1", {Answer("r1", "item-99", 60)});
  const auto run = runs_.Get("r1");
  EXPECT_EQ(run->state, RunState::kFinished);
  EXPECT_EQ(run->scorer_digest, "s1");
  const auto rows = runs_.RowsAt(
      "r1", std::vector<RunStore::RowKey>{{"item-100", 0}, {"item-100", 1}});
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ((*rows)[0].item_id, "item-100");
  EXPECT_EQ(*(*rows)[0].metrics[0].value, 50);
  EXPECT_FALSE((*rows)[0].metrics[1].value.has_value());
  EXPECT_EQ((*rows)[0].metrics[1].reason, "no_grammar");
  EXPECT_EQ((*rows)[0].tally->rejected_chars, 7);
  ASSERT_EQ((*rows)[0].findings.size(), 2u);
  EXPECT_EQ((*rows)[0].findings[0].line, 3u);
  EXPECT_EQ((*rows)[0].findings[1].rule, kHardText);
  EXPECT_EQ((*rows)[0].raw_text, kHardText);
}

TEST_F(EvaluatorStoreTest, ABatchStoresRowsOfSeveralRunsEachOnce) {
  AddBenchmark(3);
  StartRun(PlanRun("r1", 3));
  StartRun(PlanRun("r2", 3));
  Row failed = Answer("r1", "item-98", 0);
  failed.infrastructure_error = "the provider is away";
  Row plain = Answer("r2", "item-100", 3);
  plain.tally.reset();
  plain.findings.clear();
  plain.metrics.clear();
  plain.composite = 0.25;
  plain.first_token_ms = 1.5;
  Record("s1", {Answer("r1", "item-100", 1), plain, Answer("r1", "item-99", 2),
                failed, Answer("r1", "item-100", 99),
                Answer("gone", "item-100", 7), Answer("r1", "gone", 7)});
  const auto first = runs_.AllRows("r1");
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->size(), 3u);
  EXPECT_EQ(ValueOf((*first)[0], "chrf"), 1);  // item-100: the first.
  EXPECT_FALSE((*first)[1].scored);            // item-98
  EXPECT_EQ(ValueOf((*first)[2], "chrf"), 2);
  EXPECT_EQ(runs_.Get("r1")->state, RunState::kFinished);
  const auto second = runs_.AllRows("r2");
  EXPECT_EQ((*second)[0].composite, 0.25);
  EXPECT_EQ((*second)[0].first_token_ms, 1.5);
  EXPECT_FALSE((*second)[0].tally.has_value());
  EXPECT_TRUE((*second)[0].values.empty());
  EXPECT_FALSE((*second)[1].scored);
  EXPECT_EQ(runs_.Get("r2")->state, RunState::kRunning);
}

TEST_F(EvaluatorStoreTest, AllRowsOfALargeRunComeInOrderAndWithoutTexts) {
  AddBenchmark(60);
  evaluator::Run run = PlanRun("r1", 6'000);
  run.samples = 100;
  StartRun(run);
  Record("s1", {Answer("r1", "item-77", 50)});
  const auto rows = runs_.AllRows("r1");
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 6'000u);
  std::size_t scored = 0;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const Row& row = (*rows)[i];
    EXPECT_EQ(row.sample, i % 100);
    EXPECT_EQ(row.raw_text + row.shown_text + row.run_id, "");
    EXPECT_TRUE(row.findings.empty());
    scored += row.scored;
    if (row.scored) {
      EXPECT_EQ(ValueOf(row, "chrf"), 50);
      EXPECT_EQ(ValueOf(row, "parses"), std::nullopt);
      EXPECT_EQ(
          MetricsOf({&row, 1}),
          (std::vector<std::string>{"acceptance", "chrf", "completed_chars",
                                    "parses", "rejected_chars"}));
      EXPECT_EQ(row.tally->rejected_chars, 7);
    }
  }
  EXPECT_EQ(scored, 1u);
}

TEST_F(EvaluatorStoreTest, AnotherScorerDigestStaysOutOfARun) {
  AddBenchmark(2);
  StartRun(PlanRun("r1", 2));
  Record("s1", {Answer("r1", "item-100", 50)});
  Record("s2", {Answer("r1", "item-99", 60)});
  EXPECT_EQ(runs_.Get("r1")->scored, 1);
}

TEST_F(EvaluatorStoreTest, RowsThatInfrastructureFailedCanBeAskedAgain) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  Row failed = Answer("r1", "item-100", 0);
  failed.infrastructure_error = "the provider is away";
  Record("s1", {failed});
  EXPECT_EQ(runs_.Get("r1")->failed, 1);
  EXPECT_EQ(runs_.Get("r1")->state, RunState::kFinished);
  EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
    const auto keys = runs_.Reopen(work, "r1");
    EXPECT_EQ(keys->size(), 1u);
    return keys.status();
  }),
              IsOk());
  EXPECT_EQ(runs_.Get("r1")->state, RunState::kRunning);
  Record("s1", {Answer("r1", "item-100", 70)});
  EXPECT_EQ(runs_.Get("r1")->scored, 1);
}

TEST_F(EvaluatorStoreTest, ARunAlikeIsFoundWhileItIsUnderWay) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  EXPECT_EQ((*runs_.FindAlike(PlanRun("r9", 1)))->id, "r1");
  evaluator::Run other = PlanRun("r9", 1);
  other.index_commit = "c1";
  EXPECT_FALSE(runs_.FindAlike(other)->has_value());
}

TEST_F(EvaluatorStoreTest, ARunByAnotherScorerIsNotAlike) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  evaluator::Run wanted = PlanRun("r9", 1);
  wanted.scorer_digest = "s2";
  EXPECT_TRUE(runs_.FindAlike(wanted)->has_value());  // Not scored yet.
  Record("s1", {Answer("r1", "item-100", 50)});
  EXPECT_FALSE(runs_.FindAlike(wanted)->has_value());
  wanted.scorer_digest = "s1";
  EXPECT_EQ((*runs_.FindAlike(wanted))->id, "r1");
}

TEST_F(EvaluatorStoreTest, RowsPageByItemAndSample) {
  AddBenchmark(2);
  evaluator::Run run = PlanRun("r1", 4);
  run.samples = 2;
  StartRun(run);
  const auto first = runs_.ListRows("r1", {.page_size = 3});
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->items.size(), 3u);
  EXPECT_EQ(first->items[2].item_id, "item-99");
  EXPECT_EQ(first->items[2].sample, 0u);
  const auto rest = runs_.ListRows(
      "r1", {.page_size = 3, .page_token = first->next_page_token});
  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->items.size(), 1u);
  EXPECT_EQ(rest->items[0].sample, 1u);
  EXPECT_EQ(rest->next_page_token, "");
}

TEST_F(EvaluatorStoreTest, ASubsetHasItsOwnRowsAndIsAlikeOnlyToItself) {
  AddBenchmark(3);
  EXPECT_FALSE(benchmarks_.FindSmoke("gate", 1)->has_value());
  ASSERT_THAT(benchmarks_.KeepSmoke("gate", 1, {{"item-99"}, 2}), IsOk());
  ASSERT_THAT(benchmarks_.KeepSmoke("gate", 1, {{"item-98", "item-99"}, 4}),
              IsOk());
  EXPECT_EQ((*benchmarks_.FindSmoke("gate", 1))->items.size(), 2u);
  EXPECT_EQ((*benchmarks_.FindSmoke("gate", 1))->revisions, 4u);
  const auto facts = benchmarks_.Facts("gate", 1);
  ASSERT_EQ(facts->size(), 3u);
  EXPECT_EQ(facts->at("item-99").tags.size(), 2u);
  evaluator::Run run = PlanRun("r1", 2);
  run.subset = Subset::kSmoke;
  run.items = {"item-98", "item-99"};
  run.subset_digest = DigestOf(run.items);
  run.revision.deterministic = true;
  StartRun(run);
  EXPECT_EQ(runs_.AllRows("r1")->size(), 2u);
  EXPECT_EQ(runs_.Get("r1")->subset, Subset::kSmoke);
  EXPECT_TRUE(runs_.Get("r1")->revision.deterministic);
  EXPECT_FALSE(runs_.FindAlike(PlanRun("r9", 3))->has_value());
  EXPECT_TRUE(runs_.FindAlike(run)->has_value());
}

TEST_F(EvaluatorStoreTest, RerunsTellTheNoiseAndItemsWhatTellsRevisionsApart) {
  AddBenchmark(1);
  for (const char* id : {"r1", "r2"}) StartRun(PlanRun(id, 1));
  evaluator::Run other = PlanRun("r3", 1);
  other.revision.digest = "another";
  StartRun(other);
  Row first = Answer("r1", "item-100", 50);
  first.reported_model = "m-1";
  first.system_fingerprint = "fp";
  Record("s1",
         {first, Answer("r2", "item-100", 54), Answer("r3", "item-100", 90)});
  evaluator::Run like = *runs_.Get("r1");
  const auto means = runs_.MeansOfReruns(like);
  ASSERT_THAT(means, IsOk());
  bool found = false;
  for (const NoiseFloor& floor : NoiseFloorsOf(*means)) {
    if (floor.metric != "chrf") continue;
    found = true;
    EXPECT_DOUBLE_EQ(floor.floor, 4);
    EXPECT_EQ(floor.differences, 1);
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(*runs_.Providers("r1"), std::vector<std::string>{"m-1 fp"});
  EXPECT_TRUE(runs_.Providers("r2")->empty());
  EXPECT_THAT(runs_.ItemValues("gate", 1), IsOk());
}

TEST_F(EvaluatorStoreTest, ARunTellsItsBuildsTokensAndLatencies) {
  AddBenchmark(3);
  evaluator::Run run = PlanRun("r", 3);
  run.build = "1.0+abc";
  StartRun(run);
  std::vector<Row> rows;
  for (int i = 0; i < 3; ++i) {
    Row row = Answer("r", "item-" + std::to_string(98 + i), 1);
    row.prompt_tokens = 10;
    row.completion_tokens = 2;
    row.total_ms = 10.0 * (i + 1);
    row.serving_build = i == 0 ? "1.0+old" : "1.0+new";
    row.scorer_build = "1.0+abc";
    rows.push_back(row);
  }
  Record("digest", rows);
  Record("digest", rows);  // Delivered again: counted once.
  const auto details = runs_.Details("r");
  ASSERT_THAT(details, IsOk());
  EXPECT_EQ(details->components,
            (std::vector<Component>{{"evaluator", "1.0+abc"},
                                    {"scorer", "1.0+abc"},
                                    {"serving", "1.0+new"},
                                    {"serving", "1.0+old"}}));
  EXPECT_EQ(details->prompt_tokens, 30);
  EXPECT_EQ(details->completion_tokens, 6);
  EXPECT_DOUBLE_EQ(details->p50_ms.value_or(0), 20);
  // No provider streamed: there is no first token to time.
  EXPECT_FALSE(details->first_token_p50_ms.has_value());
}

TEST_F(EvaluatorStoreTest, ARunKeepsWhyItIsThereAndWhoseAnswersItHas) {
  AddBenchmark(2);
  StartRun(PlanRun("first", 2));
  EXPECT_EQ(runs_.Get("first")->purpose, "asked");
  evaluator::Run again = PlanRun("again", 2);
  again.purpose = purpose::kRescore;
  again.rescored_run = "first";
  StartRun(again);
  const auto read = runs_.Get("again");
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->purpose, "rescore");
  EXPECT_EQ(read->rescored_run, "first");
}

TEST_F(EvaluatorStoreTest, RowsAreFoundByTheirItems) {
  AddBenchmark(3);
  StartRun(PlanRun("r", 3));
  Record("digest", {Answer("r", "item-99", 5)});
  const std::vector<std::string> items = {"item-99", "item-98", "unknown"};
  const auto rows = runs_.RowsOf("r", items);
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[1].raw_text, kHardText);
  EXPECT_EQ(*runs_.ItemsOf("r"),
            (std::vector<std::string>{"item-100", "item-98", "item-99"}));
}

}  // namespace
}  // namespace evalloop::evaluator
