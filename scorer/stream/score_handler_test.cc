// Long file: a test for each thing that a handler promises, over one fixture.
#include "scorer/stream/score_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/testing/fake_clock.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "scorer/testing/fake_rubric_store.h"
#include "scorer/testing/fake_score_store.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

// A candidate that says "right" passes, one that says "lost" finds no sandbox
// that works for it.
class TextTests final : public FunctionalTests {
 public:
  std::string_view tier() const override { return "none"; }
  absl::StatusOr<FunctionalVerdict> Check(const FunctionalCase& one,
                                          std::chrono::milliseconds) override {
    if (one.completion.find("lost") != std::string_view::npos) {
      return FunctionalVerdict{};
    }
    FunctionalVerdict verdict;
    const bool right = one.completion == "    return right\nmore" &&
                       one.prompt == "def f():\n" && one.tests == "check" &&
                       one.entry_point == "f";
    verdict.result =
        right ? FunctionalResult::kPassed : FunctionalResult::kFailed;
    return verdict;
  }
};

class NoFindings final : public CodeTools {
 public:
  std::vector<ToolReport> Findings(
      CodeTool, std::span<const std::string> files) override {
    ++asked;
    return std::vector<ToolReport>(
        files.size(), {.count = code_analysis::Measure::Of(0), .findings = {}});
  }
  int asked = 0;
};

class OneCheckout final : public Checkouts {
 public:
  std::shared_ptr<const code_analysis::RepositoryNames> NamesIn(
      std::string_view repository) override {
    if (repository != "/repo") return nullptr;
    auto names = std::make_shared<code_analysis::RepositoryNames>();
    names->Add("other.py", "def elsewhere(): pass");
    return names;
  }
};

class ScoreHandlerTest : public ::testing::Test {
 protected:
  absl::Status Handle(const std::vector<std::string>& payloads) {
    std::vector<kafka::Record> records;
    for (const std::string& payload : payloads) {
      records.emplace_back().payload = payload;
    }
    std::vector<const kafka::Record*> fresh;
    for (const kafka::Record& record : records) fresh.push_back(&record);
    return transactor_.Run(
        [&](base::UnitOfWork& work) { return handler_.Handle(work, fresh); });
  }

  static v1::Event Answered() {
    v1::Event event;
    event.set_event_id("e1");
    event.set_subject("r1/i1");
    v1::RunAnswered& answered = *event.mutable_run_answered();
    answered.set_raw_text("x + 1\nmore");
    v1::RunTask& task = *answered.mutable_task();
    task.set_run_id("r1");
    task.set_item_id("i1");
    task.set_sample(2);
    task.mutable_location()->set_language("python");
    task.set_prefix("def f(x):\n    return ");
    task.add_references("x + 1");
    answered.mutable_tally()->set_lines(1);
    answered.mutable_tally()->set_typed_chars(7);
    return event;
  }

  static v1::Event Settled() {
    v1::Event event;
    event.set_event_id("e2");
    event.set_subject("cmpl-1");
    v1::CompletionSettled& settled = *event.mutable_completion_settled();
    settled.mutable_completion()->set_completion_id("cmpl-1");
    settled.mutable_completion()->set_raw_text("a = 1");
    settled.mutable_completion()->mutable_location()->set_language("python");
    return event;
  }

  v1::ScoreRecorded OnlyEvent() {
    const auto events = outbox_.events();
    EXPECT_EQ(events.size(), 1u);
    v1::Event event;
    const bool parsed =
        !events.empty() && event.ParseFromString(events[0].payload);
    EXPECT_TRUE(parsed);
    return event.score_recorded();
  }

  FakeScoreStore store_;
  testing::FakeOutbox outbox_;
  testing::FakeClock clock_;
  testing::FakeTransactor transactor_;
  FakeRubricStore rubric_store_;
  Rubrics rubrics_{rubric_store_, transactor_};
  TextTests tests_;
  NoFindings tools_;
  OneCheckout checkouts_;
  ScoreHandler handler_{
      store_,
      rubrics_,
      outbox_,
      clock_,
      "evalloop.score.recorded.v1",
      {.tools = &tools_, .tests = &tests_, .checkouts = &checkouts_}};
};

double ValueOf(const v1::ScoreRecorded& recorded, std::string_view metric) {
  for (const v1::MetricValue& value : recorded.metrics()) {
    if (value.metric() == metric) {
      EXPECT_TRUE(value.has_value()) << metric << value.reason();
      return value.value();
    }
  }
  ADD_FAILURE() << "no " << metric;
  return -1.0;
}

std::string ReasonOf(const v1::ScoreRecorded& recorded,
                     std::string_view metric) {
  for (const v1::MetricValue& value : recorded.metrics()) {
    if (value.metric() == metric) return value.reason();
  }
  return "absent";
}

TEST_F(ScoreHandlerTest, ScoresTheLineThatARunAnswered) {
  ASSERT_THAT(Handle({Answered().SerializeAsString()}), IsOk());
  ASSERT_OK_AND_ASSIGN(const StoredScore stored,
                       store_.Newest("runs/r1/items/i1/samples/2"));
  ASSERT_TRUE(stored.tally.has_value());
  EXPECT_EQ(stored.tally->typed_chars, 7);
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ValueOf(recorded, "exact_match"), 1.0);
  EXPECT_EQ(ValueOf(recorded, "parses"), 1.0);
  EXPECT_NEAR(recorded.composite(), 1.0, 1e-9);
  EXPECT_EQ(recorded.answered().task().run_id(), "r1");
  EXPECT_EQ(recorded.answered().raw_text(), "x + 1\nmore");
  EXPECT_EQ(recorded.scorer_digest(), stored.score.scorer_digest);
  EXPECT_EQ(outbox_.events()[0].key, "r1/i1");
  EXPECT_EQ(outbox_.events()[0].topic, "evalloop.score.recorded.v1");
}

TEST_F(ScoreHandlerTest, ComparesABlockWhole) {
  v1::Event event = Answered();
  event.mutable_run_answered()
      ->mutable_task()
      ->mutable_revision()
      ->mutable_content()
      ->mutable_output()
      ->set_extent(v1::OutputPolicy::EXTENT_BLOCK);
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  EXPECT_EQ(ValueOf(OnlyEvent(), "exact_match"), 0.0);
}

TEST_F(ScoreHandlerTest, ASearchIsTakenWholeAndAReviewIsNotJudgedByNobody) {
  v1::Event event = Answered();
  v1::RunAnswered& answered = *event.mutable_run_answered();
  answered.set_raw_text("a.py:f\nlib/b.py:Box.open\n");
  v1::RunTask& task = *answered.mutable_task();
  task.set_task("search");
  task.clear_references();
  task.add_references("lib/b.py:Box.open");
  task.add_criteria("Is it among the first five?");
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ValueOf(recorded, "hit_at_5"), 1.0);
  EXPECT_EQ(ValueOf(recorded, "reciprocal_rank"), 0.5);
  EXPECT_NEAR(recorded.composite(), 0.9, 1e-9);
  EXPECT_EQ(ReasonOf(recorded, "parses"), "no_context");
  EXPECT_EQ(ReasonOf(recorded, "criteria_met"), "no_judge");
  EXPECT_EQ(recorded.answered().task().criteria_size(), 0);
}

TEST_F(ScoreHandlerTest, ARowWithoutAnAnswerIsStoredWithoutValues) {
  v1::Event event = Answered();
  event.mutable_run_answered()->set_infrastructure_error("no connection");
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ReasonOf(recorded, "chrf"), "infrastructure");
  EXPECT_FALSE(recorded.has_composite());
  EXPECT_EQ(store_.size(), 1u);
}

// An item with hidden tests, answered by a block.
v1::Event Tested(const std::string& text) {
  v1::Event event;
  event.set_event_id("t " + text);
  event.set_subject("r1/i1");
  v1::RunAnswered& answered = *event.mutable_run_answered();
  answered.set_raw_text(text);
  v1::RunTask& task = *answered.mutable_task();
  task.set_run_id("r1");
  task.set_item_id("i1");
  task.mutable_location()->set_language("python");
  task.set_prefix("def f():\n");
  task.set_suffix("\nmore");
  task.add_references("    return 1");
  task.mutable_tests()->set_program("check");
  task.mutable_tests()->set_entry_point("f");
  task.mutable_revision()->mutable_content()->mutable_output()->set_extent(
      v1::OutputPolicy::EXTENT_BLOCK);
  return event;
}

TEST_F(ScoreHandlerTest, RunsTheHiddenTestsOfAnItem) {
  ASSERT_THAT(Handle({Tested("    return right").SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ValueOf(recorded, "pass_at_1"), 1.0);
  EXPECT_EQ(ValueOf(recorded, "type_errors_delta"), 0.0);
  EXPECT_EQ(ValueOf(recorded, "security_delta"), 0.0);
  EXPECT_EQ(ReasonOf(recorded, "acceptance"), "not_asked");
  EXPECT_NEAR(recorded.composite(), 1.0, 1e-9);
  EXPECT_GT(tools_.asked, 0);
}

TEST_F(ScoreHandlerTest, AnAnswerThatFailsItsTestsIsScored) {
  ASSERT_THAT(Handle({Tested("    return 1").SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ValueOf(recorded, "pass_at_1"), 0.0);
  EXPECT_NEAR(recorded.composite(), 5.0 / 9, 1e-9);
  EXPECT_EQ(recorded.answered().infrastructure_error(), "");
}

TEST_F(ScoreHandlerTest, TheScoreNamesItsTaskWithoutRepeatingTheTexts) {
  ASSERT_THAT(Handle({Answered().SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(recorded.answered().raw_text(), "x + 1\nmore");
  EXPECT_EQ(recorded.answered().tally().typed_chars(), 7u);
  v1::RunTask named;
  named.set_run_id("r1");
  named.set_item_id("i1");
  named.set_sample(2);
  EXPECT_EQ(recorded.answered().task().SerializeAsString(),
            named.SerializeAsString());
}

TEST_F(ScoreHandlerTest, TestsThatCouldNotRunAreNoFailureOfTheAnswer) {
  ASSERT_THAT(Handle({Tested("    return lost").SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ReasonOf(recorded, "pass_at_1"), "infrastructure");
  EXPECT_FALSE(recorded.has_composite());
  EXPECT_NE(recorded.answered().infrastructure_error(), "");
}

TEST_F(ScoreHandlerTest, DeltasAreAgainstTheCodeWithoutTheAnswer) {
  v1::Event event = Answered();
  event.mutable_run_answered()->set_raw_text("x if x else invented(x)");
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(ValueOf(recorded, "complexity_delta"), 1.0);
  EXPECT_EQ(ValueOf(recorded, "secrets_delta"), 0.0);
  EXPECT_EQ(ValueOf(recorded, "licence_headers_delta"), 0.0);
  EXPECT_EQ(ValueOf(recorded, "complexity_vs_references"), 1.0);
  EXPECT_EQ(ValueOf(recorded, "invented_symbols"), 1.0);
  ASSERT_EQ(recorded.findings_size(), 1);
  EXPECT_EQ(recorded.findings(0).metric(), "invented_symbols");
  EXPECT_EQ(recorded.findings(0).rule(), "invented");
  EXPECT_EQ(recorded.findings(0).line(), 1u);
  EXPECT_EQ(ReasonOf(recorded, "type_errors_delta"), "not_in_rubric");
  EXPECT_EQ(tools_.asked, 0);
}

TEST_F(ScoreHandlerTest, NamesOfTheRepositoryAreNotInvented) {
  const auto invented = [&](const std::string& repository) {
    v1::Event event = Answered();
    event.set_event_id("e in " + repository);
    event.mutable_run_answered()->set_raw_text("elsewhere(x)");
    auto& task = *event.mutable_run_answered()->mutable_task();
    task.set_item_id("i " + repository);
    task.mutable_location()->set_repository(repository);
    EXPECT_THAT(Handle({event.SerializeAsString()}), IsOk());
    const auto stored =
        store_.Newest("runs/r1/items/i " + repository + "/samples/2");
    for (const MetricScore& metric : stored->score.metrics) {
      if (metric.metric == "invented_symbols") return metric;
    }
    return MetricScore{};
  };
  EXPECT_EQ(invented("/repo").value, 0.0);
  EXPECT_EQ(invented("/gone").reason, "no_repository");
  EXPECT_EQ(invented("").value, 1.0);
}

TEST_F(ScoreHandlerTest, TypingSaysHowMuchWasTaken) {
  v1::Event event = Answered();
  event.mutable_run_answered()->mutable_task()->set_mode(v1::RUN_MODE_TYPED);
  event.mutable_run_answered()->mutable_tally()->set_shown(4);
  event.mutable_run_answered()->mutable_tally()->set_accepted(1);
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  EXPECT_EQ(ValueOf(OnlyEvent(), "acceptance"), 0.25);
}

TEST_F(ScoreHandlerTest, ComparesALiveCompletionWithWhatWasTyped) {
  v1::Event event = Settled();
  event.mutable_completion_settled()->mutable_feedback()->set_text("a = 1\nb");
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  const v1::ScoreRecorded recorded = OnlyEvent();
  EXPECT_EQ(recorded.completion_id(), "cmpl-1");
  EXPECT_EQ(ValueOf(recorded, "exact_match"), 1.0);  // Hidden, not missing.
  EXPECT_EQ(ReasonOf(recorded, "parses"), "no_context");
  EXPECT_THAT(store_.Newest("completions/cmpl-1"), IsOk());
}

TEST_F(ScoreHandlerTest, KeepsWhatBecameOfWhatWasShown) {
  const auto outcome_of = [&](v1::FeedbackGiven::Kind kind, bool shown) {
    v1::Event event = Settled();
    static int number = 0;
    const std::string id = "cmpl-o" + std::to_string(++number);
    event.set_event_id(id);
    auto& settled = *event.mutable_completion_settled();
    settled.mutable_completion()->set_completion_id(id);
    settled.mutable_completion()->set_prompt("line");
    settled.mutable_completion()->set_shown(shown);
    settled.mutable_feedback()->set_kind(kind);
    EXPECT_THAT(Handle({event.SerializeAsString()}), IsOk());
    const auto stored = store_.Newest("completions/" + id);
    for (const MetricScore& metric : stored->score.metrics) {
      if (metric.metric != "acceptance") continue;
      EXPECT_EQ(metric.value.has_value(), stored->outcome.has_value());
      if (metric.value.has_value()) {
        EXPECT_EQ(*metric.value, stored->outcome->accepted ? 1.0 : 0.0);
      }
    }
    return stored->outcome;
  };
  EXPECT_EQ(outcome_of(v1::FeedbackGiven::KIND_ACCEPTED, true),
            (Outcome{true, "line python"}));
  EXPECT_EQ(outcome_of(v1::FeedbackGiven::KIND_REJECTED, true),
            (Outcome{false, "line python"}));
  EXPECT_EQ(outcome_of(v1::FeedbackGiven::KIND_TYPED, true), std::nullopt);
  EXPECT_EQ(outcome_of(v1::FeedbackGiven::KIND_DISMISSED, false), std::nullopt);
}

TEST_F(ScoreHandlerTest, WithoutATextThereIsNoReference) {
  ASSERT_THAT(Handle({Settled().SerializeAsString()}), IsOk());
  EXPECT_EQ(ReasonOf(OnlyEvent(), "chrf"), "no_reference");
}

TEST_F(ScoreHandlerTest, TheSameEventTwiceHasOneEffect) {
  ASSERT_THAT(Handle({Answered().SerializeAsString()}), IsOk());
  clock_.Advance(absl::Seconds(5));
  ASSERT_THAT(Handle({Answered().SerializeAsString()}), IsOk());
  EXPECT_EQ(store_.size(), 1u);
  EXPECT_EQ(outbox_.events().size(), 1u);
}

TEST_F(ScoreHandlerTest, ARunKeepsTheRubricOfItsFirstRow) {
  ASSERT_THAT(Handle({Answered().SerializeAsString()}), IsOk());
  Rubric other;
  other.name = "other";
  RubricTerm term;
  term.metric = "parses";
  term.weight = 1;
  term.group = "helpful";
  other.terms = {term};
  ASSERT_OK_AND_ASSIGN(const ScorerPtr pushed, rubrics_.Push(other));

  v1::Event second = Answered();
  second.set_event_id("e3");
  second.mutable_run_answered()->mutable_task()->set_sample(3);
  v1::Event elsewhere = Answered();
  elsewhere.set_event_id("e4");
  elsewhere.mutable_run_answered()->mutable_task()->set_run_id("r2");
  ASSERT_THAT(Handle({second.SerializeAsString(), elsewhere.SerializeAsString(),
                      Settled().SerializeAsString()}),
              IsOk());
  const auto digest_of = [&](std::string_view subject) {
    return store_.Newest(subject)->score.scorer_digest;
  };
  EXPECT_EQ(digest_of("runs/r1/items/i1/samples/3"),
            Scorer::BuiltIn().digest());
  EXPECT_EQ(digest_of("runs/r2/items/i1/samples/2"), pushed->digest());
  EXPECT_EQ(digest_of("completions/cmpl-1"), pushed->digest());
}

TEST_F(ScoreHandlerTest, LeavesOtherEventsAlone) {
  v1::Event event;
  event.set_event_id("e9");
  event.mutable_label_moved()->set_prompt("p");
  ASSERT_THAT(Handle({event.SerializeAsString()}), IsOk());
  EXPECT_EQ(store_.size(), 0u);
  EXPECT_TRUE(outbox_.events().empty());
}

TEST_F(ScoreHandlerTest, BadPayloadsAreTheRecordsFault) {
  EXPECT_THAT(Handle({"\xff\xff"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  v1::Event event = Answered();
  event.mutable_run_answered()->mutable_task()->clear_run_id();
  EXPECT_THAT(Handle({event.SerializeAsString()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  event = Settled();
  event.mutable_completion_settled()->clear_completion();
  EXPECT_THAT(Handle({event.SerializeAsString()}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(store_.size(), 0u);
}

}  // namespace
}  // namespace evalloop::scorer
