#ifndef EVALLOOP_PLATFORM_KAFKA_TOPIC_ADMIN_H_
#define EVALLOOP_PLATFORM_KAFKA_TOPIC_ADMIN_H_

#include <chrono>
#include <span>
#include <string>

#include "absl/status/status.h"

namespace evalloop::kafka {

struct TopicSpec {
  std::string name = {};
  int partitions = 3;
  int replication = -1;  // The brokers' default.
  bool compacted = false;
  // Of a topic that is not compacted.
  std::chrono::milliseconds retention{std::chrono::hours(7 * 24)};
};

// Makes those of `topics` that don't exist yet; one that exists is left as it
// is. Unavailable when the brokers don't answer within `timeout`.
// librdkafka's mock cluster knows no such request: there all topics must exist.
absl::Status EnsureTopics(const std::string& brokers,
                          std::span<const TopicSpec> topics,
                          std::chrono::milliseconds timeout);

// Deletes `topics`; one that does not exist is no error.
absl::Status DeleteTopics(const std::string& brokers,
                          std::span<const std::string> topics,
                          std::chrono::milliseconds timeout);

// OK when a broker answers a metadata request within `timeout`.
absl::Status Ping(const std::string& brokers,
                  std::chrono::milliseconds timeout);

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_TOPIC_ADMIN_H_
