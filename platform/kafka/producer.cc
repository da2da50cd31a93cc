#include "platform/kafka/producer.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "platform/base/sleep.h"
#include "platform/kafka/rdkafka_support.h"

namespace evalloop::kafka {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// The delivery reports that one Send waits for. Shared with the records in
// flight, which may outlive the wait.
class Reports {
 public:
  explicit Reports(std::size_t size)
      : statuses_(size, absl::UnavailableError("no delivery report in time")) {}

  void Expect() {
    std::lock_guard lock(mu_);
    ++pending_;
  }
  void Set(std::size_t index, absl::Status status, bool expected) {
    {
      std::lock_guard lock(mu_);
      statuses_[index] = std::move(status);
      if (expected) --pending_;
    }
    changed_.notify_all();
  }
  // False when some have not come.
  bool Wait(Steady::time_point deadline, std::stop_token stop) {
    std::unique_lock lock(mu_);
    return changed_.wait_until(lock, stop, deadline,
                               [this] { return pending_ == 0; });
  }
  std::vector<absl::Status> Statuses() {
    std::lock_guard lock(mu_);
    return statuses_;
  }

 private:
  std::mutex mu_;
  std::condition_variable_any changed_;
  std::size_t pending_ = 0;
  std::vector<absl::Status> statuses_;
};

// Rides with a record as its opaque pointer.
struct Ticket {
  std::shared_ptr<Reports> reports;
  std::size_t index;
};

void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Ticket> ticket(static_cast<Ticket*>(message->_private));
  ticket->reports->Set(ticket->index, ToStatus(message->err, "produce"), true);
}

// One librdkafka producer and the thread that serves its reports.
class Client {
 public:
  static absl::StatusOr<std::shared_ptr<Client>> Make(
      const ProducerOptions& options) {
    auto conf = MakeConf(
        {{"bootstrap.servers", options.brokers},
         {"client.id", options.client_id},
         {"enable.idempotence", "true"},
         // A record given up on must not be overtaken by later ones: the client
         // turns fatal instead, and all of them are sent again by a new one.
         {"enable.gapless.guarantee", "true"},
         {"acks", "all"},
         {"compression.codec", "lz4"},
         {"partitioner", "murmur2_random"},  // As Java's clients place keys.
         {"queue.buffering.max.ms", std::to_string(options.linger.count())},
         {"message.timeout.ms",
          std::to_string(options.delivery_timeout.count())},
         {"queue.buffering.max.messages",
          std::to_string(options.max_queued_records)},
         {"queue.buffering.max.kbytes",
          std::to_string(options.max_queued_kilobytes)}});
    if (!conf.ok()) return conf.status();
    rd_kafka_conf_set_dr_msg_cb(conf->get(), OnDelivery);
    auto handle = MakeClient(RD_KAFKA_PRODUCER, *std::move(conf));
    if (!handle.ok()) return handle.status();
    return std::make_shared<Client>(*std::move(handle));
  }

  explicit Client(ClientPtr handle)
      : handle_(std::move(handle)), poller_([this](std::stop_token stop) {
          while (!stop.stop_requested()) rd_kafka_poll(handle_.get(), 100);
        }) {}

  ~Client() {
    poller_.request_stop();
    poller_.join();
    // Brings a report for every record left, which frees its ticket.
    rd_kafka_purge(handle_.get(),
                   RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(handle_.get(), 5'000);
  }

  rd_kafka_t* get() { return handle_.get(); }

  bool IsFatal() {
    return rd_kafka_fatal_error(handle_.get(), nullptr, 0) !=
           RD_KAFKA_RESP_ERR_NO_ERROR;
  }

 private:
  ClientPtr handle_;
  std::jthread poller_;  // Last: started after the handle exists.
};

class RdKafkaProducer final : public Producer {
 public:
  RdKafkaProducer(ProducerOptions options, std::shared_ptr<Client> client)
      : options_(std::move(options)), client_(std::move(client)) {}

  std::vector<absl::Status> Send(std::span<const OutgoingRecord> records,
                                 milliseconds timeout,
                                 std::stop_token stop) override {
    const auto client = Current();
    if (!client.ok()) {
      return std::vector<absl::Status>(records.size(), client.status());
    }
    const auto deadline = Steady::now() + timeout;
    const auto reports = std::make_shared<Reports>(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
      reports->Expect();
      auto enqueued =
          Enqueue(**client, records[i], {reports, i}, deadline, stop);
      if (!enqueued.ok()) reports->Set(i, std::move(enqueued), true);
    }
    const bool complete = reports->Wait(deadline, stop);
    // A client that kept us waiting may still hold records that we are about
    // to call failed; with a new one none of them is sent after its resend.
    if ((!complete && !stop.stop_requested()) || (*client)->IsFatal()) {
      Drop(*client);
    }
    auto statuses = reports->Statuses();
    FailFollowers(records, statuses);
    return statuses;
  }

 private:
  absl::StatusOr<std::shared_ptr<Client>> Current() {
    std::lock_guard lock(mu_);
    if (client_ == nullptr) {
      auto made = Client::Make(options_);
      if (!made.ok()) return made.status();
      client_ = *std::move(made);
    }
    return client_;
  }

  void Drop(const std::shared_ptr<Client>& client) {
    std::lock_guard lock(mu_);
    if (client_ == client) client_.reset();
  }

  // Waits for room in the queue: back-pressure on the caller.
  static absl::Status Enqueue(Client& client, const OutgoingRecord& record,
                              Ticket ticket, Steady::time_point deadline,
                              std::stop_token stop) {
    auto owned = std::make_unique<Ticket>(std::move(ticket));
    while (true) {
      const auto error = Produce(client.get(), record, owned.get());
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        owned.release();  // OnDelivery's now.
        return absl::OkStatus();
      }
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL || stop.stop_requested() ||
          Steady::now() >= deadline) {
        return ToStatus(error, "enqueue");
      }
      base::SleepUnlessStopped(stop, milliseconds(5));
    }
  }

  static rd_kafka_resp_err_t Produce(rd_kafka_t* client,
                                     const OutgoingRecord& record,
                                     Ticket* ticket) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const Header& header : record.headers) {
      rd_kafka_header_add(
          headers, header.name.data(), static_cast<ssize_t>(header.name.size()),
          header.value.data(), static_cast<ssize_t>(header.value.size()));
    }
    void* const payload =
        record.tombstone ? nullptr : const_cast<char*>(record.payload.data());
    const auto error = rd_kafka_producev(
        client, RD_KAFKA_V_TOPIC(record.topic.c_str()),
        RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
        RD_KAFKA_V_VALUE(payload, record.tombstone ? 0 : record.payload.size()),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_OPAQUE(ticket), RD_KAFKA_V_END);
    // On success the message owns them.
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
    return error;
  }

  static void FailFollowers(std::span<const OutgoingRecord> records,
                            std::vector<absl::Status>& statuses) {
    std::set<std::pair<std::string_view, std::string_view>> failed;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::pair<std::string_view, std::string_view> key = {
          records[i].topic, records[i].key};
      // A record that can never be sent holds nobody up.
      if (absl::IsInvalidArgument(statuses[i])) continue;
      if (!statuses[i].ok()) {
        failed.insert(key);
      } else if (failed.contains(key)) {
        statuses[i] =
            absl::UnavailableError("an earlier record of its key failed");
      }
    }
  }

  const ProducerOptions options_;
  std::mutex mu_;
  std::shared_ptr<Client> client_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Producer>> NewProducer(ProducerOptions options) {
  auto client = Client::Make(options);
  if (!client.ok()) return client.status();
  return std::make_unique<RdKafkaProducer>(std::move(options),
                                           *std::move(client));
}

}  // namespace evalloop::kafka
