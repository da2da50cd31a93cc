#include "evaluator/domain/validity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/domain/runs.h"
#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

// Items of ten days, one of them without a date, and a run of each of two
// revisions.
class ValidityTest : public ::testing::Test {
 protected:
  ValidityTest() {
    for (int day = 0; day < 10; ++day) {
      Item item;
      item.id = "item" + std::to_string(day);
      item.commit = "commit" + std::to_string(day);
      item.agreed = "x";
      if (day > 0) item.author_time = kStart + absl::Hours(24) * day;
      items_.push_back(item);
    }
    EXPECT_THAT(benchmarks_.Add(Describe("gate", items_), items_, {}), IsOk());
    Finish(1, "old-model");
    Finish(2, "new-model");
  }

  void Finish(std::uint32_t version, const std::string& model) {
    const std::string id = std::to_string(version);
    const auto run = runs_.Start(
        {.revision = {.prompt = "complete-line", .version = version},
         .benchmark = "gate",
         .request_id = id});
    ASSERT_THAT(run, IsOk());
    ids_.push_back(run->id);
    evaluator::Run& stored = store_.runs.back();
    stored.state = RunState::kFinished;
    stored.revision.model = model;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      Row row;
      row.run_id = run->id;
      row.item_id = items_[i].id;
      row.commit = items_[i].commit;
      row.scored = true;
      // What a model has read it knows.
      row.metrics = {{"exact_match", i < 6 ? 1.0 : 0.0, ""}};
      store_.rows[run->id].push_back(row);
    }
  }

  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakePromptLibrary library_;
  FakeBenchmarkStore benchmarks_;
  FakeRunStore store_;
  FakeEvents events_;
  FakeModelStore models_;
  Runs runs_{library_, benchmarks_, models_, store_,
             events_,  transactor_, clock_};
  std::vector<Item> items_;
  std::vector<std::string> ids_;
};

TEST_F(ValidityTest, ARunsFiguresLeaveOutWhatItsModelMayHaveRead) {
  // The day itself is not after the cut-off.
  models_.cutoffs["old-model"] = kStart + absl::Hours(24) * 5;
  const auto figures = runs_.Summarize(store_.runs[0]);
  ASSERT_THAT(figures, IsOk());
  EXPECT_EQ(figures->validity.older, 5);
  EXPECT_EQ(figures->validity.valid, 4);
  EXPECT_EQ(figures->validity.undated, 1);
  EXPECT_EQ(figures->validity.note, "");
  EXPECT_EQ(figures->validity.cutoff, models_.cutoffs["old-model"]);
  // Of the ones that it answered right only the undated is left.
  EXPECT_DOUBLE_EQ(figures->sums.Metrics().at(0).mean.value, 0.2);
}

TEST_F(ValidityTest, AnUnknownCutoffCountsAllAndSaysSo) {
  const auto figures = runs_.Summarize(store_.runs[0]);
  ASSERT_THAT(figures, IsOk());
  EXPECT_EQ(figures->validity.older, 0);
  EXPECT_EQ(figures->validity.valid, 9);
  EXPECT_EQ(figures->validity.undated, 1);
  EXPECT_FALSE(figures->validity.cutoff.has_value());
  EXPECT_THAT(figures->validity.note, HasSubstr("old-model"));
  EXPECT_THAT(figures->validity.note, HasSubstr("--cutoff DATE"));
}

TEST_F(ValidityTest, APairCountsWhatIsYoungerThanEitherModelsCutoff) {
  models_.cutoffs["old-model"] = kStart + absl::Hours(24) * 2;
  models_.cutoffs["new-model"] = kStart + absl::Hours(24) * 7;
  const auto pair = runs_.LoadPair(ids_[0], ids_[1]);
  ASSERT_THAT(pair, IsOk());
  EXPECT_EQ(pair->before.size(), 3u);
  EXPECT_EQ(pair->after.size(), 3u);
  EXPECT_EQ(pair->validity.older, 7);
  EXPECT_EQ(pair->validity.cutoff, models_.cutoffs["new-model"]);
  const auto comparison = runs_.CompareRuns(ids_[0], ids_[1], 5);
  ASSERT_THAT(comparison, IsOk());
  EXPECT_EQ(comparison->validity.older, 7);
  EXPECT_EQ(comparison->deltas.at(0).pairs, 3);
}

TEST_F(ValidityTest, APairWithoutAnyValidRowIsRefusedWithTheRemedy) {
  items_.erase(items_.begin());  // The undated one.
  ASSERT_THAT(benchmarks_.Add(Describe("gate", items_), items_, {}), IsOk());
  for (auto& run : store_.runs) run.benchmark_version = 2;
  for (auto& [id, rows] : store_.rows) rows.erase(rows.begin());
  models_.cutoffs["new-model"] = kStart + absl::Hours(24) * 100;
  const auto pair = runs_.LoadPair(ids_[0], ids_[1]);
  EXPECT_THAT(pair, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(pair.status()), "NO_VALID_ROWS");
  EXPECT_THAT(std::string(pair.status().message()),
              HasSubstr("none of the 9 rows counts"));
  EXPECT_THAT(std::string(pair.status().message()), HasSubstr("rotate"));
}

TEST_F(ValidityTest, OnlyAHoldoutRunAsksForWhatIsHeldOut) {
  items_[3].holdout = items_[7].holdout = true;
  ASSERT_THAT(benchmarks_.Add(Describe("gate", items_), items_, {}), IsOk());
  RunRequest ask{.revision = {.prompt = "complete-line", .version = 1},
                 .benchmark = "gate"};
  const auto asked = [&](Subset subset) {
    events_.order.clear();
    ask.subset = subset;
    ask.request_id = std::to_string(static_cast<int>(subset)) + " subset";
    const auto run = runs_.Start(ask);
    EXPECT_THAT(run, IsOk());
    std::set<std::string> items;
    for (const std::string& one : events_.order) {
      items.insert(one.substr(one.find(' ') + 1));
    }
    EXPECT_EQ(run->rows, static_cast<std::int64_t>(items.size()));
    return items;
  };
  const std::set<std::string> held = {"item3", "item7"};
  EXPECT_EQ(asked(Subset::kHoldout), held);
  for (const Subset subset : {Subset::kFull, Subset::kSmoke}) {
    const auto items = asked(subset);
    EXPECT_EQ(items.size(), 8u);
    for (const std::string& id : held) EXPECT_FALSE(items.contains(id));
  }
}

TEST_F(ValidityTest, OnlyCodeAtACursorIsTyped) {
  items_[2].task = task::kReview;
  Benchmark mixed = Describe("gate", items_);
  mixed.tasks = {"completion", "review"};
  ASSERT_THAT(benchmarks_.Add(mixed, items_, {}), IsOk());
  RunRequest ask{.revision = {.prompt = "complete-line", .version = 1},
                 .benchmark = "gate",
                 .mode = RunMode::kTyped,
                 .request_id = "typed"};
  EXPECT_EQ(runs_.Start(ask)->rows, 9);
  ask.mode = RunMode::kOnce;
  ask.request_id = "once";
  EXPECT_EQ(runs_.Start(ask)->rows, 10);
}

}  // namespace
}  // namespace evalloop::evaluator
