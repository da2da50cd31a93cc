#include "platform/kafka/topic_admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

#include "platform/kafka/rdkafka_support.h"

namespace evalloop::kafka {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

using QueuePtr =
    std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using EventPtr =
    std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using NewTopicPtr =
    std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using DeleteTopicPtr = std::unique_ptr<rd_kafka_DeleteTopic_t,
                                       Destroyer<rd_kafka_DeleteTopic_destroy>>;
using AdminOptionsPtr =
    std::unique_ptr<rd_kafka_AdminOptions_t,
                    Destroyer<rd_kafka_AdminOptions_destroy>>;

absl::StatusOr<ClientPtr> AdminClient(const std::string& brokers) {
  auto conf = MakeConf({{"bootstrap.servers", brokers}});
  if (!conf.ok()) return conf.status();
  return MakeClient(RD_KAFKA_PRODUCER, *std::move(conf));
}

int Left(Steady::time_point deadline) {
  const auto left =
      std::chrono::ceil<milliseconds>(deadline - Steady::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 1, 60'000));
}

// The topics that have a leader for each partition.
absl::StatusOr<std::set<std::string>> ReadyTopics(rd_kafka_t* client,
                                                  int timeout_ms) {
  const rd_kafka_metadata_t* found = nullptr;
  const auto error =
      rd_kafka_metadata(client, /*all_topics=*/1, nullptr, &found, timeout_ms);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(error, "metadata");
  const std::unique_ptr<const rd_kafka_metadata_t,
                        Destroyer<rd_kafka_metadata_destroy>>
      metadata(found);
  std::set<std::string> ready;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    bool led = topic.partition_cnt > 0;
    for (int id = 0; id < topic.partition_cnt; ++id) {
      led = led && topic.partitions[id].leader >= 0;
    }
    if (led) ready.insert(topic.topic);
  }
  return ready;
}

absl::StatusOr<AdminOptionsPtr> MakeOptions(rd_kafka_t* client,
                                            rd_kafka_admin_op_t operation,
                                            int timeout_ms) {
  std::array<char, 512> error;
  AdminOptionsPtr options(rd_kafka_AdminOptions_new(client, operation));
  for (const auto set : {rd_kafka_AdminOptions_set_request_timeout,
                         rd_kafka_AdminOptions_set_operation_timeout}) {
    const auto code =
        set(options.get(), timeout_ms, error.data(), error.size());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return ToStatus(code, error.data());
  }
  return options;
}

// The first of an admin result's per-topic errors that is not `harmless`.
absl::Status ResultStatus(rd_kafka_event_t* event,
                          const rd_kafka_topic_result_t** results,
                          std::size_t count, rd_kafka_resp_err_t harmless) {
  if (const auto error = rd_kafka_event_error(event);
      error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return ToStatus(error, rd_kafka_event_error_string(event));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != harmless) {
      return ToStatus(error, rd_kafka_topic_result_name(results[i]));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<NewTopicPtr> MakeTopic(const TopicSpec& spec) {
  std::array<char, 512> error;
  NewTopicPtr topic(rd_kafka_NewTopic_new(spec.name.c_str(), spec.partitions,
                                          spec.replication, error.data(),
                                          error.size()));
  if (topic == nullptr) return absl::InvalidArgumentError(error.data());
  if (spec.compacted) {
    rd_kafka_NewTopic_set_config(topic.get(), "cleanup.policy", "compact");
  } else {
    rd_kafka_NewTopic_set_config(topic.get(), "cleanup.policy", "delete");
    rd_kafka_NewTopic_set_config(
        topic.get(), "retention.ms",
        std::to_string(spec.retention.count()).c_str());
  }
  return topic;
}

absl::Status Create(rd_kafka_t* client, std::span<const TopicSpec> specs,
                    int timeout_ms) {
  std::vector<NewTopicPtr> owned;
  std::vector<rd_kafka_NewTopic_t*> topics;
  for (const auto& spec : specs) {
    auto topic = MakeTopic(spec);
    if (!topic.ok()) return topic.status();
    topics.push_back(topic->get());
    owned.push_back(*std::move(topic));
  }
  const auto options =
      MakeOptions(client, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout_ms);
  if (!options.ok()) return options.status();
  const QueuePtr queue(rd_kafka_queue_new(client));
  rd_kafka_CreateTopics(client, topics.data(), topics.size(), options->get(),
                        queue.get());
  const EventPtr event(rd_kafka_queue_poll(queue.get(), timeout_ms + 1'000));
  if (event == nullptr) return absl::UnavailableError("no answer about topics");
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* result = rd_kafka_event_CreateTopics_result(event.get())) {
    results = rd_kafka_CreateTopics_result_topics(result, &count);
  }
  return ResultStatus(event.get(), results, count,
                      RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS);
}

}  // namespace

absl::Status EnsureTopics(const std::string& brokers,
                          std::span<const TopicSpec> topics,
                          milliseconds timeout) {
  const auto deadline = Steady::now() + timeout;
  const auto client = AdminClient(brokers);
  if (!client.ok()) return client.status();
  bool created = false;
  while (true) {
    const auto ready = ReadyTopics(client->get(), Left(deadline));
    if (!ready.ok()) return ready.status();
    std::vector<TopicSpec> missing;
    for (const auto& spec : topics) {
      if (!ready->contains(spec.name)) missing.push_back(spec);
    }
    if (missing.empty()) return absl::OkStatus();
    if (Steady::now() >= deadline) {
      return absl::UnavailableError(
          fmt::format("topic {} has no leader yet", missing.front().name));
    }
    if (!created) {
      auto status = Create(client->get(), missing, Left(deadline));
      if (!status.ok()) return status;
      created = true;
    } else {
      std::this_thread::sleep_for(
          milliseconds(20));  // Until leaders are known.
    }
  }
}

absl::Status DeleteTopics(const std::string& brokers,
                          std::span<const std::string> topics,
                          milliseconds timeout) {
  if (topics.empty()) return absl::OkStatus();
  const auto client = AdminClient(brokers);
  if (!client.ok()) return client.status();
  std::vector<DeleteTopicPtr> owned;
  std::vector<rd_kafka_DeleteTopic_t*> deleted;
  for (const auto& topic : topics) {
    owned.emplace_back(rd_kafka_DeleteTopic_new(topic.c_str()));
    deleted.push_back(owned.back().get());
  }
  const int timeout_ms = static_cast<int>(timeout.count());
  const auto options =
      MakeOptions(client->get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, timeout_ms);
  if (!options.ok()) return options.status();
  const QueuePtr queue(rd_kafka_queue_new(client->get()));
  rd_kafka_DeleteTopics(client->get(), deleted.data(), deleted.size(),
                        options->get(), queue.get());
  const EventPtr event(rd_kafka_queue_poll(queue.get(), timeout_ms + 1'000));
  if (event == nullptr) return absl::UnavailableError("no answer about topics");
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* result = rd_kafka_event_DeleteTopics_result(event.get())) {
    results = rd_kafka_DeleteTopics_result_topics(result, &count);
  }
  return ResultStatus(event.get(), results, count,
                      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
}

absl::Status Ping(const std::string& brokers, milliseconds timeout) {
  const auto client = AdminClient(brokers);
  if (!client.ok()) return client.status();
  return ReadyTopics(client->get(), static_cast<int>(timeout.count())).status();
}

}  // namespace evalloop::kafka
