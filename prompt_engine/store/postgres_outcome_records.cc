#include "prompt_engine/store/postgres_outcome_records.h"

#include <map>
#include <pqxx/pqxx>
#include <tuple>

#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/store/outcome_rows.h"
#include "prompt_engine/store/postgres_watch_store.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::Guard;
using postgres::Of;

// Commits' tallies of one summary at most; a summary of more is of the newest.
constexpr int kMostCommits = 100'000;

std::optional<LiveScore> ScoreOf(const pqxx::row& row) {
  if (row["scorer_digest"].is_null()) return std::nullopt;
  LiveScore score;
  score.completion_id = row["completion_id"].as<std::string>();
  score.scorer_digest = row["scorer_digest"].as<std::string>();
  score.composite = postgres::DoubleOf(row["composite"]);
  score.score_time = postgres::TimeOf(row["scored_at"]);
  const auto names = postgres::TextsOf(row["metric_names"]);
  const auto values = postgres::DoublesOf(row["metric_values"]);
  const auto reasons = postgres::TextsOf(row["metric_reasons"]);
  for (std::size_t i = 0; i < names.size(); ++i) {
    score.metrics.push_back({names[i], values.at(i), reasons.at(i)});
  }
  return score;
}

std::string PendingReason(const pqxx::row& row, const Outcome& outcome) {
  if (row["stage"].is_null()) return std::string(UnwatchedReason(outcome));
  if (!row["ingested"].as<bool>()) return "not_ingested";
  return row["base_unknown"].as<bool>() ? "unknown_commit"
                                        : "not_committed_yet";
}

OutcomeRecord RecordOf(const pqxx::row& row) {
  OutcomeRecord record;
  record.outcome = OutcomeOf(row);
  const bool known = !row["stage"].is_null() && row["stage"].as<int>() >= 2;
  if (known) {
    record.committed = CommittedOf(row);
    record.placement = PlacementOf(row);
    if (!record.placement) record.placement_reason = "no_variants";
  } else {
    record.pending_reason = PendingReason(row, record.outcome);
    record.placement_reason = "pending";
  }
  record.score = ScoreOf(row);
  return record;
}

using SummaryKey = std::tuple<std::string, std::uint32_t, std::string>;

SummaryKey KeyOf(const pqxx::row& row) {
  return {row["prompt"].as<std::string>(),
          row["revision_version"].as<std::uint32_t>(),
          row["model"].as<std::string>()};
}

OutcomeSummary SummaryOf(const pqxx::row& row) {
  OutcomeSummary summary;
  std::tie(summary.prompt, summary.revision_version, summary.model) =
      KeyOf(row);
  const auto count = [&](const char* name) {
    return row[name].as<std::uint64_t>();
  };
  summary.counts = {.completions = count("completions"),
                    .settled = count("settled"),
                    .shown = count("shown"),
                    .accepted = count("accepted"),
                    .rejected = count("rejected"),
                    .hidden = count("hidden"),
                    .kept = count("kept"),
                    .edited = count("edited"),
                    .dropped = count("dropped"),
                    .pending = count("pending"),
                    .alive_7_days = count("alive_7"),
                    .judged_7_days = count("judged_7"),
                    .alive_30_days = count("alive_30"),
                    .judged_30_days = count("judged_30")};
  summary.scorer_digest = row["digest"].as<std::string>("");
  return summary;
}

constexpr char kFrom[] =
    " FROM outcome LEFT JOIN committed_outcome AS w USING (completion_id) "
    "LEFT JOIN live_score AS s USING (completion_id) ";

constexpr char kCounts[] =
    "SELECT prompt, revision_version, model, count(*) AS completions, "
    "count(settled_at) AS settled, count(*) FILTER (WHERE shown) AS shown, "
    "count(*) FILTER (WHERE outcome.kind = $7) AS accepted, "
    "count(*) FILTER (WHERE shown AND outcome.kind NOT IN (0, $7)) "
    "AS rejected, count(*) FILTER (WHERE NOT shown) AS hidden, "
    "count(*) FILTER (WHERE w.stage >= 2 AND w.kind = 1) AS kept, "
    "count(*) FILTER (WHERE w.stage >= 2 AND w.kind = 2) AS edited, "
    "count(*) FILTER (WHERE w.stage >= 2 AND w.kind = 3) AS dropped, "
    "count(*) FILTER (WHERE coalesce(w.stage, 0) < 2) AS pending, "
    "count(*) FILTER (WHERE w.alive_7_days) AS alive_7, "
    "count(w.alive_7_days) AS judged_7, "
    "count(*) FILTER (WHERE w.alive_30_days) AS alive_30, "
    "count(w.alive_30_days) AS judged_30, "
    "(array_agg(s.scorer_digest ORDER BY s.scored_at DESC) "
    "FILTER (WHERE s.composite IS NOT NULL))[1] AS digest";

constexpr char kTallies[] =
    "SELECT prompt, revision_version, model, "
    "count(*) FILTER (WHERE w.rank <= 2) AS at_least, count(w.rank) AS placed, "
    "coalesce(sum(s.composite) FILTER (WHERE s.scorer_digest = $7), 0) AS sum, "
    "count(s.composite) FILTER (WHERE s.scorer_digest = $7) AS scored";

}  // namespace

absl::StatusOr<std::optional<OutcomeRecord>> PostgresOutcomeRecords::Find(
    base::UnitOfWork& work, std::string_view completion_id) {
  return Guard([&]() -> std::optional<OutcomeRecord> {
    const auto rows = Of(work).exec_params(
        std::string("SELECT outcome.*, ") + kCommittedColumns +
            ", s.scorer_digest, s.scored_at, s.composite, s.metric_names, "
            "s.metric_values, s.metric_reasons, "
            "EXISTS (SELECT FROM repository AS r JOIN git_commit AS c "
            "ON c.repository_id = r.id "
            "WHERE r.repository = outcome.repository) AS ingested" +
            kFrom + "WHERE completion_id = $1",
        std::string(completion_id));
    if (rows.empty()) return std::nullopt;
    return RecordOf(rows[0]);
  });
}

absl::StatusOr<std::vector<OutcomeSummary>> PostgresOutcomeRecords::Summarise(
    base::UnitOfWork& work, const OutcomeFilter& filter) {
  return Guard([&] {
    std::vector<OutcomeSummary> summaries;
    const std::string counts = std::string(kCounts) + kFrom + "WHERE " +
                               kOutcomeFilter +
                               " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
    for (const auto& row : QueryOutcomes(
             work, counts, filter, static_cast<int>(FeedbackKind::kAccepted))) {
      summaries.push_back(SummaryOf(row));
    }
    const std::string tallies =
        std::string(kTallies) + kFrom + "WHERE " + kOutcomeFilter +
        " AND w.stage >= 2 AND w.commit <> '' AND prompt = $8 "
        "AND revision_version = $9 AND model = $10 "
        "GROUP BY 1, 2, 3, w.repository, w.commit "
        "ORDER BY max(w.committed_at) DESC, w.commit LIMIT $11";
    for (OutcomeSummary& summary : summaries) {
      for (const auto& row : QueryOutcomes(
               work, tallies, filter, summary.scorer_digest, summary.prompt,
               summary.revision_version, summary.model, kMostCommits)) {
        summary.commits.push_back(
            {{row["at_least"].as<double>(), row["placed"].as<double>()},
             {row["sum"].as<double>(), row["scored"].as<double>()}});
      }
    }
    return summaries;
  });
}

absl::Status PostgresOutcomeRecords::PutScores(
    base::UnitOfWork& work, std::span<const LiveScore> scores) {
  return Guard([&] {
    for (const LiveScore& score : scores) {
      std::vector<std::string> names;
      std::vector<std::optional<double>> values;
      std::vector<std::string> reasons;
      for (const ScoredMetric& metric : score.metrics) {
        names.push_back(metric.metric);
        values.push_back(metric.value);
        reasons.push_back(metric.reason);
      }
      Of(work).exec_params(
          "INSERT INTO live_score AS s (completion_id, scorer_digest, "
          "scored_at, composite, metric_names, metric_values, metric_reasons) "
          "SELECT completion_id, $2, $3::timestamptz, $4, $5::text[], "
          "$6::float8[], $7::text[] FROM outcome WHERE completion_id = $1 "
          "ON CONFLICT (completion_id) DO UPDATE SET "
          "scorer_digest = excluded.scorer_digest, "
          "scored_at = excluded.scored_at, composite = excluded.composite, "
          "metric_names = excluded.metric_names, "
          "metric_values = excluded.metric_values, "
          "metric_reasons = excluded.metric_reasons "
          "WHERE s.scored_at <= excluded.scored_at",
          score.completion_id, score.scorer_digest,
          postgres::Timestamp(score.score_time), score.composite,
          postgres::TextArray(std::span<const std::string>(names)),
          postgres::DoubleArray(std::span<const std::optional<double>>(values)),
          postgres::TextArray(std::span<const std::string>(reasons)));
    }
  });
}

}  // namespace evalloop::prompt_engine
