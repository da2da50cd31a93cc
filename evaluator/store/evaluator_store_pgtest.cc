#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "evaluator/store/postgres_benchmark_store.h"
#include "evaluator/store/postgres_gate_store.h"
#include "evaluator/store/postgres_run_store.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"

namespace evalloop::evaluator {
namespace {

using testing::IsOk;
using testing::StatusIs;

constexpr char kHardText[] = "it's \"quoted\"\\ {a,b}\n\ttab \xc3\xa9 NULL";

std::vector<Item> Items(int count) {
  std::vector<Item> items;
  for (int i = 0; i < count; ++i) {
    Item item;
    item.id = "item-" + std::to_string(100 - i);  // Not in the order of ids.
    item.repository = "/repo";
    item.path = "a.py";
    item.language = "python";
    item.commit = "commit-" + std::to_string(i / 2);
    item.prefix = kHardText;
    item.agreed = "x = 1";
    item.contested = i == 0;
    item.variants = {{"x = 1", "dev-1", 0.5}, {kHardText, "dev-2", 0.25}};
    item.agreement = 0.75;
    item.tags = {"completion", kHardText};
    item.author_time = absl::FromUnixSeconds(1'600'000'000 + i);
    items.push_back(item);
  }
  return items;
}

class EvaluatorStoreTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    database_ =
        testing::TestDatabase::CreateOrDie({"evaluator/store/migrations"});
  }
  static void TearDownTestSuite() { database_.reset(); }

  EvaluatorStoreTest() { EXPECT_THAT(database_->Clear("evaluator"), IsOk()); }

  Benchmark AddBenchmark(int items) {
    const auto list = Items(items);
    auto added = benchmarks_.Add(Describe("gate", list), list);
    EXPECT_THAT(added, IsOk());
    return *added;
  }

  evaluator::Run PlanRun(const std::string& id, std::int64_t rows) {
    evaluator::Run run;
    run.id = id;
    run.request_id = "request " + id;
    run.revision = {.prompt = "p",
                    .version = 1,
                    .digest = "d",
                    .content = std::string("\0\xff bytes", 8)};
    run.benchmark = "gate";
    run.benchmark_version = 1;
    run.rows = rows;
    run.index_commit = "c0";
    run.start_time = absl::FromUnixSeconds(1'700'000'000);
    return run;
  }

  RunStore::Started StartRun(const evaluator::Run& run) {
    RunStore::Started started;
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
      auto stored = runs_.Start(work, run);
      if (!stored.ok()) return stored.status();
      started = *stored;
      return absl::OkStatus();
    }),
                IsOk());
    return started;
  }

  void Record(const std::string& digest, std::vector<Row> rows) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      return runs_.Record(work, digest, rows);
    }),
                IsOk());
  }

  static Row Answer(const std::string& run, const std::string& item,
                    double value) {
    Row row;
    row.run_id = run;
    row.item_id = item;
    row.scored = true;
    row.raw_text = kHardText;
    row.metrics = {{"chrf", value, ""}, {"parses", std::nullopt, "no_grammar"}};
    row.tally = TypedTally{1, 2, 3, 4, 5, 6, 7};
    row.findings = {{"security_delta", "B307", 3}, {"parses", kHardText, 0}};
    return row;
  }

  static std::unique_ptr<testing::TestDatabase> database_;
  postgres::Pool pool_{database_->Options("evaluator")};
  postgres::PostgresTransactor transactor_{pool_};
  PostgresBenchmarkStore benchmarks_{pool_, transactor_};
  PostgresRunStore runs_{pool_, transactor_};
  PostgresGateStore gates_{pool_, transactor_};
};
std::unique_ptr<testing::TestDatabase> EvaluatorStoreTest::database_;

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
  ASSERT_THAT(benchmarks_.Add(Describe("gate", list), list), IsOk());
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
  const auto rows = runs_.AllRows("r1");
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

TEST_F(EvaluatorStoreTest, AGateIsGivenAnotherBaselineUntilItIsDecided) {
  AddBenchmark(1);
  for (const char* id : {"r1", "r2", "r3"}) StartRun(PlanRun(id, 1));
  Gate gate;
  gate.id = "g1";
  gate.request_id = "request g1";
  gate.prompt = "p";
  gate.candidate_run = "r2";
  gate.baseline_run = "r1";
  ASSERT_THAT(gates_.Start(gate), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_source, BaselineSource::kChosen);
  ASSERT_THAT(gates_.RenewBaseline("g1", "r3"), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_run, "r3");
  EXPECT_EQ(gates_.Get("g1")->baseline_source, BaselineSource::kRenewed);
  ASSERT_THAT(gates_.Decide("g1", {.verdict = Verdict::kPassed}), IsOk());
  ASSERT_THAT(gates_.RenewBaseline("g1", "r1"), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_run, "r3");
}

TEST_F(EvaluatorStoreTest, RowsPageByItemAndSample) {
  AddBenchmark(2);
  evaluator::Run run = PlanRun("r1", 4);
  run.samples = 2;
  StartRun(run);
  const auto first = runs_.ListRows("r1", {.size = 3, .after = ""});
  ASSERT_EQ(first->size(), 3u);
  const auto rest =
      runs_.ListRows("r1", {.size = 3,
                            .after = first->back().item_id + " " +
                                     std::to_string(first->back().sample)});
  EXPECT_EQ(rest->size(), 1u);
}

TEST_F(EvaluatorStoreTest, AGateIsDecidedOnceItsRunsHaveEndedAndThenNoMore) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  StartRun(PlanRun("r2", 1));
  Gate gate;
  gate.id = "g1";
  gate.request_id = "request g1";
  gate.prompt = "p";
  gate.candidate_run = "r2";
  gate.baseline_run = "r1";
  gate.policy = DefaultPolicy(RunMode::kTyped, ChangeKind::kOutputPolicy);
  ASSERT_THAT(gates_.Start(gate), IsOk());
  EXPECT_TRUE(gates_.Decidable()->empty());
  Record("s1", {Answer("r1", "item-100", 1), Answer("r2", "item-100", 2)});
  const auto due = gates_.Decidable();
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ((*due)[0].policy.tolerances.size(), gate.policy.tolerances.size());
  EXPECT_EQ(*(*due)[0].policy.tolerances[0].required_gain, 0);
  GateDecision passed{
      .verdict = Verdict::kPassed,
      .findings = {{"m", "gain", Verdict::kPassed, "sure", true}},
      .minimum_detectable_effect = 0.01};
  EXPECT_THAT(gates_.Decide("g1", passed), IsOk());
  passed.verdict = Verdict::kRegressed;
  EXPECT_THAT(gates_.Decide("g1", passed), IsOk());
  const auto decided = gates_.Get("g1");
  EXPECT_EQ(decided->decision.verdict, Verdict::kPassed);
  ASSERT_EQ(decided->decision.findings.size(), 1u);
  EXPECT_EQ(decided->decision.findings[0].detail, "sure");
  EXPECT_TRUE(decided->decision.findings[0].alarm);
  EXPECT_TRUE(gates_.Decidable()->empty());
}

TEST_F(EvaluatorStoreTest, ATurnRemembersWhereItBegan) {
  EXPECT_EQ(*gates_.BeginTurn("t1", "p", 4), 4u);
  EXPECT_EQ(*gates_.BeginTurn("t1", "p", 7), 4u);
}

TEST_F(EvaluatorStoreTest, ADecisionIsStoredOnce) {
  Decision decision{.id = "d1",
                    .prompt = "p",
                    .kind = "model",
                    .verdict = Verdict::kInconclusive,
                    .reason = "few rows",
                    .gain = {0.1, std::nullopt, std::nullopt},
                    .time = absl::FromUnixSeconds(1'700'000'000)};
  std::vector<bool> added;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      const auto stored = gates_.AddDecision(work, decision);
      added.push_back(stored.value_or(false));
      return stored.status();
    }),
                IsOk());
  }
  EXPECT_EQ(added, (std::vector<bool>{true, false}));
  const auto listed = gates_.ListDecisions("p", {});
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_FALSE((*listed)[0].gain.lower.has_value());
}

}  // namespace
}  // namespace evalloop::evaluator
