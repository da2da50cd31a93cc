#include "prompt_engine/store/postgres_watch_store.h"

#include <algorithm>

#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/store/outcome_rows.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::Guard;
using postgres::Of;
using postgres::TimeOf;
using postgres::Timestamp;

// Due at $1 where the history ends with the commit `newest`.
constexpr char kIsDue[] =
    "w.due_at <= $1::timestamptz AND w.next_position <= newest.position "
    "AND (w.stage < 2 OR w.stage = 2 "
    "AND w.next_look <= newest.committed_at)";

constexpr char kNewest[] =
    "CROSS JOIN LATERAL (SELECT position, committed_at FROM git_commit "
    "WHERE repository_id = r.id ORDER BY position DESC LIMIT 1) AS newest ";

std::string WithoutNul(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return text;
}

std::optional<bool> BoolOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<bool>();
}

std::optional<std::string> TimeText(const std::optional<absl::Time>& time) {
  if (!time) return std::nullopt;
  return Timestamp(*time);
}

WatchRow RowOf(const pqxx::row& row) {
  // What never changes comes with the outcome.
  const std::optional<Watch> fresh = WatchOf(OutcomeOf(row));
  WatchRow read;
  if (fresh) read.watch = *fresh;
  Watch& watch = read.watch;
  read.version = row["version"].as<std::int64_t>();
  read.base_unknown = row["base_unknown"].as<bool>();
  watch.stage = static_cast<WatchStage>(row["stage"].as<int>());
  watch.next_position = row["next_position"].as<std::uint32_t>();
  watch.seen_commit = row["seen_commit"].as<std::string>();
  watch.first_position = row["first_position"].as<std::uint32_t>();
  if (!row["first_at"].is_null()) watch.first_time = TimeOf(row["first_at"]);
  watch.place = {row["place_path"].as<std::string>(),
                 row["place_line"].as<std::uint32_t>()};
  watch.end_line = row["place_end_line"].as<std::uint32_t>();
  watch.standing_text = row["standing_text"].as<std::string>();
  watch.gone = row["gone"].as<bool>();
  watch.committed = CommittedOf(row);
  read.placement = PlacementOf(row);
  return read;
}

// A field of what may be absent; NULL where it is.
template <typename Whole, typename Field>
auto FieldOf(const std::optional<Whole>& whole, Field Whole::*field) {
  return whole ? std::optional<Field>((*whole).*field) : std::nullopt;
}
template <typename Whole, typename Enum>
std::optional<int> NumberOf(const std::optional<Whole>& whole,
                            Enum Whole::*field) {
  if (!whole) return std::nullopt;
  return static_cast<int>((*whole).*field);
}

// False: somebody else wrote it since it was read.
bool SaveRow(pqxx::transaction_base& tx, const WatchRow& row) {
  const Watch& watch = row.watch;
  const std::optional<CommittedOutcome>& committed = watch.committed;
  const std::optional<Placement>& placement = row.placement;
  const std::string look = watch.stage == WatchStage::kStanding
                               ? Timestamp(NextLook(watch))
                               : std::string("-infinity");
  std::optional<std::string> commit_time;
  std::optional<std::string> text;
  std::optional<bool> alive_7;
  std::optional<bool> alive_30;
  if (committed) {
    if (!committed->commit.empty()) {
      commit_time = Timestamp(committed->commit_time);
    }
    text = WithoutNul(committed->text);
    alive_7 = committed->alive_7_days;
    alive_30 = committed->alive_30_days;
  }
  return tx.exec_params(
               "UPDATE committed_outcome SET version = version + 1, "
               "stage = $3, next_position = $4, next_look = $5::timestamptz, "
               "seen_commit = $6, first_position = $7, "
               "first_at = $8::timestamptz, base_unknown = $9, "
               "place_path = $10, place_line = $11, place_end_line = $12, "
               "standing_text = $13, gone = $14, kind = $15, commit = $16, "
               "committed_at = $17::timestamptz, path = $18, line = $19, "
               "end_line = $20, text = $21, similarity = $22, "
               "alive_7_days = $23, alive_30_days = $24, rank = $25, "
               "variants = $26, at_least_as_good = $27, centrality = $28, "
               "median_centrality = $29 "
               "WHERE completion_id = $1 AND version = $2",
               watch.completion_id, row.version, static_cast<int>(watch.stage),
               watch.next_position, look, watch.seen_commit,
               watch.first_position, TimeText(watch.first_time),
               row.base_unknown, watch.place.path, watch.place.line,
               watch.end_line, WithoutNul(watch.standing_text), watch.gone,
               NumberOf(committed, &CommittedOutcome::kind),
               FieldOf(committed, &CommittedOutcome::commit), commit_time,
               FieldOf(committed, &CommittedOutcome::path),
               FieldOf(committed, &CommittedOutcome::line),
               FieldOf(committed, &CommittedOutcome::end_line), text,
               FieldOf(committed, &CommittedOutcome::similarity), alive_7,
               alive_30, NumberOf(placement, &Placement::rank),
               FieldOf(placement, &Placement::variants),
               FieldOf(placement, &Placement::at_least_as_good),
               FieldOf(placement, &Placement::centrality),
               FieldOf(placement, &Placement::median_centrality))
             .affected_rows() == 1;
}

}  // namespace

std::optional<CommittedOutcome> CommittedOf(const pqxx::row& row) {
  if (row["committed_kind"].is_null()) return std::nullopt;
  CommittedOutcome committed;
  committed.kind = static_cast<CommittedKind>(row["committed_kind"].as<int>());
  committed.commit = row["committed_commit"].as<std::string>();
  if (!row["committed_at"].is_null()) {
    committed.commit_time = TimeOf(row["committed_at"]);
  }
  committed.path = row["committed_path"].as<std::string>();
  committed.line = row["committed_line"].as<std::uint32_t>();
  committed.end_line = row["committed_end_line"].as<std::uint32_t>();
  committed.text = row["committed_text"].as<std::string>();
  committed.similarity = row["similarity"].as<double>();
  committed.alive_7_days = BoolOf(row["alive_7_days"]);
  committed.alive_30_days = BoolOf(row["alive_30_days"]);
  return committed;
}

std::optional<Placement> PlacementOf(const pqxx::row& row) {
  if (row["rank"].is_null()) return std::nullopt;
  return Placement{.rank = static_cast<Rank>(row["rank"].as<int>()),
                   .variants = row["variants"].as<std::uint32_t>(),
                   .at_least_as_good = row["at_least_as_good"].as<double>(),
                   .centrality = row["centrality"].as<double>(),
                   .median_centrality = row["median_centrality"].as<double>()};
}

absl::Status PostgresWatchStore::Put(base::UnitOfWork& work,
                                     std::span<const Watch> watches,
                                     absl::Time due) {
  return Guard([&] {
    for (const Watch& watch : watches) {
      Of(work).exec_params(
          "INSERT INTO committed_outcome AS w (completion_id, repository, "
          "due_at, place_path, place_line) "
          "VALUES ($1, $2, $3::timestamptz, $4, $5) "
          "ON CONFLICT (completion_id) DO UPDATE SET due_at = excluded.due_at "
          "WHERE w.stage < 2 AND w.due_at > excluded.due_at",
          watch.completion_id, WithoutNul(watch.repository), Timestamp(due),
          WithoutNul(watch.place.path), watch.place.line);
    }
  });
}

absl::StatusOr<std::vector<DueRepository>> PostgresWatchStore::Due(
    base::UnitOfWork& work, absl::Time now, int limit) {
  return Guard([&] {
    std::vector<DueRepository> due;
    for (const auto& row : Of(work).exec_params(
             std::string("SELECT r.id, r.repository, newest.position, "
                         "newest.committed_at FROM repository AS r ") +
                 kNewest +
                 "WHERE EXISTS (SELECT FROM committed_outcome AS w "
                 "WHERE w.repository = r.repository AND w.stage < 2 AND " +
                 kIsDue +
                 ") OR EXISTS (SELECT FROM committed_outcome AS w "
                 "WHERE w.repository = r.repository AND w.stage = 2 AND " +
                 kIsDue + ") ORDER BY r.repository LIMIT $2",
             Timestamp(now), limit)) {
      due.push_back({row[0].as<std::int64_t>(), row[1].as<std::string>(),
                     row[2].as<std::uint32_t>(), TimeOf(row[3])});
    }
    return due;
  });
}

absl::StatusOr<std::vector<WatchRow>> PostgresWatchStore::Load(
    base::UnitOfWork& work, const DueRepository& repository, absl::Time now,
    int limit) {
  return Guard([&] {
    std::vector<WatchRow> rows;
    for (const auto& row : Of(work).exec_params(
             std::string("SELECT outcome.*, ") + kCommittedColumns +
                 " FROM committed_outcome AS w "
                 "JOIN outcome USING (completion_id) "
                 "CROSS JOIN (SELECT $2::integer AS position, "
                 "$3::timestamptz AS committed_at) AS newest "
                 "WHERE w.repository = $4 AND w.stage < 3 AND " +
                 kIsDue + " ORDER BY w.next_position, w.completion_id LIMIT $5",
             Timestamp(now), repository.newest_position,
             Timestamp(repository.newest_time), repository.repository, limit)) {
      rows.push_back(RowOf(row));
    }
    return rows;
  });
}

absl::StatusOr<std::optional<std::uint32_t>> PostgresWatchStore::PositionAfter(
    base::UnitOfWork& work, std::int64_t repository_id, std::string_view sha) {
  return Guard([&]() -> std::optional<std::uint32_t> {
    const auto rows = Of(work).exec_params(
        "SELECT position FROM git_commit WHERE repository_id = $1 "
        "AND parent = $2 UNION ALL SELECT position + 1 FROM git_commit "
        "WHERE repository_id = $1 AND sha = $2 ORDER BY 1 LIMIT 1",
        repository_id, std::string(sha));
    if (rows.empty()) return std::nullopt;
    return rows[0][0].as<std::uint32_t>();
  });
}

absl::StatusOr<std::set<std::string>> PostgresWatchStore::Save(
    base::UnitOfWork& work, std::span<const WatchRow> rows) {
  return Guard([&] {
    std::set<std::string> kept;
    for (const WatchRow& row : rows) {
      if (SaveRow(Of(work), row)) kept.insert(row.watch.completion_id);
    }
    return kept;
  });
}

}  // namespace evalloop::prompt_engine
