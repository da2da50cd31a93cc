#include "evaluator/store/postgres_run_store.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

// What is asked of many rows at once: the database sums it up.
namespace evalloop::evaluator {
namespace {

constexpr char kMeans[] =
    "WITH alike AS (SELECT run_id, revision_digest FROM runs WHERE prompt = $1 "
    "AND benchmark = $2 AND benchmark_version = $3 AND mode = $4 AND samples = "
    "$5 AND subset_digest = $6 AND scorer_digest = $7 AND index_commit = $8 "
    "AND state = 'finished' ORDER BY start_time DESC LIMIT 20), "
    "again AS (SELECT * FROM alike WHERE revision_digest IN (SELECT "
    "revision_digest FROM alike GROUP BY 1 HAVING count(*) > 1)), "
    "typed AS (SELECT a.revision_digest, a.run_id, sum(tally[1])::float8 AS "
    "lines, sum(tally[3])::float8 AS shown, sum(tally[4])::float8 AS accepted, "
    "sum(tally[5] + tally[6])::float8 AS written, sum(tally[6])::float8 AS "
    "completed, sum(tally[7])::float8 AS rejected FROM again a JOIN run_rows w "
    "USING (run_id) WHERE w.state = 'scored' AND tally IS NOT NULL GROUP BY 1, "
    "2) "
    "SELECT a.revision_digest, a.run_id, m.metric, avg(m.value) FROM again a "
    "JOIN run_rows w USING (run_id), unnest(w.metrics, w.metric_values) AS m "
    "(metric, value) WHERE w.state = 'scored' AND m.value IS NOT NULL GROUP BY "
    "1, 2, 3 "
    "UNION ALL SELECT revision_digest, run_id, 'acceptance', accepted / shown "
    "FROM typed WHERE shown > 0 "
    "UNION ALL SELECT revision_digest, run_id, 'completed_chars', completed / "
    "written FROM typed WHERE written > 0 "
    "UNION ALL SELECT revision_digest, run_id, 'rejected_chars', 400 * "
    "rejected / lines FROM typed WHERE lines > 0";

constexpr char kItemValues[] =
    "WITH past AS (SELECT run_id, revision_digest FROM runs WHERE benchmark = "
    "$1 AND benchmark_version = $2 AND subset = 'full' AND state = 'finished' "
    "ORDER BY start_time DESC LIMIT 40), "
    "rated AS (SELECT w.item_id, p.revision_digest, "
    "coalesce(w.metric_values[array_position(w.metrics, 'pass_at_1')], "
    "w.composite, CASE WHEN tally[5] + tally[6] > 0 THEN tally[6]::float8 / "
    "(tally[5] + tally[6]) END) AS value FROM past p JOIN run_rows w USING "
    "(run_id) WHERE w.state = 'scored') "
    "SELECT item_id, revision_digest, avg(value) FROM rated WHERE value IS NOT "
    "NULL GROUP BY 1, 2 ORDER BY 1, 2";

constexpr char kDetails[] =
    "SELECT coalesce(sum(prompt_tokens), 0)::bigint, "
    "coalesce(sum(completion_tokens), 0)::bigint, "
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY total_ms), "
    "percentile_cont(0.95) WITHIN GROUP (ORDER BY total_ms), "
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY first_token_ms), "
    "percentile_cont(0.95) WITHIN GROUP (ORDER BY first_token_ms) "
    "FROM run_rows WHERE run_id = $1 AND state = 'scored'";

}  // namespace

absl::StatusOr<std::vector<RunMean>> PostgresRunStore::MeansOfReruns(
    const Run& run) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        kMeans, run.revision.prompt, run.benchmark, run.benchmark_version,
        std::string(run.mode == RunMode::kTyped ? "typed" : "once"),
        run.samples, run.subset_digest, run.scorer_digest, run.index_commit);
    std::vector<RunMean> means;
    for (const pqxx::row& row : rows) {
      means.push_back({.revision_digest = row[0].as<std::string>(),
                       .run = row[1].as<std::string>(),
                       .metric = row[2].as<std::string>(),
                       .mean = row[3].as<double>()});
    }
    return means;
  });
}

absl::StatusOr<std::vector<ItemValue>> PostgresRunStore::ItemValues(
    std::string_view benchmark, std::uint32_t version) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows =
        tx.exec_params(kItemValues, std::string(benchmark), version);
    std::vector<ItemValue> values;
    for (const pqxx::row& row : rows) {
      values.push_back({.item_id = row[0].as<std::string>(),
                        .revision_digest = row[1].as<std::string>(),
                        .value = row[2].as<double>()});
    }
    return values;
  });
}

absl::StatusOr<std::vector<std::string>> PostgresRunStore::ItemsOf(
    std::string_view id) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::vector<std::string> items;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT DISTINCT item_id FROM run_rows WHERE run_id = $1 ORDER BY "
             "1",
             std::string(id))) {
      items.push_back(row[0].as<std::string>());
    }
    return items;
  });
}

absl::StatusOr<RunDetails> PostgresRunStore::Details(std::string_view id) {
  auto providers = Providers(id);
  if (!providers.ok()) return providers.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    RunDetails details;
    details.providers = *std::move(providers);
    for (const pqxx::row& row : tx.exec_params(
             "SELECT component, version FROM run_components WHERE run_id = $1 "
             "ORDER BY 1, 2 LIMIT 60",
             std::string(id))) {
      details.components.push_back(
          {row[0].as<std::string>(), row[1].as<std::string>()});
    }
    const pqxx::row sums = tx.exec_params1(kDetails, std::string(id));
    details.prompt_tokens = sums[0].as<std::int64_t>();
    details.completion_tokens = sums[1].as<std::int64_t>();
    details.p50_ms = postgres::DoubleOf(sums[2]);
    details.p95_ms = postgres::DoubleOf(sums[3]);
    details.first_token_p50_ms = postgres::DoubleOf(sums[4]);
    details.first_token_p95_ms = postgres::DoubleOf(sums[5]);
    return details;
  });
}

absl::StatusOr<std::vector<std::string>> PostgresRunStore::Providers(
    std::string_view id) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT DISTINCT reported_model || ' ' || system_fingerprint FROM "
        "run_rows WHERE run_id = $1 AND reported_model || system_fingerprint "
        "<> '' ORDER BY 1 LIMIT 20",
        std::string(id));
    std::vector<std::string> providers;
    for (const pqxx::row& row : rows) {
      providers.push_back(row[0].as<std::string>());
    }
    return providers;
  });
}

}  // namespace evalloop::evaluator
