#include "platform/postgres/delivery_tables.h"

#include <fmt/format.h>

#include <unordered_set>
#include <vector>

#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::postgres {
namespace {

// A poison record's id may be any bytes; the column is text for a human.
std::string Printable(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    if (byte >= ' ' && byte <= '~') {
      text.push_back(byte);
    } else {
      text.append(fmt::format("\\x{:02x}", static_cast<unsigned char>(byte)));
    }
  }
  return text;
}

}  // namespace

absl::StatusOr<std::vector<bool>> MarkReceived(
    base::UnitOfWork& work, std::string_view consumer,
    std::span<const std::string> event_ids) {
  if (event_ids.empty()) return std::vector<bool>();
  return Guard([&] {
    const pqxx::result rows = Of(work).exec_params(
        "INSERT INTO inbox (consumer, event_id) "
        "SELECT $1, event_id FROM unnest($2::text[]) AS event (event_id) "
        "ON CONFLICT DO NOTHING RETURNING event_id",
        std::string(consumer), TextArray(event_ids));
    std::unordered_set<std::string> inserted;
    for (const auto& row : rows) inserted.insert(row[0].as<std::string>());
    std::vector<bool> fresh;
    fresh.reserve(event_ids.size());
    // Erased as it is found: its second appearance is a duplicate.
    for (const auto& id : event_ids) fresh.push_back(inserted.erase(id) == 1);
    return fresh;
  });
}

absl::StatusOr<Claim> ClaimPartition(base::UnitOfWork& work,
                                     std::string_view consumer,
                                     std::string_view topic,
                                     std::int32_t partition,
                                     std::string_view cluster) {
  return Guard([&] {
    const pqxx::result rows = Of(work).exec_params(
        "INSERT INTO consumer_offset AS held "
        "(consumer, topic, partition, epoch, cluster) "
        "VALUES ($1, $2, $3, 1, $4) "
        "ON CONFLICT (consumer, topic, partition) "
        "DO UPDATE SET epoch = held.epoch + 1, updated_at = now(), "
        "cluster = coalesce(nullif($4, ''), held.cluster), "
        "next_offset = CASE WHEN $4 IN ('', held.cluster) "
        "OR held.cluster = '' THEN held.next_offset END "
        "RETURNING epoch, next_offset",
        std::string(consumer), std::string(topic), partition,
        std::string(cluster));
    return Claim{.epoch = rows[0][0].as<std::int64_t>(),
                 .next_offset = rows[0][1].as<std::optional<std::int64_t>>()};
  });
}

absl::StatusOr<std::optional<std::size_t>> AdvanceOffsets(
    base::UnitOfWork& work, std::string_view consumer,
    std::span<const Advance> offsets) {
  std::vector<std::string> topics;
  std::vector<std::int64_t> partitions, epochs, next;
  for (const Advance& one : offsets) {
    topics.push_back(one.topic);
    partitions.push_back(one.partition);
    epochs.push_back(one.epoch);
    next.push_back(one.next_offset);
  }
  return Guard([&]() -> std::optional<std::size_t> {
    const pqxx::result moved = Of(work).exec_params(
        "WITH mine AS MATERIALIZED (SELECT held.topic, held.partition, "
        "wanted.next_offset, wanted.place FROM consumer_offset held JOIN "
        "unnest($2::text[], "
        "$3::integer[], $4::bigint[], $5::bigint[]) WITH ORDINALITY AS wanted "
        "(topic, partition, epoch, next_offset, place) ON consumer = $1 AND "
        "held.topic = wanted.topic AND held.partition = wanted.partition AND "
        "held.epoch = wanted.epoch "
        "ORDER BY held.topic, held.partition FOR UPDATE OF held) "
        "UPDATE consumer_offset moved SET next_offset = mine.next_offset, "
        "updated_at = now() FROM mine WHERE moved.consumer = $1 AND "
        "moved.topic = mine.topic AND moved.partition = mine.partition "
        "RETURNING mine.place",
        std::string(consumer), TextArray(topics), IntArray(partitions),
        IntArray(epochs), IntArray(next));
    std::vector<bool> done(offsets.size());
    for (const pqxx::row& row : moved)
      done[row[0].as<std::size_t>() - 1] = true;
    for (std::size_t i = 0; i < done.size(); ++i) {
      if (!done[i]) return i;
    }
    return std::nullopt;
  });
}

absl::Status PutPoison(base::UnitOfWork& work, std::string_view consumer,
                       const PoisonRecord& record) {
  return Guard([&] {
    Of(work).exec_params(
        "INSERT INTO poison (consumer, event_id, topic, partition, "
        "\"offset\", key, payload, reason) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        std::string(consumer), Printable(record.event_id), record.topic,
        record.partition, record.offset, Bytes(record.key),
        Bytes(record.payload), Printable(record.reason));
  });
}

absl::StatusOr<std::int64_t> PruneInbox(base::UnitOfWork& work,
                                        absl::Time cutoff, std::int64_t limit) {
  return Guard([&] {
    const pqxx::result deleted = Of(work).exec_params(
        "DELETE FROM inbox WHERE ctid = ANY (ARRAY("
        "SELECT ctid FROM inbox WHERE received_at < $1::timestamptz "
        "LIMIT $2))",
        Timestamp(cutoff), limit);
    return static_cast<std::int64_t>(deleted.affected_rows());
  });
}

}  // namespace evalloop::postgres
