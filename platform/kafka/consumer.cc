#include "platform/kafka/consumer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "platform/kafka/rdkafka_support.h"

namespace evalloop::kafka {
namespace {

using std::chrono::milliseconds;

class RdKafkaConsumer final : public Consumer {
 public:
  explicit RdKafkaConsumer(RebalanceListener& listener) : listener_(listener) {}

  ~RdKafkaConsumer() override {
    if (client_ != nullptr) rd_kafka_consumer_close(client_.get());
  }

  absl::Status Start(const ConsumerOptions& options) {
    auto conf = MakeConf({{"bootstrap.servers", options.brokers},
                          {"client.id", options.client_id},
                          {"group.id", options.group_id},
                          {"enable.auto.commit", "false"},
                          {"enable.auto.offset.store", "false"},
                          {"auto.offset.reset", "earliest"},
                          {"partition.assignment.strategy", "range,roundrobin"},
                          {"session.timeout.ms",
                           std::to_string(options.session_timeout.count())},
                          {"heartbeat.interval.ms",
                           std::to_string(options.session_timeout.count() / 4)},
                          {"max.poll.interval.ms",
                           std::to_string(options.max_poll_interval.count())},
                          {"fetch.error.backoff.ms", "100"},
                          {"queued.max.messages.kbytes", "16384"}});
    if (!conf.ok()) return conf.status();
    rd_kafka_conf_set_rebalance_cb(conf->get(), OnRebalance);
    rd_kafka_conf_set_opaque(conf->get(), this);
    auto client = MakeClient(RD_KAFKA_CONSUMER, *std::move(conf));
    if (!client.ok()) return client.status();
    client_ = *std::move(client);
    rd_kafka_poll_set_consumer(client_.get());
    const PartitionsPtr topics(rd_kafka_topic_partition_list_new(
        static_cast<int>(options.topics.size())));
    for (const auto& topic : options.topics) {
      rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(),
                                        RD_KAFKA_PARTITION_UA);
    }
    return ToStatus(rd_kafka_subscribe(client_.get(), topics.get()),
                    "subscribe");
  }

  absl::StatusOr<std::vector<Record>> PollBatch(std::size_t max,
                                                milliseconds timeout) override {
    std::vector<Record> batch;
    // Not rd_kafka_consume_batch_queue: in 2.0.2 it skips offsets around a
    // seek or a rebalance.
    auto wait = timeout;
    while (batch.size() < max) {
      const auto generation = generation_;
      const MessagePtr message(rd_kafka_consumer_poll(
          client_.get(), static_cast<int>(wait.count())));
      // What was polled before a rebalance is fetched again after it, from
      // where the listener said, if it is still ours.
      if (generation != generation_) batch.clear();
      if (message == nullptr) break;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        batch.push_back(ToRecord(*message));
        wait = milliseconds(0);
      } else if (batch.empty() && !IsHarmless(message->err)) {
        return ToStatus(message->err, "consume");
      }
    }
    return batch;
  }

  std::string ClusterId(milliseconds timeout) override {
    char* const id =
        rd_kafka_clusterid(client_.get(), static_cast<int>(timeout.count()));
    if (id == nullptr) return "";
    std::string copy = id;
    rd_kafka_mem_free(client_.get(), id);
    return copy;
  }

  void CommitHint(std::span<const PartitionOffset> next) override {
    const PartitionsPtr list(
        rd_kafka_topic_partition_list_new(static_cast<int>(next.size())));
    for (const auto& [partition, offset] : next) {
      if (!offset.has_value()) continue;
      rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                        partition.partition)
          ->offset = *offset;
    }
    rd_kafka_commit(client_.get(), list.get(), /*async=*/1);
  }

 private:
  // Polling on cures these.
  static bool IsHarmless(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR__PARTITION_EOF ||
           error == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           error == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED;
  }

  static void OnRebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                          rd_kafka_topic_partition_list_t* partitions,
                          void* opaque) {
    auto& self = *static_cast<RdKafkaConsumer*>(opaque);
    ++self.generation_;
    std::vector<TopicPartition> named;
    for (int i = 0; i < partitions->cnt; ++i) {
      named.push_back(
          {partitions->elems[i].topic, partitions->elems[i].partition});
    }
    if (error != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      self.listener_.OnRevoked(named);
      rd_kafka_assign(client, nullptr);
      return;
    }
    const auto starts = self.listener_.OnAssigned(named);
    const PartitionsPtr list(
        rd_kafka_topic_partition_list_new(static_cast<int>(starts.size())));
    for (const auto& [partition, offset] : starts) {
      rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                        partition.partition)
          ->offset = offset.value_or(RD_KAFKA_OFFSET_BEGINNING);
    }
    rd_kafka_assign(client, list.get());
  }

  RebalanceListener& listener_;
  ClientPtr client_;
  std::uint64_t generation_ = 0;  // Of the assignment.
};

}  // namespace

absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(
    const ConsumerOptions& options, RebalanceListener& listener) {
  auto consumer = std::make_unique<RdKafkaConsumer>(listener);
  if (auto started = consumer->Start(options); !started.ok()) return started;
  return consumer;
}

}  // namespace evalloop::kafka
