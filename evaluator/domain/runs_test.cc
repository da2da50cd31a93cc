#include "evaluator/domain/runs.h"

#include <gtest/gtest.h>

#include "evaluator/testing/fakes.h"
#include "platform/base/reason.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"

namespace evalloop::evaluator {
namespace {

constexpr int kItems = 12;

class RunsTest : public ::testing::Test {
 protected:
  RunsTest() {
    for (int i = 0; i < kItems; ++i) {
      Item item;
      item.id = "item" + std::to_string(100 + i);
      item.commit = "commit";
      item.agreed = "x";
      items_.push_back(item);
    }
    EXPECT_TRUE(benchmarks_.Add(Describe("gate", items_), items_, {}).ok());
  }

  static RunRequest Ask(std::uint32_t version, std::string request_id) {
    return {.revision = {.prompt = "complete-line", .version = version},
            .benchmark = "gate",
            .request_id = std::move(request_id)};
  }

  // As if every item had been answered and scored.
  void Finish(const std::string& id) {
    for (evaluator::Run& run : store_.runs) {
      if (run.id != id) continue;
      run.state = RunState::kFinished;
      run.scorer_digest = "old rubric";
      for (const Item& item : items_) {
        Row row;
        row.run_id = id;
        row.item_id = item.id;
        row.scored = true;
        row.raw_text = "answer to " + item.id;
        row.cost_micros = 7;
        store_.rows[id].push_back(row);
      }
      run.cost_micros = 7 * kItems;
    }
  }

  std::string Done(std::uint32_t version, const std::string& request_id) {
    const auto run = runs_.Start(Ask(version, request_id));
    EXPECT_TRUE(run.ok()) << run.status();
    Finish(run->id);
    return run->id;
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
};

TEST_F(RunsTest, BothSidesOfAPairAreAskedForInTurns) {
  const auto pair = runs_.StartPair(Ask(2, "c"), Ask(1, "b"), true);
  ASSERT_TRUE(pair.ok()) << pair.status();
  ASSERT_EQ(events_.order.size(), 2u * kItems);
  // In the first half of what is asked for either side has its half.
  const auto half = static_cast<std::ptrdiff_t>(events_.order.size() / 2);
  const auto of_candidate =
      std::count_if(events_.order.begin(), events_.order.begin() + half,
                    [&](const std::string& asked) {
                      return asked.starts_with(pair->candidate.id);
                    });
  EXPECT_NEAR(static_cast<double>(of_candidate), kItems / 2.0, 2);
}

TEST_F(RunsTest, ABaselineOfTheSameDayIsTakenAndAnOlderOneIsNot) {
  const std::string there = Done(1, "earlier");
  clock_.Advance(absl::Hours(23));
  const auto soon = runs_.StartPair(Ask(2, "c1"), Ask(1, "b1"), true);
  ASSERT_TRUE(soon.ok());
  EXPECT_EQ(soon->baseline.id, there);
  clock_.Advance(absl::Hours(2));
  const auto late = runs_.StartPair(Ask(3, "c2"), Ask(1, "b2"), true);
  ASSERT_TRUE(late.ok());
  EXPECT_NE(late->baseline.id, there);
}

TEST_F(RunsTest, ARevisionIsNeverItsOwnBaseline) {
  const auto pair = runs_.StartPair(Ask(1, "c"), Ask(1, "b"), true);
  ASSERT_TRUE(pair.ok());
  EXPECT_NE(pair->candidate.id, pair->baseline.id);
  // The same again, as after a crash between the two: the same two runs.
  const auto again = runs_.StartPair(Ask(1, "c"), Ask(1, "b"), true);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->candidate.id, pair->candidate.id);
  EXPECT_NE(again->baseline.id, again->candidate.id);
}

TEST_F(RunsTest, ScoringAgainAsksNoModelAndKeepsTheOldScores) {
  const std::string old = Done(1, "r");
  const std::size_t asked = events_.order.size();
  const auto again = runs_.Rescore(old, "again", "ann");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(events_.order.size(), asked);
  EXPECT_NE(again->id, old);
  EXPECT_EQ(again->rescored_run, old);
  EXPECT_EQ(again->purpose, purpose::kRescore);
  EXPECT_EQ(again->author, "ann");
  EXPECT_TRUE(again->scorer_digest.empty());
  EXPECT_EQ(again->rows, kItems);
  const auto& told = events_.scored_again[again->id];
  ASSERT_EQ(told.size(), static_cast<std::size_t>(kItems));
  EXPECT_EQ(told[0].raw_text, "answer to item100");
  EXPECT_EQ(told[0].cost_micros, 7);
  EXPECT_EQ(store_.Get(old)->scorer_digest, "old rubric");
}

TEST_F(RunsTest, TheSameRequestScoresAgainOnce) {
  const std::string old = Done(1, "r");
  const auto first = runs_.Rescore(old, "again", "ann");
  const auto second = runs_.Rescore(old, "again", "ann");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->id, second->id);
  EXPECT_EQ(events_.scored_again[first->id].size(),
            static_cast<std::size_t>(kItems));
}

TEST_F(RunsTest, WhatWasScoredTwiceStillNamesTheRunThatAnswered) {
  const std::string old = Done(1, "r");
  const auto first = runs_.Rescore(old, "one", "ann");
  ASSERT_TRUE(first.ok());
  Finish(first->id);
  const auto second = runs_.Rescore(first->id, "two", "ann");
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->rescored_run, old);
}

TEST_F(RunsTest, ARunUnderWayIsNotScoredAgain) {
  const auto run = runs_.Start(Ask(1, "r"));
  ASSERT_TRUE(run.ok());
  const auto again = runs_.Rescore(run->id, "", "");
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(base::ReasonOf(again.status()), "RUN_NOT_FINISHED");
}

TEST_F(RunsTest, AnswersOfAnotherDayAreNoBaselineForBeingScoredAnew) {
  const std::string old = Done(1, "r");
  clock_.Advance(absl::Hours(30));
  const auto again = runs_.Rescore(old, "again", "ann");
  ASSERT_TRUE(again.ok());
  Finish(again->id);
  const auto pair = runs_.StartPair(Ask(2, "c"), Ask(1, "b"), true);
  ASSERT_TRUE(pair.ok());
  EXPECT_NE(pair->baseline.id, again->id);
}

TEST_F(RunsTest, AFreshEnoughRunIsLeftAlone) {
  Done(1, "r");
  clock_.Advance(absl::Hours(24 * 6));
  auto fresh = runs_.Freshen(Ask(1, "week 1"), absl::Hours(24 * 7));
  ASSERT_TRUE(fresh.ok());
  EXPECT_FALSE(fresh->has_value());
  clock_.Advance(absl::Hours(24 * 2));
  fresh = runs_.Freshen(Ask(1, "week 2"), absl::Hours(24 * 7));
  ASSERT_TRUE(fresh.ok());
  EXPECT_TRUE(fresh->has_value());
}

}  // namespace
}  // namespace evalloop::evaluator
