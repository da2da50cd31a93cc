#include "evaluator/store/postgres_run_store.h"

#include <map>
#include <set>
#include <utility>

#include "evaluator/store/run_rows.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

absl::Status NoSuchRun(std::string_view id) {
  return base::WithReason(absl::NotFoundError(fmt::format("no run {}", id)),
                          "RUN_NOT_FOUND");
}

void RecordRow(pqxx::transaction_base& tx, const std::string& scorer_digest,
               const Row& row) {
  std::vector<std::string> metrics, reasons;
  std::vector<std::optional<double>> values;
  for (const MetricValue& value : row.metrics) {
    metrics.push_back(value.metric);
    values.push_back(value.value);
    reasons.push_back(value.reason);
  }
  std::vector<std::string> finding_metrics, rules;
  std::vector<std::int64_t> lines;
  for (const Finding& finding : row.findings) {
    finding_metrics.push_back(finding.metric);
    rules.push_back(finding.rule);
    lines.push_back(finding.line);
  }
  const bool failed = !row.infrastructure_error.empty();
  std::optional<std::string> tally;
  if (row.tally.has_value()) tally = TallyArray(*row.tally);
  // Only a row that is still asked for changes: a second delivery does nothing.
  tx.exec_params(
      "UPDATE run_rows w SET state = $4, raw_text = $5, shown = $6, shown_text "
      "= $7, metrics = $8::text[], metric_values = $9::float8[], "
      "metric_reasons = $10::text[], composite = $11, tally = $12::bigint[], "
      "infrastructure_error = $13, cost_micros = $14, total_ms = $15, "
      "first_token_ms = $16, index_commit = $17, score_time = now(), "
      "finding_metrics = $19::text[], finding_rules = $20::text[], "
      "finding_lines = $21::bigint[], reported_model = $22, "
      "system_fingerprint = $23, prompt_tokens = $24, completion_tokens = $25, "
      "attempts = $26 "
      "FROM runs r WHERE r.run_id = w.run_id AND r.state = 'running' AND "
      "(r.scorer_digest = $18 OR $4 = 'failed') AND w.run_id = $1 AND "
      "w.item_id = $2 AND w.sample = $3 AND w.state = 'asked'",
      row.run_id, row.item_id, row.sample, failed ? "failed" : "scored",
      row.raw_text, row.shown, row.shown_text, postgres::TextArray(metrics),
      postgres::DoubleArray(values), postgres::TextArray(reasons),
      row.composite, tally, row.infrastructure_error, row.cost_micros,
      row.total_ms, row.first_token_ms, row.index_commit, scorer_digest,
      postgres::TextArray(finding_metrics), postgres::TextArray(rules),
      postgres::IntArray(lines), row.reported_model, row.system_fingerprint,
      row.prompt_tokens, row.completion_tokens, row.attempts);
}

void RecordComponents(pqxx::transaction_base& tx, const std::string& run_id,
                      const std::set<Component>& components) {
  for (const Component& component : components) {
    tx.exec_params(
        "INSERT INTO run_components (run_id, component, version) SELECT $1, "
        "$2, $3 WHERE EXISTS (SELECT 1 FROM runs WHERE run_id = $1) ON "
        "CONFLICT DO NOTHING",
        run_id, component.name, component.version);
  }
}

}  // namespace

absl::StatusOr<RunStore::Started> PostgresRunStore::Start(
    base::UnitOfWork& work, const Run& run) {
  return postgres::Guard([&]() -> Started {
    auto& tx = postgres::Of(work);
    const pqxx::result made = tx.exec_params(
        "INSERT INTO runs (run_id, prompt, revision_version, revision_digest, "
        "revision_content, model, model_snapshot, benchmark, "
        "benchmark_version, mode, samples, index_commit, state, rows, author, "
        "request_id, start_time, subset, subset_digest, deterministic, "
        "purpose, rescored_run, rubric) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'running', $13, "
        "$14, $15, $16::timestamptz, $17, $18, $19, $20, nullif($21, ''), $22) "
        "ON CONFLICT (request_id) DO NOTHING",
        run.id, run.revision.prompt, run.revision.version, run.revision.digest,
        postgres::Bytes(run.revision.content), run.revision.model,
        run.revision.model_snapshot, run.benchmark, run.benchmark_version,
        std::string(NameOf(run.mode)), run.samples, run.index_commit, run.rows,
        run.author, run.request_id, postgres::Timestamp(run.start_time),
        std::string(NameOf(run.subset)), run.subset_digest,
        run.revision.deterministic, run.purpose, run.rescored_run, run.rubric);
    const bool created = made.affected_rows() == 1;
    if (created) {
      tx.exec_params(
          "INSERT INTO run_rows (run_id, item_id, sample, commit) SELECT $1, "
          "item_id, s, commit FROM items, generate_series(0, $2 - 1) AS s "
          "WHERE benchmark = $3 AND benchmark_version = $4 AND ($5 OR item_id "
          "= "
          "ANY($6::text[]))",
          run.id, static_cast<int>(run.samples), run.benchmark,
          run.benchmark_version, run.items.empty(),
          postgres::TextArray(run.items));
      if (!run.build.empty()) {
        RecordComponents(tx, run.id, {{"evaluator", run.build}});
      }
    }
    const pqxx::result rows = tx.exec_params(
        std::string(kSelectRun) + "WHERE r.request_id = $1", run.request_id);
    return {RunOf(rows.at(0)), created};
  });
}

absl::StatusOr<Run> PostgresRunStore::Get(std::string_view id) {
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Run> {
        const pqxx::result rows = tx.exec_params(
            std::string(kSelectRun) + "WHERE r.run_id = $1", std::string(id));
        if (rows.empty()) return std::nullopt;
        return RunOf(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) return NoSuchRun(id);
  return **std::move(found);
}

absl::StatusOr<std::vector<Run>> PostgresRunStore::List(
    std::string_view prompt, std::string_view benchmark, const Page& page) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        std::string(kSelectRun) +
            "WHERE ($1 = '' OR prompt = $1) AND ($2 = '' OR benchmark = $2) "
            "AND ($3 = '' OR (r.start_time, r.run_id) < (SELECT start_time, "
            "run_id FROM runs WHERE run_id = $3)) "
            "ORDER BY r.start_time DESC, r.run_id DESC LIMIT $4",
        std::string(prompt), std::string(benchmark), page.after, page.size);
    std::vector<Run> runs;
    for (const pqxx::row& row : rows) runs.push_back(RunOf(row));
    return runs;
  });
}

absl::StatusOr<std::vector<Row>> PostgresRunStore::ListRows(std::string_view id,
                                                            const Page& page) {
  const std::size_t blank = page.after.rfind(' ');
  const std::string item =
      blank == std::string::npos ? "" : page.after.substr(0, blank);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const int sample =
        item.empty() ? -1 : std::stoi(page.after.substr(blank + 1));
    const pqxx::result rows = tx.exec_params(
        "SELECT * FROM run_rows WHERE run_id = $1 AND (item_id, sample) > ($2, "
        "$3) ORDER BY item_id, sample LIMIT $4",
        std::string(id), item, sample, page.size);
    std::vector<Row> out;
    for (const pqxx::row& row : rows) out.push_back(RowOf(row));
    return out;
  });
}

absl::StatusOr<std::vector<Row>> PostgresRunStore::AllRows(
    std::string_view id) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT * FROM run_rows WHERE run_id = $1 ORDER BY item_id, sample",
        std::string(id));
    std::vector<Row> out;
    out.reserve(rows.size());
    for (const pqxx::row& row : rows) out.push_back(RowOf(row));
    return out;
  });
}

absl::StatusOr<std::vector<Row>> PostgresRunStore::RowsOf(
    std::string_view id, std::span<const std::string> items) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT * FROM run_rows WHERE run_id = $1 AND item_id = "
        "ANY($2::text[]) ORDER BY item_id, sample",
        std::string(id),
        postgres::TextArray(std::vector(items.begin(), items.end())));
    std::vector<Row> out;
    out.reserve(rows.size());
    for (const pqxx::row& row : rows) out.push_back(RowOf(row));
    return out;
  });
}

absl::StatusOr<std::optional<Run>> PostgresRunStore::FindAlike(const Run& run) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Run> {
        const pqxx::result rows = tx.exec_params(
            std::string(kSelectRun) +
                "WHERE revision_digest = $1 AND prompt = $2 AND benchmark = $3 "
                "AND benchmark_version = $4 AND mode = $5 AND samples = $6 AND "
                "index_commit = $7 AND subset_digest = $9 AND ($8 = '' OR "
                "scorer_digest IN ('', $8)) "
                "AND state <> 'cancelled' AND (r.deterministic OR "
                "r.rescored_run IS NULL OR $8 <> '') AND NOT EXISTS "
                "(SELECT 1 FROM run_rows w WHERE w.run_id = r.run_id AND "
                "w.state = 'failed') ORDER BY r.start_time DESC LIMIT 1",
            run.revision.digest, run.revision.prompt, run.benchmark,
            run.benchmark_version, std::string(NameOf(run.mode)), run.samples,
            run.index_commit, run.scorer_digest, run.subset_digest);
        if (rows.empty()) return std::nullopt;
        return RunOf(rows[0]);
      });
}

absl::Status PostgresRunStore::Record(base::UnitOfWork& work,
                                      std::string_view scorer_digest,
                                      std::span<const Row> rows) {
  return postgres::Guard([&] {
    auto& tx = postgres::Of(work);
    const std::string digest(scorer_digest);
    // In the order of ids, so that two consumers can't wait for each other.
    std::map<std::string, std::set<Component>> runs;
    for (const Row& row : rows) {
      std::set<Component>& components = runs[row.run_id];
      if (!row.serving_build.empty()) {
        components.insert({"serving", row.serving_build});
      }
      if (!row.scorer_build.empty()) {
        components.insert({"scorer", row.scorer_build});
      }
    }
    for (const auto& [id, components] : runs) {
      tx.exec_params(
          "UPDATE runs SET scorer_digest = $2 WHERE run_id = $1 AND "
          "scorer_digest = ''",
          id, digest);
      RecordComponents(tx, id, components);
    }
    for (const Row& row : rows) RecordRow(tx, digest, row);
    for (const auto& [id, components] : runs) {
      tx.exec_params(
          "UPDATE runs SET state = 'finished', finish_time = now() WHERE "
          "run_id = $1 AND state = 'running' AND NOT EXISTS (SELECT 1 FROM "
          "run_rows WHERE run_id = $1 AND state = 'asked')",
          id);
    }
  });
}

absl::StatusOr<Run> PostgresRunStore::Cancel(std::string_view id) {
  const absl::Status done = transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "UPDATE runs SET state = 'cancelled', finish_time = now() WHERE "
          "run_id = $1 AND state = 'running'",
          std::string(id));
    });
  });
  if (!done.ok()) return done;
  return Get(id);
}

absl::StatusOr<std::vector<RunStore::RowKey>> PostgresRunStore::Reopen(
    base::UnitOfWork& work, std::string_view id) {
  return postgres::Guard([&] {
    auto& tx = postgres::Of(work);
    const pqxx::result rows = tx.exec_params(
        "UPDATE run_rows SET state = 'asked', infrastructure_error = NULL "
        "WHERE run_id = $1 AND state = 'failed' RETURNING item_id, sample",
        std::string(id));
    std::vector<RowKey> keys;
    for (const pqxx::row& row : rows) {
      keys.push_back({row[0].as<std::string>(), row[1].as<std::uint32_t>()});
    }
    if (!keys.empty()) {
      tx.exec_params(
          "UPDATE runs SET state = 'running', finish_time = NULL WHERE run_id "
          "= $1",
          std::string(id));
    }
    return keys;
  });
}

}  // namespace evalloop::evaluator
