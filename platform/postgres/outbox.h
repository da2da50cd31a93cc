#ifndef EVALLOOP_PLATFORM_POSTGRES_OUTBOX_H_
#define EVALLOOP_PLATFORM_POSTGRES_OUTBOX_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/base/outbox.h"

namespace evalloop::postgres {

// The channel on which a schema's outbox announces new rows.
std::string OutboxChannel(std::string_view schema);

// base::Outbox as rows of table `outbox` in the connection's schema; the insert
// also wakes the relay by NOTIFY at commit. Stateless, thread-safe.
class PostgresOutbox final : public base::Outbox {
 public:
  explicit PostgresOutbox(std::string_view schema)
      : channel_(OutboxChannel(schema)) {}

  absl::Status Add(base::UnitOfWork& work,
                   std::span<const base::OutgoingEvent> events) override;

 private:
  const std::string channel_;
};

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_OUTBOX_H_
