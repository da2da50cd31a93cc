#ifndef EVALLOOP_PLATFORM_KAFKA_PRODUCER_H_
#define EVALLOOP_PLATFORM_KAFKA_PRODUCER_H_

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/kafka/record.h"

namespace evalloop::kafka {

// Sends records and waits for the brokers' word. Thread-safe.
class Producer {
 public:
  virtual ~Producer() = default;

  // Sends `records` in order and waits, at most `timeout` and not after `stop`
  // is requested, for every delivery report. The answer is parallel to the
  // input: OK when all in-sync replicas have the record; otherwise it may or
  // may not be in the log, and sending it again is right. Once a record fails,
  // every later record of this call with the same topic and key fails too, so
  // that a resend keeps a key's order. InvalidArgument alone is final: no
  // resend will help (a record too large).
  virtual std::vector<absl::Status> Send(
      std::span<const OutgoingRecord> records,
      std::chrono::milliseconds timeout, std::stop_token stop) = 0;
};

struct ProducerOptions {
  std::string brokers = {};  // host:port,host:port
  std::string client_id = "evalloop";
  std::chrono::milliseconds linger{1};
  std::chrono::milliseconds delivery_timeout{30'000};
  int max_queued_records = 20'000;
  int max_queued_kilobytes = 65'536;
};

// An idempotent librdkafka producer (acks=all, lz4, Java's murmur2
// partitioner). A fatal error of the client makes a new one on the next Send.
// InvalidArgument on options that librdkafka refuses.
absl::StatusOr<std::unique_ptr<Producer>> NewProducer(ProducerOptions options);

}  // namespace evalloop::kafka

#endif  // EVALLOOP_PLATFORM_KAFKA_PRODUCER_H_
