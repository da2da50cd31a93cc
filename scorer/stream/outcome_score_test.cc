// How completions are scored once it is known what was committed in their
// place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "scorer/stream/score_handler.h"
#include "scorer/testing/fake_rubric_store.h"
#include "scorer/testing/fake_score_store.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

class OutcomeScoreTest : public ::testing::Test {
 protected:
  absl::Status Handle(const std::vector<v1::Event>& events) {
    std::vector<kafka::Record> records;
    for (const v1::Event& event : events) {
      records.emplace_back().payload = event.SerializeAsString();
    }
    std::vector<const kafka::Record*> fresh;
    for (const kafka::Record& record : records) fresh.push_back(&record);
    return transactor_.Run(
        [&](base::UnitOfWork& work) { return handler_.Handle(work, fresh); });
  }
  // Of the newest event.
  v1::Event Told() {
    v1::Event event;
    EXPECT_FALSE(outbox_.events().empty());
    EXPECT_TRUE(event.ParseFromString(outbox_.events().back().payload));
    return event;
  }

  FakeScoreStore store_;
  testing::FakeOutbox outbox_;
  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakeRubricStore rubric_store_;
  Rubrics rubrics_{rubric_store_, transactor_};
  ScoreHandler handler_{store_, rubrics_, outbox_, clock_,
                        "evalloop.score.recorded.v1"};
};

v1::Event Answered() {
  v1::Event event;
  event.set_event_id("e1");
  event.set_subject("r1/i1");
  v1::RunAnswered& answered = *event.mutable_run_answered();
  answered.set_raw_text("x + 1\nmore");
  v1::RunTask& task = *answered.mutable_task();
  task.set_run_id("r1");
  task.set_item_id("i1");
  task.mutable_location()->set_language("python");
  task.set_prefix("def f(x):\n    return ");
  task.add_references("x + 2");
  task.add_references("x + 1");
  return event;
}

v1::Event Settled() {
  v1::Event event;
  event.set_event_id("e2");
  event.set_subject("cmpl-1");
  v1::CompletionSettled& settled = *event.mutable_completion_settled();
  settled.mutable_completion()->set_completion_id("cmpl-1");
  settled.mutable_completion()->set_raw_text("x + 1");
  settled.mutable_completion()->mutable_location()->set_language("python");
  settled.mutable_feedback()->set_text("y");
  return event;
}

v1::Event Known() {
  v1::Event event;
  event.set_event_id("e3");
  event.set_subject("outcomes/cmpl-1");
  v1::OutcomeKnown& known = *event.mutable_outcome_known();
  known.set_completion_id("cmpl-1");
  known.mutable_location()->set_language("python");
  known.set_prefix("def f(x):\n    return ");
  known.set_text("x + 1");
  known.add_references("x + 2");
  known.add_references("x + 1");
  return event;
}

TEST_F(OutcomeScoreTest, AnOutcomeIsScoredAsTheRowOfARunWouldBe) {
  ASSERT_THAT(Handle({Known()}), IsOk());
  const v1::ScoreRecorded live = Told().score_recorded();
  EXPECT_EQ(live.completion_id(), "cmpl-1");
  ASSERT_TRUE(live.has_composite());
  ASSERT_THAT(Handle({Answered()}), IsOk());
  const v1::ScoreRecorded run = Told().score_recorded();
  EXPECT_EQ(run.scorer_digest(), live.scorer_digest());
  EXPECT_EQ(run.composite(), live.composite());
  ASSERT_EQ(run.metrics_size(), live.metrics_size());
  for (int i = 0; i < live.metrics_size(); ++i) {
    EXPECT_EQ(run.metrics(i).ShortDebugString(),
              live.metrics(i).ShortDebugString());
  }
}

TEST_F(OutcomeScoreTest, AnOutcomeAndWhatTheEditorToldAreTwoSubjects) {
  ASSERT_THAT(Handle({Settled(), Known()}), IsOk());
  const auto told = store_.Newest("completions/cmpl-1");
  const auto committed = store_.Newest("outcomes/cmpl-1");
  ASSERT_THAT(told, IsOk());
  ASSERT_THAT(committed, IsOk());
  EXPECT_EQ(told->score.scorer_digest, committed->score.scorer_digest);
  EXPECT_EQ(told->score.metrics[0].value, 0);  // exact_match
  EXPECT_EQ(committed->score.metrics[0].value, 1);
  EXPECT_EQ(Told().subject(), "outcomes/cmpl-1");
}

TEST_F(OutcomeScoreTest, AnOutcomeWithoutACompletionIsPoison) {
  v1::Event event = Known();
  event.mutable_outcome_known()->clear_completion_id();
  EXPECT_THAT(Handle({event}), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::scorer
