#include "platform/postgres/outbox.h"

#include <vector>

#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::postgres {

std::string OutboxChannel(std::string_view schema) {
  return "evalloop_outbox_" + std::string(schema);
}

absl::Status PostgresOutbox::Add(base::UnitOfWork& work,
                                 std::span<const base::OutgoingEvent> events) {
  if (events.empty()) return absl::OkStatus();
  std::vector<std::string> ids;
  std::vector<std::string> topics;
  std::vector<std::string> keys;
  std::vector<std::string> payloads;
  for (const auto& event : events) {
    ids.push_back(event.event_id);
    topics.push_back(event.topic);
    keys.push_back(event.key);
    payloads.push_back(event.payload);
  }
  return Guard([&] {
    auto& tx = Of(work);
    // ORDER BY the ordinality: the ids, and with them the order on the topic,
    // follow the caller's order.
    tx.exec_params(
        "WITH added AS (INSERT INTO outbox (event_id, topic, key, payload) "
        "SELECT event_id, topic, key, payload FROM unnest("
        "$1::text[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY "
        "AS event (event_id, topic, key, payload, place) ORDER BY place "
        "ON CONFLICT (event_id) DO NOTHING) SELECT pg_notify($5, '')",
        TextArray(ids), TextArray(topics), TextArray(keys),
        BytesArray(payloads), channel_);
  });
}

}  // namespace evalloop::postgres
