// The scorer's stream on real engines: an answer comes in over Kafka, becomes
// one row in Postgres and one event on Kafka, however often it is delivered.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/base/clock.h"
#include "platform/delivery/event_record.h"
#include "platform/delivery/outbox_relay.h"
#include "platform/delivery/transactional_consumer.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/producer.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"
#include "protos/topics.h"
#include "scorer/store/postgres_rubric_store.h"
#include "scorer/store/postgres_score_store.h"
#include "scorer/stream/score_handler.h"

namespace evalloop::scorer {
namespace {

using std::chrono::seconds;
using testing::IsOk;

// Reads a topic from its beginning.
class FromBeginning final : public kafka::RebalanceListener {
 public:
  std::vector<kafka::PartitionOffset> OnAssigned(
      std::span<const kafka::TopicPartition> partitions) override {
    std::vector<kafka::PartitionOffset> starts;
    for (const auto& partition : partitions) starts.push_back({partition, {}});
    return starts;
  }
  void OnRevoked(std::span<const kafka::TopicPartition>) override {}
};

class ScoreStreamTest : public ::testing::Test {
 protected:
  ScoreStreamTest()
      : db_(testing::TestDatabase::CreateOrDie({"scorer/store/migrations"})),
        topics_(testing::TestTopics::CreateOrDie(
            {{.name = std::string(v1topics::kRunAnswered)},
             {.name = std::string(v1topics::kScoreRecorded)}})),
        pool_(db_->Options("scorer")),
        transactor_(pool_),
        outbox_("scorer"),
        store_(pool_),
        rubric_store_(pool_),
        rubrics_(rubric_store_, transactor_),
        handler_(store_, rubrics_, outbox_, clock_,
                 topics_->Name(v1topics::kScoreRecorded)) {
    auto producer = kafka::NewProducer({.brokers = topics_->brokers()});
    EXPECT_THAT(producer, IsOk());
    producer_ = *std::move(producer);
  }

  void Send(const std::vector<v1::Event>& events) {
    std::vector<kafka::OutgoingRecord> records;
    for (const v1::Event& event : events) {
      records.push_back(
          delivery::ToRecord({.event_id = event.event_id(),
                              .topic = topics_->Name(v1topics::kRunAnswered),
                              .key = event.subject(),
                              .payload = event.SerializeAsString()}));
    }
    for (const absl::Status& sent :
         producer_->Send(records, seconds(30), std::stop_token())) {
      EXPECT_THAT(sent, IsOk());
    }
  }

  // Runs consumer and relay until `count` scores came out or time is up, and a
  // little longer for those that should not come.
  std::vector<v1::Event> RunUntil(std::size_t count) {
    delivery::TransactionalConsumer consumer(
        {.consumer = "scorer"}, transactor_,
        {{topics_->Name(v1topics::kRunAnswered), &handler_}},
        [](std::string_view) {});
    delivery::OutboxRelay relay({.database = db_->Options("scorer")},
                                *producer_, [](std::string_view) {});
    std::jthread following([&](std::stop_token stop) {
      EXPECT_THAT(consumer.Run(stop,
                               [&](kafka::RebalanceListener& listener) {
                                 return kafka::NewConsumer(
                                     Options("scorer", v1topics::kRunAnswered),
                                     listener);
                               }),
                  IsOk());
    });
    std::jthread relaying([&](std::stop_token stop) { relay.Run(stop); });

    FromBeginning from_beginning;
    auto reader =
        kafka::NewConsumer(Options("reader" + std::to_string(++readers_),
                                   v1topics::kScoreRecorded),
                           from_beginning);
    EXPECT_THAT(reader, IsOk());
    std::vector<v1::Event> seen;
    auto until = std::chrono::steady_clock::now() + seconds(60);
    while (std::chrono::steady_clock::now() < until) {
      const auto batch =
          (*reader)->PollBatch(100, std::chrono::milliseconds(200));
      if (!batch.ok()) continue;
      for (const kafka::Record& record : *batch) {
        EXPECT_TRUE(seen.emplace_back().ParseFromString(record.payload));
      }
      if (seen.size() >= count) {
        until = std::min(until, std::chrono::steady_clock::now() + seconds(2));
        count = seen.size() + 1'000'000;
      }
    }
    return seen;
  }

  kafka::ConsumerOptions Options(const std::string& group,
                                 std::string_view topic) {
    return {.brokers = topics_->brokers(),
            .group_id = topics_->prefix() + "." + group,
            .topics = {topics_->Name(topic)}};
  }

  static v1::Event Answered(int item) {
    v1::Event event;
    event.set_event_id("answered-" + std::to_string(item));
    event.set_subject("r/" + std::to_string(item));
    v1::RunAnswered& answered = *event.mutable_run_answered();
    answered.set_raw_text("return x");
    answered.mutable_task()->set_run_id("r");
    answered.mutable_task()->set_item_id(std::to_string(item));
    answered.mutable_task()->add_references("return y");
    return event;
  }

  std::unique_ptr<testing::TestDatabase> db_;
  std::unique_ptr<testing::TestTopics> topics_;
  postgres::Pool pool_;
  postgres::PostgresTransactor transactor_;
  postgres::PostgresOutbox outbox_;
  base::SystemClock clock_;
  PostgresScoreStore store_;
  PostgresRubricStore rubric_store_;
  Rubrics rubrics_;
  ScoreHandler handler_;
  std::unique_ptr<kafka::Producer> producer_;
  int readers_ = 0;
};

TEST_F(ScoreStreamTest, ScoresEachAnswerOnceHoweverOftenItIsDelivered) {
  std::vector<v1::Event> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(Answered(i));
  Send(answers);
  Send(answers);  // The same events again.
  const std::vector<v1::Event> first = RunUntil(20);
  ASSERT_EQ(first.size(), 20u);
  std::set<std::string> ids;
  std::set<std::string> subjects;
  for (const v1::Event& event : first) {
    ids.insert(event.event_id());
    subjects.insert(event.subject());
    EXPECT_EQ(event.score_recorded().answered().task().run_id(), "r");
    EXPECT_TRUE(event.score_recorded().has_composite());
  }
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_EQ(subjects.size(), 20u);

  // A scorer that starts again, and the same events once more.
  Send(answers);
  Send({Answered(20)});
  const std::vector<v1::Event> all = RunUntil(21);
  EXPECT_EQ(all.size(), 21u);
  ASSERT_OK_AND_ASSIGN(const auto rows, store_.List("runs/r/", {}, 100));
  EXPECT_EQ(rows.size(), 21u);
}

}  // namespace
}  // namespace evalloop::scorer
