// Outcomes on their way from Kafka into Postgres, both real.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "evalloop/v1/events.pb.h"
#include "platform/base/clock.h"
#include "platform/delivery/transactional_consumer.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/producer.h"
#include "platform/postgres/transactor.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_database.h"
#include "platform/testing/test_topics.h"
#include "prompt_engine/store/postgres_outcome_records.h"
#include "prompt_engine/store/postgres_outcome_store.h"
#include "prompt_engine/store/postgres_watch_store.h"
#include "prompt_engine/stream/outcome_handler.h"
#include "protos/topics.h"

namespace evalloop::prompt_engine {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::TestDatabase;
using evalloop::testing::TestTopics;
using namespace std::chrono_literals;

std::vector<kafka::TopicSpec> Topics() {
  std::vector<kafka::TopicSpec> topics(2);
  topics[0].name = v1topics::kCompletionServed;
  topics[1].name = v1topics::kCompletionSettled;
  return topics;
}

class OutcomesIntegrationTest : public ::testing::Test {
 protected:
  std::unique_ptr<TestDatabase> database_ =
      TestDatabase::CreateOrDie({"prompt_engine/store/migrations"});
  std::unique_ptr<TestTopics> topics_ = TestTopics::CreateOrDie(Topics());
  postgres::Pool pool_{database_->Options("prompt_engine")};
  postgres::PostgresTransactor transactor_{pool_};
  PostgresOutcomeStore outcomes_;
  PostgresWatchStore watches_;
  PostgresOutcomeRecords records_;
  base::SystemClock clock_;
};

kafka::OutgoingRecord Settled(const std::string& topic, const std::string& id,
                              const std::string& text) {
  v1::Event event;
  event.set_event_id("settled-" + id);
  event.set_subject(id);
  v1::CompletionServed& served =
      *event.mutable_completion_settled()->mutable_completion();
  served.set_completion_id(id);
  served.set_prompt("complete/line");
  served.set_revision_version(1);
  served.set_model("ngram");
  served.set_session("s");
  served.mutable_location()->set_path("a.py");
  served.mutable_location()->set_language("python");
  served.set_raw_text("call(1)");
  for (const char* word : {"call", "(", "1", ")"}) {
    v1::CompletionToken& token = *served.add_tokens();
    token.set_text(word);
    token.set_log_probability(-0.5);
  }
  served.mutable_tokens(0)->set_order(6);
  served.set_shown(true);
  v1::FeedbackGiven& feedback =
      *event.mutable_completion_settled()->mutable_feedback();
  feedback.set_completion_id(id);
  feedback.set_kind(v1::FeedbackGiven::KIND_ACCEPTED);
  feedback.set_text(text);
  kafka::OutgoingRecord record;
  record.topic = topic;
  record.key = id;
  record.payload = event.SerializeAsString();
  record.headers = {{std::string(kafka::kEventIdHeader), event.event_id()}};
  return record;
}

kafka::OutgoingRecord Served(const std::string& topic, const std::string& id,
                             const std::string& error) {
  v1::Event event;
  event.set_event_id("served-" + id + error);
  event.set_subject(id);
  v1::CompletionServed& served = *event.mutable_completion_served();
  served.set_completion_id(id);
  served.set_prompt("complete/line");
  served.set_revision_version(1);
  served.set_model("ngram");
  served.set_error(error);
  kafka::OutgoingRecord record;
  record.topic = topic;
  record.key = id;
  record.payload = event.SerializeAsString();
  record.headers = {{std::string(kafka::kEventIdHeader), event.event_id()}};
  return record;
}

TEST_F(OutcomesIntegrationTest, ACompletionBecomesOneOutcomeSettledOrNot) {
  const std::string topic = topics_->Name(v1topics::kCompletionSettled);
  const std::string served_topic = topics_->Name(v1topics::kCompletionServed);
  kafka::ProducerOptions producer_options;
  producer_options.brokers = topics_->brokers();
  ASSERT_OK_AND_ASSIGN(auto producer, kafka::NewProducer(producer_options));
  OutcomeHandler handler(outcomes_, watches_, clock_, absl::Minutes(10));
  delivery::TransactionalConsumerOptions options;
  options.consumer = topics_->prefix() + ".outcomes";
  delivery::TransactionalConsumer consumer(
      options, transactor_, {{served_topic, &handler}, {topic, &handler}},
      [](std::string_view) {});
  std::jthread following([&](std::stop_token stop) {
    kafka::ConsumerOptions group;
    group.brokers = topics_->brokers();
    group.group_id = options.consumer;
    group.topics = {served_topic, topic};
    EXPECT_THAT(consumer.Run(stop,
                             [&](kafka::RebalanceListener& listener) {
                               return kafka::NewConsumer(group, listener);
                             }),
                IsOk());
  });
  // The same event twice, then one that is none, then another.
  const kafka::OutgoingRecord first = Settled(topic, "cmpl-1", "call(1)");
  kafka::OutgoingRecord broken = first;
  broken.payload = "not a proto";
  broken.headers.clear();
  const std::vector<kafka::OutgoingRecord> records = {
      first, first, broken, Settled(topic, "cmpl-2", "call(2)"),
      // Served and settled may come in any order; an intent says nothing yet.
      Served(served_topic, "cmpl-2", ""),
      Served(served_topic, "cmpl-3", "no_result"),
      Served(served_topic, "cmpl-4", "")};
  for (const absl::Status& sent : producer->Send(records, 30s, {})) {
    ASSERT_THAT(sent, IsOk());
  }
  const auto load = [&] {
    std::vector<Outcome> outcomes;
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
      auto found = outcomes_.Load(work, {}, 10);
      if (found.ok()) outcomes = *std::move(found);
      return found.status();
    }),
                IsOk());
    return outcomes;
  };
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  std::vector<Outcome> outcomes;
  const auto all_told = [&] {
    return outcomes.size() == 3 && outcomes[0].settle_time.has_value() &&
           outcomes[1].settle_time.has_value();
  };
  do {
    outcomes = load();
    std::this_thread::yield();
  } while (!all_told() && std::chrono::steady_clock::now() < deadline);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0].text, "call(1)");
  EXPECT_EQ(outcomes[1].text, "call(2)");
  EXPECT_TRUE(outcomes[1].settle_time.has_value());
  EXPECT_EQ(outcomes[2].completion_id, "cmpl-4");
  EXPECT_FALSE(outcomes[2].settle_time.has_value());
  ASSERT_EQ(outcomes[0].tokens.size(), 4U);
  EXPECT_EQ(outcomes[0].tokens[1].text, "(");
  EXPECT_EQ(outcomes[0].tokens[0].order, 6U);
  EXPECT_FALSE(outcomes[0].tokens[1].order.has_value());
  EXPECT_NEAR(outcomes[0].tokens[1].log_probability, -0.5, 1e-6);

  std::vector<OutcomeSummary> summaries;
  ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
    auto found = records_.Summarise(work, {});
    if (found.ok()) summaries = *std::move(found);
    return found.status();
  }),
              IsOk());
  ASSERT_EQ(summaries.size(), 1U);
  EXPECT_EQ(summaries[0].counts.completions, 3U);
  EXPECT_EQ(summaries[0].counts.settled, 2U);
  EXPECT_EQ(summaries[0].counts.accepted, 2U);
}

}  // namespace
}  // namespace evalloop::prompt_engine
