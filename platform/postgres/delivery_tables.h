#ifndef EVALLOOP_PLATFORM_POSTGRES_DELIVERY_TABLES_H_
#define EVALLOOP_PLATFORM_POSTGRES_DELIVERY_TABLES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::postgres {

// The consumer's half of the delivery tables (platform/postgres/migrations).
// Each works on the transaction behind `work` and is thread-safe across units
// of work.

// Enters `event_ids` into the inbox of `consumer`. The answer is parallel to
// the input: true for an id seen for the first time. An id that stands twice in
// the input is fresh once.
absl::StatusOr<std::vector<bool>> MarkReceived(
    base::UnitOfWork& work, std::string_view consumer,
    std::span<const std::string> event_ids);

struct Claim {
  std::int64_t epoch = 0;
  // Absent: nobody has consumed this partition yet.
  std::optional<std::int64_t> next_offset = {};
};

// Takes a partition over: raises its epoch by one, which fences every earlier
// claimant, and says where to go on. An offset of another Kafka cluster than
// `cluster` (its id; empty: not known, which matches any) is forgotten, as it
// means nothing in this one; the inbox keeps effects from happening twice.
absl::StatusOr<Claim> ClaimPartition(base::UnitOfWork& work,
                                     std::string_view consumer,
                                     std::string_view topic,
                                     std::int32_t partition,
                                     std::string_view cluster);

// Where a consumer goes on in a partition that it claimed as `epoch`.
struct Advance {
  std::string topic = {};
  std::int32_t partition = 0;
  std::int64_t epoch = 0;
  std::int64_t next_offset = 0;
};

// Moves the offsets of partitions, each named once, whose rows it locks by
// topic and partition. The answer is the index of one whose epoch is no longer
// the partition's: another process has claimed it, and this transaction must
// not commit. None: all are moved.
absl::StatusOr<std::optional<std::size_t>> AdvanceOffsets(
    base::UnitOfWork& work, std::string_view consumer,
    std::span<const Advance> offsets);

// A record that no retry can help, kept with its reason for a human.
struct PoisonRecord {
  std::string event_id = {};
  std::string topic = {};
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key = {};
  std::string payload = {};
  std::string reason = {};
};

// A record already there (same consumer, topic, partition, offset) is left.
absl::Status PutPoison(base::UnitOfWork& work, std::string_view consumer,
                       const PoisonRecord& record);

// Forgets inbox rows received before `cutoff`, at most `limit` of them, and
// says how many. The cutoff must lie further back than the topics' retention.
absl::StatusOr<std::int64_t> PruneInbox(base::UnitOfWork& work,
                                        absl::Time cutoff, std::int64_t limit);

}  // namespace evalloop::postgres

#endif  // EVALLOOP_PLATFORM_POSTGRES_DELIVERY_TABLES_H_
