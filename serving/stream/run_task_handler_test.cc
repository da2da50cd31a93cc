#include "serving/stream/run_task_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evalloop/v1/events.pb.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;

kafka::Record TaskRecord(const std::string& item) {
  v1::Event event;
  event.set_event_id("event-" + item);
  event.set_subject("run/" + item);
  v1::RunTask& task = *event.mutable_run_task();
  task.set_run_id("run");
  task.set_item_id(item);
  task.set_prefix("x = ");
  task.set_mode(v1::RUN_MODE_ONCE);
  task.set_index_commit("abc");
  v1::Revision& revision = *task.mutable_revision();
  revision.set_prompt("complete");
  revision.set_version(1);
  revision.mutable_content()->mutable_model()->set_name("small");
  revision.mutable_content()->mutable_template_()->set_form(
      v1::Template::FORM_PREFIX_SUFFIX);
  kafka::Record record;
  record.topic = "run.task";
  record.payload = event.SerializeAsString();
  record.headers = {{"ce_id", event.event_id()}};
  return record;
}

class RunTaskHandlerTest : public ::testing::Test {
 protected:
  absl::Status Handle(const std::vector<kafka::Record>& records) {
    std::vector<const kafka::Record*> fresh;
    for (const kafka::Record& record : records) fresh.push_back(&record);
    return transactor_.Run(
        [&](base::UnitOfWork& work) { return handler_.Handle(work, fresh); });
  }
  v1::Event Sent(std::size_t index) {
    v1::Event event;
    EXPECT_TRUE(event.ParseFromString(outbox_.events().at(index).payload));
    return event;
  }

  LiveFixture fixture_;
  testing::FakeTransactor transactor_;
  testing::FakeOutbox outbox_;
  bool stopped_ = false;
  RunAnswerer answerer_{fixture_.completer, {}, [](auto) {}};
  RunTaskHandler handler_{
      answerer_, outbox_, fixture_.clock, {.topic = "run.answered"}, [this] {
        return stopped_;
      }};
};

TEST_F(RunTaskHandlerTest, AnswersEveryTaskOnceUnderAnIdDerivedFromItsCause) {
  std::vector<kafka::Record> records;
  for (int i = 0; i < 20; ++i) records.push_back(TaskRecord(std::to_string(i)));
  ASSERT_THAT(Handle(records), IsOk());
  ASSERT_THAT(outbox_.events(), SizeIs(20));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const v1::Event event = Sent(i);
    EXPECT_EQ(outbox_.events()[i].topic, "run.answered");
    EXPECT_EQ(event.subject(), "run/" + std::to_string(i));
    EXPECT_EQ(event.run_answered().task().item_id(), std::to_string(i));
    EXPECT_EQ(event.run_answered().raw_text(), "answer");
    EXPECT_TRUE(event.run_answered().shown());
    EXPECT_EQ(event.run_answered().model_snapshot(), "snap");
  }
  ASSERT_THAT(Handle({TaskRecord("3")}), IsOk());
  EXPECT_THAT(outbox_.events(), SizeIs(20)) << "the same cause, the same id";
}

TEST_F(RunTaskHandlerTest, PutsTheRevisionsIncludesIn) {
  kafka::Record record = TaskRecord("a");
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(record.payload));
  v1::RevisionContent& content =
      *event.mutable_run_task()->mutable_revision()->mutable_content();
  content.mutable_template_()->set_text("{{> head}}{{prefix}}");
  v1::Include& include = *content.add_includes();
  include.set_name("head");
  include.set_text("# head\n");
  record.payload = event.SerializeAsString();
  ASSERT_THAT(Handle({record}), IsOk());
  EXPECT_EQ(fixture_.provider.requests().at(0).prompt, "# head\nx = ");
}

TEST_F(RunTaskHandlerTest, PinsTheIndexToTheTasksCommit) {
  ASSERT_THAT(Handle({TaskRecord("a")}), IsOk());
  EXPECT_EQ(fixture_.provider.requests().at(0).index_commit, "abc");
}

TEST_F(RunTaskHandlerTest, AsksTheModelOnceThoughTheCommitFails) {
  const std::vector<kafka::Record> records = {TaskRecord("a")};
  std::vector<const kafka::Record*> fresh = {&records[0]};
  const auto rolled_back = transactor_.Run([&](base::UnitOfWork& work) {
    EXPECT_THAT(handler_.Handle(work, fresh), IsOk());
    return absl::UnavailableError("commit failed");
  });
  ASSERT_FALSE(rolled_back.ok());
  ASSERT_THAT(Handle(records), IsOk());
  EXPECT_THAT(outbox_.events(), SizeIs(1));
  EXPECT_THAT(fixture_.provider.requests(), SizeIs(1));
}

TEST_F(RunTaskHandlerTest, LeavesTasksForLaterWhenTheProcessStops) {
  stopped_ = true;
  EXPECT_THAT(Handle({TaskRecord("a")}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(outbox_.events(), SizeIs(0));
}

TEST_F(RunTaskHandlerTest, NamesPoison) {
  kafka::Record record = TaskRecord("a");
  record.payload = "no event";
  EXPECT_THAT(Handle({record}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RunTaskHandlerTest, TellsAnUnansweredRowByItsError) {
  fixture_.provider.Next(absl::InvalidArgumentError("refused"));
  ASSERT_THAT(Handle({TaskRecord("a")}), IsOk());
  EXPECT_THAT(Sent(0).run_answered().infrastructure_error(),
              ::testing::HasSubstr("refused"));
}

}  // namespace
}  // namespace evalloop::serving
