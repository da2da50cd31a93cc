#include "evaluator/domain/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "evaluator/testing/fake_outcome_store.h"
#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

constexpr int kItems = 10;

class SelectionTest : public ::testing::Test {
 protected:
  SelectionTest() {
    std::vector<Item> items;
    for (int i = 0; i < kItems; ++i) {
      Item item;
      item.id = "item" + std::to_string(i);
      item.commit = "commit" + std::to_string(i);
      item.agreed = "x";
      item.tests = {"check", "f"};
      items.push_back(item);
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items), items, {}).ok());
  }

  // A finished run in which so many items pass, newer than those before it.
  evaluator::Run& Add(const std::string& id, std::uint32_t version, int passed,
                      std::int64_t cost) {
    evaluator::Run run;
    run.id = id;
    run.revision = {.prompt = "p", .version = version, .model = "m"};
    run.benchmark = "gate";
    run.benchmark_version = 1;
    run.scorer_digest = "s1";
    run.state = RunState::kFinished;
    for (int i = 0; i < kItems; ++i) {
      Row row;
      row.item_id = "item" + std::to_string(i);
      row.commit = "commit" + std::to_string(i);
      row.scored = true;
      row.metrics = {{"pass_at_1", i < passed ? 1.0 : 0.0, ""},
                     {"exact_match", 0.0, ""}};
      row.composite = 0.5;
      row.cost_micros = cost;
      row.attempts = 1;
      store_.rows[id].push_back(row);
    }
    store_.runs.push_back(run);
    return store_.runs.back();
  }

  absl::StatusOr<SelectionReport> Ask(SelectionRequest request = {}) {
    request.benchmark = "gate";
    return Select(benchmarks_, store_, outcomes_, request);
  }

  static std::vector<std::string> RunsOf(const SelectionReport& report) {
    std::vector<std::string> ids;
    for (const FrontierPoint& point : report.points)
      ids.push_back(point.run.id);
    return ids;
  }

  FakeBenchmarkStore benchmarks_;
  FakeRunStore store_;
  FakeOutcomeStore outcomes_{store_};
};

TEST_F(SelectionTest, WeighsTheNewestWholeRunOfEachRevision) {
  Add("old", 1, 2, 100);
  Add("whole", 1, 5, 100);
  Add("broken", 1, 9, 100);
  store_.rows["broken"][4].scored = false;
  Add("other", 2, 8, 300);
  Add("nothing", 3, 10, 50);
  store_.rows["nothing"][0].scored = false;
  ASSERT_OK_AND_ASSIGN(const auto report, Ask());
  EXPECT_THAT(RunsOf(report), ElementsAre("whole", "other"));
  EXPECT_EQ(report.terms.metric, "pass_at_1");
  EXPECT_EQ(report.benchmark_version, 1u);
  EXPECT_DOUBLE_EQ(report.points[0].quality.value, 0.5);
  ASSERT_EQ(report.steps.size(), 1u);
  EXPECT_EQ(report.recommendations.at(0).recommended, "p@2");
  EXPECT_THAT(report.notes,
              Contains(AllOf(HasSubstr("p@3 is left out"),
                             HasSubstr("evalloop run retry nothing"))));
  EXPECT_THAT(report.notes, Contains(HasSubstr("under three points")));
}

TEST_F(SelectionTest, ScoresOfAnotherDigestAreNeverCompared) {
  Add("stale", 1, 10, 10).scorer_digest = "s0";
  Add("both", 2, 10, 10).scorer_digest = "s0";
  Add("both again", 2, 5, 10);
  Add("typed", 4, 10, 10).mode = RunMode::kTyped;
  Add("newest", 3, 7, 20);
  ASSERT_OK_AND_ASSIGN(const auto report, Ask());
  EXPECT_THAT(RunsOf(report), ElementsAre("both again", "newest"));
  EXPECT_THAT(report.notes,
              Contains(AllOf(HasSubstr("p@1 is left out"),
                             HasSubstr("another scorer digest"),
                             HasSubstr("evalloop run rescore stale"))));
  EXPECT_THAT(report.notes, Contains(AllOf(HasSubstr("p@4 is left out"),
                                           HasSubstr("another mode"))));
  for (const std::string& note : report.notes) {
    EXPECT_THAT(note, ::testing::Not(HasSubstr("p@2 is left out")));
  }
}

TEST_F(SelectionTest, AMissingPriceIsToldAndItemsInQuarantineAreLeftOut) {
  Add("free", 1, 10, 0);
  Add("paid", 2, 5, 100);
  store_.rows["paid"][9].cost_micros = 0;
  store_.rows["paid"][8].attempts = 0;
  Oracle flaky;
  flaky.reason = "flaky";
  testing::FakeUnitOfWork work;
  ASSERT_TRUE(benchmarks_.RecordOracle(work, "gate", 1, "item0", flaky).ok());
  ASSERT_OK_AND_ASSIGN(const auto report, Ask());
  EXPECT_THAT(RunsOf(report), ElementsAre("paid", "free"));
  EXPECT_EQ(report.points[0].tasks, kItems - 1);
  EXPECT_DOUBLE_EQ(report.points[0].quality.value, 4.0 / 9);
  EXPECT_FALSE(report.points[1].cost_per_task.has_value());
  EXPECT_THAT(report.notes,
              Contains(HasSubstr("the price of p@1 is not known")));
  EXPECT_THAT(report.notes,
              Contains(HasSubstr("tasks of p@2 that tell no cost")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("count as asked once: 1 of 9")));
  EXPECT_THAT(report.notes, Contains(HasSubstr("in quarantine: 1")));
}

TEST_F(SelectionTest, TakesTheMetricAndThePromptsThatAreAskedFor) {
  Add("one", 1, 5, 10);
  store_.runs.back().revision.prompt = "q";
  Add("two", 2, 5, 10);
  ASSERT_OK_AND_ASSIGN(
      const auto report,
      Ask({.prompts = {"q"}, .metric = "composite", .completed_at = 0.5}));
  EXPECT_THAT(RunsOf(report), ElementsAre("one"));
  EXPECT_DOUBLE_EQ(report.points[0].quality.value, 0.5);
  EXPECT_DOUBLE_EQ(report.points[0].completed.value, 1);
}

TEST_F(SelectionTest, BadInputNamesItsField) {
  Add("one", 1, 5, 10);
  const auto field = [&](SelectionRequest request) {
    const auto status = Ask(std::move(request)).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    return base::FieldOf(status).value_or("");
  };
  EXPECT_EQ(field({.metric = "security_delta"}), "metric");
  EXPECT_EQ(field({.metric = "no_such"}), "metric");
  EXPECT_EQ(field({.completed_at = 1.5}), "completed_at");
  EXPECT_EQ(field({.completed_at = std::nan("")}), "completed_at");
  EXPECT_EQ(field({.correction_micros = -1}), "correction_micros");
  EXPECT_EQ(field({.near_share = 1}), "near_share");
  EXPECT_THAT(Select(benchmarks_, store_, outcomes_, {.benchmark = "gone"}),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(SelectionTest, WithoutARunItSaysHowToStartOne) {
  const auto status = Ask({.subset = Subset::kSmoke}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("evalloop run start --prompt "
                                         "NAME@VERSION --benchmark gate@1 "
                                         "--subset smoke")));
  EXPECT_EQ(base::ReasonOf(status), "NO_FINISHED_RUN");
}

TEST_F(SelectionTest, AtMostFiftyRevisionsAreWeighed) {
  for (std::uint32_t version = 1; version <= 52; ++version) {
    Add("run" + std::to_string(version), version, 5, 10);
  }
  ASSERT_OK_AND_ASSIGN(const auto report, Ask());
  EXPECT_EQ(report.points.size(), 50u);
  EXPECT_THAT(report.notes, Contains(HasSubstr("only the 50 revisions")));
}

}  // namespace
}  // namespace evalloop::evaluator
