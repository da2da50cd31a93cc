#include "evaluator/store/postgres_row_queries.h"

#include "evaluator/store/lists.h"
#include "fmt/format.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/listed.h"
#include "platform/postgres/transactor.h"

namespace evalloop::evaluator {
namespace {

// A run that can stand for its revision.
constexpr char kWhole[] =
    "{0}.state = 'finished' AND {0}.subset <> 'rows' AND EXISTS (SELECT 1 FROM "
    "run_rows w WHERE w.run_id = {0}.run_id AND w.state = 'scored')";

// Each value of an item with the one before it in time, then the items whose
// values differ. Whether the metric is one of 0 and 1 is a matter of all items.
constexpr char kFlips[] =
    "(WITH newest AS (SELECT mode, scorer_digest, index_commit FROM runs WHERE "
    "prompt = $1 AND revision_version = $2::integer AND benchmark = $3 AND "
    "benchmark_version = $4::integer AND state = 'finished' ORDER BY "
    "start_time DESC, run_id DESC LIMIT 1), "
    "told AS (SELECT w.item_id, metric_value(w.metrics, w.metric_values, "
    "w.composite, w.tally, $5::text) AS value, r.start_time, r.run_id, "
    "w.sample FROM runs r JOIN newest USING (mode, scorer_digest, "
    "index_commit) JOIN run_rows w USING (run_id) WHERE r.prompt = $1 AND "
    "r.revision_version = $2::integer AND r.benchmark = $3 AND "
    "r.benchmark_version = $4::integer AND r.state = 'finished' AND w.state = "
    "'scored'), "
    "paired AS (SELECT item_id, value, lag(value) OVER (PARTITION BY item_id "
    "ORDER BY start_time, run_id, sample) AS earlier, bool_and(value IN (0, "
    "1)) OVER () AS zero_one FROM told WHERE value IS NOT NULL), "
    "varied AS (SELECT item_id, count(*) AS values, min(value) AS lowest, "
    "max(value) AS highest, avg(value) AS mean, CASE WHEN bool_and(zero_one) "
    "THEN avg((value <> earlier)::integer) ELSE stddev_pop(value) END::float8 "
    "AS unsteadiness FROM paired GROUP BY item_id HAVING min(value) < "
    "max(value)) "
    "SELECT v.*, i.repository, i.path, i.language, i.parent, i.line FROM "
    "varied v JOIN items i ON i.benchmark = $3 AND i.benchmark_version = "
    "$4::integer AND i.item_id = v.item_id WHERE NOT ";

Flip FlipOf(const pqxx::row& row) {
  Flip flip;
  flip.item_id = row["item_id"].as<std::string>();
  flip.facts.repository = row["repository"].as<std::string>();
  flip.facts.path = row["path"].as<std::string>();
  flip.facts.language = row["language"].as<std::string>();
  flip.facts.commit = row["parent"].as<std::string>();
  flip.facts.line = row["line"].as<std::uint32_t>();
  flip.values = row["values"].as<std::int64_t>();
  flip.lowest = row["lowest"].as<double>();
  flip.highest = row["highest"].as<double>();
  flip.mean = row["mean"].as<double>();
  flip.unsteadiness = row["unsteadiness"].as<double>();
  return flip;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> PostgresRowQueries::NewestRun(
    std::string_view prompt, std::uint32_t version, std::string_view benchmark,
    std::uint32_t benchmark_version) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<std::string> {
        const pqxx::result rows = tx.exec_params(
            "SELECT r.run_id FROM runs r WHERE r.prompt = $1 AND "
            "r.revision_version = $2 AND ($3 = '' OR r.benchmark = $3) AND "
            "($4 = 0 OR r.benchmark_version = $4) AND " +
                fmt::format(kWhole, "r") +
                " ORDER BY r.start_time DESC, r.run_id DESC LIMIT 1",
            std::string(prompt), version, std::string(benchmark),
            benchmark_version);
        if (rows.empty()) return std::nullopt;
        return rows[0][0].as<std::string>();
      });
}

absl::StatusOr<std::optional<AlikeRuns>> PostgresRowQueries::NewestAlike(
    std::string_view prompt, std::uint32_t since, std::uint32_t until,
    std::string_view benchmark) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<AlikeRuns> {
        const pqxx::result rows = tx.exec_params(
            "SELECT a.run_id, b.run_id FROM runs b JOIN runs a USING (prompt, "
            "benchmark, benchmark_version, mode, samples, subset_digest, "
            "scorer_digest, index_commit) WHERE prompt = $1 AND "
            "a.revision_version = $2 AND b.revision_version = $3 AND benchmark "
            "= $4 AND " +
                fmt::format(kWhole, "a") + " AND " + fmt::format(kWhole, "b") +
                " ORDER BY b.start_time DESC, a.start_time DESC, b.run_id, "
                "a.run_id LIMIT 1",
            std::string(prompt), since, until, std::string(benchmark));
        if (rows.empty()) return std::nullopt;
        return AlikeRuns{rows[0][0].as<std::string>(),
                         rows[0][1].as<std::string>()};
      });
}

absl::StatusOr<listing::Page<Flip>> PostgresRowQueries::Flips(
    const FlipQuestion& question, const listing::Request& request) {
  const auto query = listing::Query::Make(
      kFlipList, request,
      {question.prompt, fmt::format("{}", question.version), question.benchmark,
       fmt::format("{}", question.benchmark_version), question.metric});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string from = std::string(kFlips) + kItemIsQuarantined + ") f";
    return postgres::PageOf(
        *query,
        postgres::Select(tx, postgres::SelectPage("f.*", from, "true", *query),
                         *query),
        FlipOf);
  });
}

}  // namespace evalloop::evaluator
