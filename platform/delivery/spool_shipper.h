#ifndef EVALLOOP_PLATFORM_DELIVERY_SPOOL_SHIPPER_H_
#define EVALLOOP_PLATFORM_DELIVERY_SPOOL_SHIPPER_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/base/outbox.h"
#include "platform/base/spool.h"
#include "platform/delivery/observer.h"
#include "platform/kafka/producer.h"

namespace evalloop::delivery {

// An event as a spool entry, and back (nullopt: not such an entry).
std::string EncodeEvent(const base::OutgoingEvent& event);
std::optional<base::OutgoingEvent> DecodeEvent(std::string_view entry);

// Appends `event` to `spool`, from where a SpoolShipper sends it. Errors as
// Spool::Append's.
absl::Status AppendEvent(base::Spool& spool, const base::OutgoingEvent& event);

struct SpoolShipperOptions {
  std::size_t max_batch = 500;
  std::size_t max_batch_bytes = std::size_t{4} << 20;
  std::chrono::milliseconds poll_interval{200};
  std::chrono::milliseconds send_timeout{10'000};
  std::chrono::milliseconds first_backoff{50};
  std::chrono::milliseconds max_backoff{2'000};
};

// Ships a spool's events to Kafka in order and acknowledges them after their
// delivery reports; what was not acknowledged is sent again after a restart.
class SpoolShipper {
 public:
  // Both references outlive this object, which is the spool's only reader.
  SpoolShipper(SpoolShipperOptions options, base::Spool& spool,
               kafka::Producer& producer, Warn warn);

  // Ships until `stop`, then sends what is left for at most `drain`.
  void Run(std::stop_token stop, std::chrono::milliseconds drain);

  const Counters& counters() const { return counters_; }

 private:
  bool ShipBatch(std::chrono::milliseconds timeout, std::stop_token stop);

  const SpoolShipperOptions options_;
  base::Spool& spool_;
  kafka::Producer& producer_;
  const Warn warn_;
  Counters counters_;
};

}  // namespace evalloop::delivery

#endif  // EVALLOOP_PLATFORM_DELIVERY_SPOOL_SHIPPER_H_
