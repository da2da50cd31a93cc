#ifndef EVALLOOP_PLATFORM_KAFKA_CONSUMER_H_
#define EVALLOOP_PLATFORM_KAFKA_CONSUMER_H_

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/kafka/record.h"

namespace evalloop::kafka {

struct TopicPartition {
  std::string topic = {};
  std::int32_t partition = 0;
  auto operator<=>(const TopicPartition&) const = default;
};

struct PartitionOffset {
  TopicPartition partition;
  std::optional<std::int64_t> offset = {};  // Absent: from the beginning.
};

// Told of rebalances, on the thread that is inside PollBatch.
class RebalanceListener {
 public:
  virtual ~RebalanceListener() = default;

  // Says where to start each of the partitions now assigned. May block while
  // the answer can't be had; those it leaves out are not consumed.
  virtual std::vector<PartitionOffset> OnAssigned(
      std::span<const TopicPartition> partitions) = 0;

  // These partitions may by now belong to someone else.
  virtual void OnRevoked(std::span<const TopicPartition> partitions) = 0;
};

// A member of a consumer group. One thread at a time.
class Consumer {
 public:
  virtual ~Consumer() = default;

  // Up to `max` records, waiting `timeout` for the first. Never mixes records
  // from before a rebalance with ones from after it. Unavailable: try again.
  virtual absl::StatusOr<std::vector<Record>> PollBatch(
      std::size_t max, std::chrono::milliseconds timeout) = 0;

  // The id that the cluster gave itself when it was made; empty when no broker
  // says so within `timeout`.
  virtual std::string ClusterId(std::chrono::milliseconds timeout) = 0;

  // Tells the broker, without waiting, how far we are, for lag metrics alone:
  // where we go on from is the listener's word.
  virtual void CommitHint(std::span<const PartitionOffset> next) = 0;
};

struct ConsumerOptions {
  std::string brokers = {};
  std::string group_id = {};
  std::string client_id = "evalloop";
  std::vector<std::string> topics = {};
  std::chrono::milliseconds session_timeout{10'000};
  std::chrono::milliseconds max_poll_interval{300'000};
};

// A librdkafka group consumer with the eager range assignor (the cooperative
// one of 2.0.2 is unsafe) and auto-commit off. `listener` outlives it.
absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(
    const ConsumerOptions& options, RebalanceListener& listener);

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_CONSUMER_H_
