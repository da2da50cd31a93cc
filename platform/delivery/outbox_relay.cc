#include "platform/delivery/outbox_relay.h"

#include <fmt/format.h>

#include <pqxx/pqxx>
#include <span>
#include <utility>
#include <vector>

#include "platform/base/backoff.h"
#include "platform/base/sleep.h"
#include "platform/delivery/event_record.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/outbox.h"
#include "platform/postgres/values.h"

namespace evalloop::delivery {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// LISTENs for as long as it lives; what is said does not matter, that something
// is said ends the wait.
class Wake final : public pqxx::notification_receiver {
 public:
  Wake(pqxx::connection_base& connection, const std::string& channel)
      : pqxx::notification_receiver(connection, channel) {}
  void operator()(const std::string&, int) override {}
};

// Of the session: a relay that dies gives it back with its connection.
bool TryLock(pqxx::connection_base& connection, const std::string& channel) {
  pqxx::nontransaction tx(connection);
  return tx
      .exec_params("SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
                   channel)[0][0]
      .as<bool>();
}

struct Row {
  std::int64_t id = 0;
  kafka::OutgoingRecord record;
};

std::vector<Row> Oldest(pqxx::connection_base& connection, std::size_t max) {
  pqxx::nontransaction tx(connection);  // One statement, one round trip.
  std::vector<Row> rows;
  for (const auto& row :
       tx.exec_params("SELECT id, event_id, topic, key, payload FROM outbox "
                      "ORDER BY id LIMIT $1",
                      max)) {
    rows.push_back({row[0].as<std::int64_t>(),
                    ToRecord({.event_id = row[1].as<std::string>(),
                              .topic = row[2].as<std::string>(),
                              .key = row[3].as<std::string>(),
                              .payload = postgres::BytesOf(row[4])})});
  }
  return rows;
}

void Delete(pqxx::connection_base& connection,
            std::span<const std::int64_t> ids) {
  pqxx::nontransaction tx(connection);
  tx.exec_params("DELETE FROM outbox WHERE id = ANY ($1::bigint[])",
                 postgres::IntArray(ids));
}

void Refuse(pqxx::connection_base& connection,
            std::span<const std::int64_t> ids,
            std::span<const std::string> reasons) {
  pqxx::nontransaction tx(connection);
  tx.exec_params(
      "WITH refused AS (SELECT * FROM unnest($1::bigint[], $2::text[]) "
      "AS refused (id, reason)), gone AS (DELETE FROM outbox USING refused "
      "WHERE outbox.id = refused.id RETURNING outbox.*, refused.reason) "
      "INSERT INTO poison (consumer, event_id, topic, partition, \"offset\", "
      "key, payload, reason) SELECT 'outbox', event_id, topic, 0, id, "
      "convert_to(key, 'UTF8'), payload, reason FROM gone",
      postgres::IntArray(ids), postgres::TextArray(reasons));
}

}  // namespace

OutboxRelay::OutboxRelay(OutboxRelayOptions options, kafka::Producer& producer,
                         Warn warn)
    : options_(std::move(options)),
      producer_(producer),
      warn_(std::move(warn)) {}

void OutboxRelay::Run(std::stop_token stop) {
  base::Backoff backoff(options_.first_backoff, options_.max_backoff);
  while (!stop.stop_requested()) {
    const auto status = postgres::Guard([&] { RunConnected(stop, backoff); });
    if (status.ok()) return;  // Stopped.
    ++counters_.retries;
    warn_(fmt::format("outbox relay: {}", status.ToString()));
    base::SleepUnlessStopped(stop, backoff.Next());
  }
}

void OutboxRelay::RunConnected(std::stop_token stop, base::Backoff& backoff) {
  const auto connection = postgres::Connect(options_.database);
  const std::string channel = postgres::OutboxChannel(options_.database.schema);
  while (!TryLock(*connection, channel)) {  // Another relay is at work.
    base::SleepUnlessStopped(stop, options_.poll_interval);
    if (stop.stop_requested()) return;
  }
  // What a crash takes back of the deletes is sent again, which consumers
  // expect anyhow; so nobody need wait for the disk.
  pqxx::nontransaction(*connection).exec("SET synchronous_commit = off");
  const Wake wake(*connection, channel);
  while (!stop.stop_requested()) {
    switch (ShipBatch(*connection, stop)) {
      case Shipped::kSome:
        backoff.Reset();
        break;
      case Shipped::kNothingThere:
        backoff.Reset();
        connection->await_notification(
            0, static_cast<long>(microseconds(options_.poll_interval).count()));
        break;
      case Shipped::kFailed:
        base::SleepUnlessStopped(stop, backoff.Next());
        break;
    }
  }
}

OutboxRelay::Shipped OutboxRelay::ShipBatch(pqxx::connection_base& connection,
                                            std::stop_token stop) {
  auto rows = Oldest(connection, options_.max_batch);
  counters_.backlog = static_cast<std::int64_t>(rows.size());
  if (rows.empty()) return Shipped::kNothingThere;
  std::vector<std::int64_t> ids;
  std::vector<kafka::OutgoingRecord> records;
  for (auto& row : rows) {
    ids.push_back(row.id);
    records.push_back(std::move(row.record));
  }
  const auto statuses = producer_.Send(records, options_.send_timeout, stop);

  std::vector<std::int64_t> delivered;
  std::vector<std::int64_t> refused;
  std::vector<std::string> reasons;
  const absl::Status* failure = nullptr;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (statuses[i].ok()) {
      delivered.push_back(ids[i]);
    } else if (absl::IsInvalidArgument(statuses[i])) {
      refused.push_back(ids[i]);
      reasons.push_back(statuses[i].ToString());
    } else if (failure == nullptr) {
      failure = &statuses[i];
    }
  }
  if (!delivered.empty()) Delete(connection, delivered);
  // Kafka will never take these; they must not hold up all others.
  if (!refused.empty()) Refuse(connection, refused, reasons);
  counters_.handled += static_cast<std::int64_t>(delivered.size());
  counters_.poison += static_cast<std::int64_t>(refused.size());
  if (!reasons.empty()) {
    warn_(fmt::format("outbox relay: {} rows went to poison: {}",
                      reasons.size(), reasons.front()));
  }
  if (failure == nullptr) return Shipped::kSome;
  if (!stop.stop_requested()) {
    ++counters_.retries;
    warn_(fmt::format("outbox relay: {}", failure->ToString()));
  }
  return Shipped::kFailed;
}

}  // namespace evalloop::delivery
