#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_STORE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/placement.h"
#include "prompt_engine/domain/watch.h"

namespace evalloop::prompt_engine {

// A repository of which watches wait for a look.
struct DueRepository {
  std::int64_t id = 0;
  std::string repository;
  std::uint32_t newest_position = 0;
  absl::Time newest_time;
};

// A watch as read, and what a step made of it.
struct WatchRow {
  Watch watch;
  std::int64_t version = 0;  // Of the row; a write elsewhere changes it.
  // Set where the base commit is unknown to the ingested history.
  bool base_unknown = false;
  std::optional<Placement> placement;
};

// Watches. Thread-safe across units of work.
class WatchStore {
 public:
  virtual ~WatchStore() = default;

  // Adds watches that may be looked at from `due` on; of one that is there and
  // not known yet only that time is brought forward. What the editor told is
  // read with the outcome.
  virtual absl::Status Put(base::UnitOfWork& work,
                           std::span<const Watch> watches, absl::Time due) = 0;

  // Repositories with watches that are due `now` and for which history has
  // something new, by name; at most `limit`.
  virtual absl::StatusOr<std::vector<DueRepository>> Due(base::UnitOfWork& work,
                                                         absl::Time now,
                                                         int limit) = 0;
  // Their watches, those furthest behind first.
  virtual absl::StatusOr<std::vector<WatchRow>> Load(
      base::UnitOfWork& work, const DueRepository& repository, absl::Time now,
      int limit) = 0;

  // Position of the first ingested commit whose parent is `sha`, or would be
  // the next one where `sha` is the newest. Nothing: `sha` is not of the
  // ingested first-parent line.
  virtual absl::StatusOr<std::optional<std::uint32_t>> PositionAfter(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::string_view sha) = 0;

  // Keeps what became of `rows`; those that were written elsewhere since they
  // were read are left alone. Returns the ids of those kept.
  virtual absl::StatusOr<std::set<std::string>> Save(
      base::UnitOfWork& work, std::span<const WatchRow> rows) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_WATCH_STORE_H_
