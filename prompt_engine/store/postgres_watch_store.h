#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_WATCH_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_WATCH_STORE_H_

#include <pqxx/pqxx>

#include "prompt_engine/domain/watch_store.h"

namespace evalloop::prompt_engine {

// WatchStore over the table committed_outcome, beside outcome, repository and
// git_commit. Stateless.
class PostgresWatchStore final : public WatchStore {
 public:
  absl::Status Put(base::UnitOfWork& work, std::span<const Watch> watches,
                   absl::Time due) override;
  absl::StatusOr<std::vector<DueRepository>> Due(base::UnitOfWork& work,
                                                 absl::Time now,
                                                 int limit) override;
  absl::StatusOr<std::vector<WatchRow>> Load(base::UnitOfWork& work,
                                             const DueRepository& repository,
                                             absl::Time now,
                                             int limit) override;
  absl::StatusOr<std::optional<std::uint32_t>> PositionAfter(
      base::UnitOfWork& work, std::int64_t repository_id,
      std::string_view sha) override;
  absl::StatusOr<std::set<std::string>> Save(
      base::UnitOfWork& work, std::span<const WatchRow> rows) override;
};

// Columns of committed_outcome AS w; those that outcome has too under names of
// their own.
inline constexpr char kCommittedColumns[] =
    "w.stage, w.version, w.next_position, w.seen_commit, w.first_position, "
    "w.first_at, w.base_unknown, w.place_path, w.place_line, w.place_end_line, "
    "w.standing_text, w.gone, w.kind AS committed_kind, "
    "w.commit AS committed_commit, w.committed_at, w.path AS committed_path, "
    "w.line AS committed_line, w.end_line AS committed_end_line, "
    "w.text AS committed_text, w.similarity, w.alive_7_days, w.alive_30_days, "
    "w.rank, w.variants, w.at_least_as_good, w.centrality, w.median_centrality";
// Of a row with them; nothing where the outcome, or the placement, is absent.
// Throw as libpqxx does.
std::optional<CommittedOutcome> CommittedOf(const pqxx::row& row);
std::optional<Placement> PlacementOf(const pqxx::row& row);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_WATCH_STORE_H_
