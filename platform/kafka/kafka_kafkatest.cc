// The Kafka clients: on a real broker, and on librdkafka's mock where errors
// are wanted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "platform/base/ids.h"
#include "platform/kafka/compacted_reader.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/mock_cluster.h"
#include "platform/kafka/producer.h"
#include "platform/kafka/topic_admin.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/test_topics.h"

namespace evalloop::kafka {
namespace {

using ::evalloop::testing::IsOk;
using ::evalloop::testing::StatusIs;
using ::evalloop::testing::TestTopics;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::ElementsAre;
using Steady = std::chrono::steady_clock;

constexpr seconds kPatience{30};

std::unique_ptr<Producer> ProducerFor(const std::string& brokers) {
  auto producer = NewProducer({.brokers = brokers});
  EXPECT_THAT(producer, IsOk());
  return *std::move(producer);
}

// Starts where it is told; from the beginning by default.
class Listener final : public RebalanceListener {
 public:
  std::vector<PartitionOffset> OnAssigned(
      std::span<const TopicPartition> partitions) override {
    std::vector<PartitionOffset> answer;
    for (const auto& partition : partitions) {
      const auto start = starts.find(partition.partition);
      answer.push_back({partition, start == starts.end()
                                       ? std::nullopt
                                       : std::optional(start->second)});
      owned.insert(partition);
    }
    return answer;
  }
  void OnRevoked(std::span<const TopicPartition> partitions) override {
    for (const auto& partition : partitions) owned.erase(partition);
  }
  std::map<std::int32_t, std::int64_t> starts;
  std::set<TopicPartition> owned;
};

std::vector<Record> Consume(Consumer& consumer, std::size_t count) {
  std::vector<Record> all;
  const auto deadline = Steady::now() + kPatience;
  while (all.size() < count && Steady::now() < deadline) {
    auto batch = consumer.PollBatch(100, milliseconds(200));
    if (!batch.ok()) continue;
    all.insert(all.end(), batch->begin(), batch->end());
  }
  return all;
}

TEST(KafkaTest, ARecordArrivesWithKeyPayloadAndHeaders) {
  const auto topics = TestTopics::CreateOrDie({{.name = "t"}});
  const auto producer = ProducerFor(topics->brokers());
  const std::vector<OutgoingRecord> records = {
      {.topic = topics->Name("t"),
       .key = "k",
       .payload = std::string("\0\xff", 2),
       .headers = {{std::string(kEventIdHeader), "e1"}}},
      {.topic = topics->Name("t"), .key = "k", .tombstone = true}};
  ASSERT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));

  Listener listener;
  const auto consumer = NewConsumer({.brokers = topics->brokers(),
                                     .group_id = topics->prefix(),
                                     .topics = {topics->Name("t")}},
                                    listener);
  ASSERT_THAT(consumer, IsOk());
  const auto read = Consume(**consumer, 2);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].key, "k");
  EXPECT_EQ(read[0].payload, std::string("\0\xff", 2));
  EXPECT_EQ(read[0].event_id(), "e1");
  EXPECT_TRUE(read[1].tombstone);
  EXPECT_EQ(read[1].event_id(), read[1].topic + "/" +
                                    std::to_string(read[1].partition) + "/" +
                                    std::to_string(read[1].offset));
  EXPECT_EQ(listener.owned.size(), 3u);
  EXPECT_NE((*consumer)->ClusterId(kPatience), "");
}

TEST(KafkaTest, TheListenerSaysWhereToStart) {
  const auto topics = TestTopics::CreateOrDie({{.name = "t", .partitions = 1}});
  const auto producer = ProducerFor(topics->brokers());
  const std::vector<OutgoingRecord> records = {
      {.topic = topics->Name("t"), .key = "k", .payload = "0"},
      {.topic = topics->Name("t"), .key = "k", .payload = "1"},
      {.topic = topics->Name("t"), .key = "k", .payload = "2"}};
  ASSERT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));
  Listener listener;
  listener.starts[0] = 2;
  const auto consumer = NewConsumer({.brokers = topics->brokers(),
                                     .group_id = topics->prefix(),
                                     .topics = {topics->Name("t")}},
                                    listener);
  ASSERT_THAT(consumer, IsOk());
  const auto read = Consume(**consumer, 1);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read[0].payload, "2");
}

TEST(KafkaTest, EnsuringTopicsTwiceIsNoError) {
  const auto topics = TestTopics::CreateOrDie(
      {{.name = "compacted", .partitions = 2, .compacted = true}});
  const std::vector<TopicSpec> again = {
      {.name = topics->Name("compacted"), .partitions = 2, .compacted = true}};
  EXPECT_THAT(EnsureTopics(topics->brokers(), again, kPatience), IsOk());
  EXPECT_THAT(Ping(topics->brokers(), kPatience), IsOk());
  EXPECT_THAT(Ping("127.0.0.1:1", milliseconds(200)),
              StatusIs(absl::StatusCode::kUnavailable));
}

// What a compacted reader has handed over, by key.
class Table {
 public:
  void Put(const Record& record) {
    {
      std::lock_guard lock(mu_);
      values_[record.key] = record.payload;
    }
    changed_.notify_all();
  }
  bool WaitFor(const std::string& key, const std::string& value) {
    std::unique_lock lock(mu_);
    return changed_.wait_for(lock, kPatience, [&] {
      const auto found = values_.find(key);
      return found != values_.end() && found->second == value;
    });
  }
  std::size_t size() {
    std::lock_guard lock(mu_);
    return values_.size();
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  std::map<std::string, std::string> values_;
};

TEST(KafkaTest, ACompactedReaderCatchesUpAndThenFollows) {
  const auto topics = TestTopics::CreateOrDie(
      {{.name = "a", .compacted = true}, {.name = "empty", .compacted = true}});
  const auto producer = ProducerFor(topics->brokers());
  std::vector<OutgoingRecord> records;
  for (int i = 0; i < 50; ++i) {
    records.push_back({.topic = topics->Name("a"),
                       .key = std::to_string(i),
                       .payload = "old"});
  }
  ASSERT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));
  Table table;
  const auto reader = StartCompactedReader(
      {.brokers = topics->brokers(),
       .topics = {topics->Name("a"), topics->Name("empty")}},
      [&](const Record& record) { table.Put(record); });
  ASSERT_THAT(reader, IsOk());
  ASSERT_THAT((*reader)->WaitCaughtUp(kPatience), IsOk());
  EXPECT_EQ(table.size(), 50u);

  const std::vector<OutgoingRecord> update = {
      {.topic = topics->Name("a"), .key = "7", .payload = "new"}};
  const auto sent = Steady::now();
  ASSERT_THAT(producer->Send(update, kPatience, {}), Each(IsOk()));
  EXPECT_TRUE(table.WaitFor("7", "new"));
  EXPECT_LT(Steady::now() - sent, seconds(1));
}

TEST(KafkaTest, ACompactedReaderWaitsForATopicThatIsNotThereYet) {
  const auto cluster = MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  Table table;
  const auto reader = StartCompactedReader(
      {.brokers = (*cluster)->brokers(), .topics = {"late"}},
      [&](const Record& record) { table.Put(record); });
  ASSERT_THAT(reader, IsOk());
  EXPECT_THAT((*reader)->WaitCaughtUp(milliseconds(50)),
              StatusIs(absl::StatusCode::kUnavailable));
  ASSERT_THAT((*cluster)->CreateTopic("late", 2), IsOk());
  EXPECT_THAT((*reader)->WaitCaughtUp(kPatience), IsOk());
}

TEST(KafkaTest, SendingOutlivesTransientBrokerErrors) {
  const auto cluster = MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = ProducerFor((*cluster)->brokers());
  (*cluster)->FailProduceRequests(3);
  const std::vector<OutgoingRecord> records = {
      {.topic = "t", .key = "k", .payload = "p"}};
  EXPECT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));
}

TEST(KafkaTest, SendingGivesUpInTimeAndWorksAgainWhenTheBrokerIsBack) {
  const auto cluster = MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = ProducerFor((*cluster)->brokers());
  const std::vector<OutgoingRecord> records = {
      {.topic = "t", .key = "k", .payload = "1"},
      {.topic = "t", .key = "k", .payload = "2"}};
  ASSERT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));
  (*cluster)->SetDown();
  EXPECT_THAT(producer->Send(records, milliseconds(300), {}),
              Each(StatusIs(absl::StatusCode::kUnavailable)));
  (*cluster)->SetUp();
  EXPECT_THAT(producer->Send(records, kPatience, {}), Each(IsOk()));
}

TEST(KafkaTest, ARecordTooLargeIsRefusedAndHoldsNobodyUp) {
  const auto cluster = MockCluster::Start();
  ASSERT_THAT(cluster, IsOk());
  ASSERT_THAT((*cluster)->CreateTopic("t", 1), IsOk());
  const auto producer = ProducerFor((*cluster)->brokers());
  const std::vector<OutgoingRecord> records = {
      {.topic = "t", .key = "k", .payload = std::string(3 << 20, 'x')},
      {.topic = "t", .key = "k", .payload = "small"}};
  EXPECT_THAT(
      producer->Send(records, kPatience, {}),
      ElementsAre(StatusIs(absl::StatusCode::kInvalidArgument), IsOk()));
}

TEST(KafkaTest, SendingStopsAtOnceWhenAskedTo) {
  const auto producer = ProducerFor("127.0.0.1:1");
  const std::vector<OutgoingRecord> records = {
      {.topic = "t", .key = "k", .payload = "p"}};
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  const auto start = Steady::now();
  EXPECT_THAT(producer->Send(records, kPatience, stop.get_token()),
              Each(StatusIs(absl::StatusCode::kUnavailable)));
  EXPECT_LT(Steady::now() - start, kPatience);
}

}  // namespace
}  // namespace evalloop::kafka
