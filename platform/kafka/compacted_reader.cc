#include "platform/kafka/compacted_reader.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "platform/base/sleep.h"
#include "platform/kafka/consumer.h"
#include "platform/kafka/rdkafka_support.h"

namespace evalloop::kafka {
namespace {

using std::chrono::milliseconds;

class RdKafkaCompactedReader final : public CompactedReader {
 public:
  RdKafkaCompactedReader(ClientPtr client, std::vector<std::string> topics,
                         std::function<void(const Record&)> on_record)
      : client_(std::move(client)),
        topics_(std::move(topics)),
        on_record_(std::move(on_record)),
        thread_([this](std::stop_token stop) { Run(stop); }) {}

  ~RdKafkaCompactedReader() override {
    thread_.request_stop();
    thread_.join();
    rd_kafka_consumer_close(client_.get());
  }

  absl::Status WaitCaughtUp(milliseconds timeout) override {
    std::unique_lock lock(mu_);
    if (changed_.wait_for(lock, timeout, [this] { return caught_up_; })) {
      return absl::OkStatus();
    }
    return absl::UnavailableError("not all of " + topics_.front() +
                                  " and its like could be read yet");
  }

 private:
  void Run(std::stop_token stop) {
    PartitionsPtr partitions;
    while ((partitions = FindPartitions()) == nullptr) {
      base::SleepUnlessStopped(stop, milliseconds(200));
      if (stop.stop_requested()) return;
    }
    std::set<TopicPartition> behind;
    for (int i = 0; i < partitions->cnt; ++i) {
      behind.insert(
          {partitions->elems[i].topic, partitions->elems[i].partition});
    }
    rd_kafka_assign(client_.get(), partitions.get());
    while (!stop.stop_requested()) {
      const MessagePtr message(rd_kafka_consumer_poll(client_.get(), 100));
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        on_record_(ToRecord(*message));
      } else if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF &&
                 behind.erase(
                     {rd_kafka_topic_name(message->rkt), message->partition}) &&
                 behind.empty()) {
        {
          std::lock_guard lock(mu_);
          caught_up_ = true;
        }
        changed_.notify_all();
      }
    }
  }

  // Every partition of every topic, from its beginning; null when one of the
  // topics can't be seen yet.
  PartitionsPtr FindPartitions() {
    const rd_kafka_metadata_t* found = nullptr;
    // All topics: asking for one by name might create it.
    if (rd_kafka_metadata(client_.get(), /*all_topics=*/1, nullptr, &found,
                          1'000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return nullptr;
    }
    const std::unique_ptr<const rd_kafka_metadata_t,
                          Destroyer<rd_kafka_metadata_destroy>>
        metadata(found);
    PartitionsPtr partitions(rd_kafka_topic_partition_list_new(8));
    std::set<std::string> missing(topics_.begin(), topics_.end());
    for (int i = 0; i < metadata->topic_cnt; ++i) {
      const auto& topic = metadata->topics[i];
      if (topic.partition_cnt == 0 || missing.erase(topic.topic) == 0) continue;
      for (int id = 0; id < topic.partition_cnt; ++id) {
        rd_kafka_topic_partition_list_add(partitions.get(), topic.topic, id)
            ->offset = RD_KAFKA_OFFSET_BEGINNING;
      }
    }
    return missing.empty() ? std::move(partitions) : nullptr;
  }

  const ClientPtr client_;
  const std::vector<std::string> topics_;
  const std::function<void(const Record&)> on_record_;
  std::mutex mu_;
  std::condition_variable changed_;
  bool caught_up_ = false;
  std::jthread thread_;  // Last: started after the rest exists.
};

}  // namespace

absl::StatusOr<std::unique_ptr<CompactedReader>> StartCompactedReader(
    CompactedReaderOptions options,
    std::function<void(const Record&)> on_record) {
  if (options.topics.empty()) {
    return absl::InvalidArgumentError("no topics to read");
  }
  auto conf = MakeConf({{"bootstrap.servers", options.brokers},
                        {"client.id", options.client_id},
                        // Demanded by librdkafka; without subscribe or commit
                        // no group of that name comes to be.
                        {"group.id", options.client_id + "-reader"},
                        {"enable.auto.commit", "false"},
                        {"enable.auto.offset.store", "false"},
                        {"auto.offset.reset", "earliest"},
                        {"enable.partition.eof", "true"},
                        {"fetch.error.backoff.ms", "100"},
                        {"queued.max.messages.kbytes", "16384"}});
  if (!conf.ok()) return conf.status();
  auto client = MakeClient(RD_KAFKA_CONSUMER, *std::move(conf));
  if (!client.ok()) return client.status();
  rd_kafka_poll_set_consumer(client->get());
  return std::make_unique<RdKafkaCompactedReader>(
      *std::move(client), std::move(options.topics), std::move(on_record));
}

}  // namespace evalloop::kafka
