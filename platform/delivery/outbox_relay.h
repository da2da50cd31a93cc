#ifndef EVALLOOP_PLATFORM_DELIVERY_OUTBOX_RELAY_H_
#define EVALLOOP_PLATFORM_DELIVERY_OUTBOX_RELAY_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>

#include "platform/base/backoff.h"
#include "platform/delivery/observer.h"
#include "platform/kafka/producer.h"
#include "platform/postgres/pool.h"

namespace evalloop::delivery {

struct OutboxRelayOptions {
  postgres::PoolOptions database = {};  // Opens one connection of its own.
  std::size_t max_batch = 500;
  std::chrono::milliseconds poll_interval{200};
  std::chrono::milliseconds send_timeout{10'000};
  std::chrono::milliseconds first_backoff{50};
  std::chrono::milliseconds max_backoff{2'000};
};

// Ships a schema's outbox rows to Kafka in the order of their ids and deletes
// each after its delivery report. An advisory lock lets one relay per schema
// work; the others stand by. Woken by NOTIFY, and every poll_interval in any
// case. Rows survive any failure of Kafka, Postgres or this process, so a row
// may be sent twice: consumers dedupe on ce_id.
class OutboxRelay {
 public:
  // `producer` outlives this object.
  OutboxRelay(OutboxRelayOptions options, kafka::Producer& producer, Warn warn);

  // Ships until `stop`, then returns within poll_interval or the statement at
  // hand.
  void Run(std::stop_token stop);

  const Counters& counters() const { return counters_; }

 private:
  enum class Shipped { kSome, kNothingThere, kFailed };

  void RunConnected(std::stop_token stop, base::Backoff& backoff);
  Shipped ShipBatch(pqxx::connection_base& connection, std::stop_token stop);

  const OutboxRelayOptions options_;
  kafka::Producer& producer_;
  const Warn warn_;
  Counters counters_;
};

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_OUTBOX_RELAY_H_
