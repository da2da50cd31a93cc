#include "evaluator/store/postgres_run_store.h"

#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "evaluator/store/lists.h"
#include "evaluator/store/run_rows.h"
#include "evaluator/store/scored_rows.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/listed.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

// A row as it is compared: see RunStore::AllRows.
constexpr char kCompared[] =
    "SELECT item_id, sample, state, commit, metrics, metric_values, composite, "
    "tally, cost_micros, total_ms, first_token_ms, index_commit, "
    "reported_model, system_fingerprint, infrastructure_error FROM run_rows "
    "WHERE run_id = ";
constexpr int kRowsAtOnce = 2'000;

// Makes rows out of kCompared's.
class ComparedRows {
 public:
  Row Of(const pqxx::row& row) {
    Row out;
    out.item_id = row[0].as<std::string>();
    out.sample = row[1].as<std::uint32_t>();
    out.scored = row[2].as<std::string>() == "scored";
    out.commit = row[3].as<std::string>();
    const auto values = postgres::DoublesOf(row[5]);
    out.value_names = NamesIn(row[4]);
    out.values.reserve(values.size());
    for (const std::optional<double> value : values) {
      out.values.push_back(
          value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    out.values.resize(out.value_names->size(),
                      std::numeric_limits<double>::quiet_NaN());
    out.composite = postgres::DoubleOf(row[6]);
    out.tally = TallyOf(row[7]);
    out.cost_micros = row[8].as<std::int64_t>();
    out.total_ms = row[9].as<double>(0);
    out.first_token_ms = postgres::DoubleOf(row[10]);
    out.index_commit = row[11].as<std::string>("");
    out.reported_model = row[12].as<std::string>();
    out.system_fingerprint = row[13].as<std::string>();
    out.infrastructure_error = row[14].as<std::string>("");
    return out;
  }

 private:
  using Names = std::shared_ptr<const std::vector<std::string>>;

  // Nearly always those of the row before.
  Names NamesIn(const pqxx::field& field) {
    const std::string_view text(field.c_str(), field.size());
    if (last_ == nullptr || text != text_) {
      text_ = text;
      last_ = std::make_shared<const std::vector<std::string>>(
          postgres::TextsOf(field));
    }
    return last_;
  }

  std::string text_;
  Names last_;
};

absl::Status NoSuchRun(std::string_view id) {
  return base::WithReason(absl::NotFoundError(fmt::format("no run {}", id)),
                          "RUN_NOT_FOUND");
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
          "WHERE benchmark = $3 AND benchmark_version = $4 AND CASE WHEN $5 "
          "THEN NOT holdout ELSE item_id = ANY($6::text[]) END",
          run.id, static_cast<int>(run.samples), run.benchmark,
          run.benchmark_version, run.items.empty(),
          postgres::TextArray(run.items));
      if (!run.build.empty()) {
        RecordComponents(tx, run.id, {{"evaluator", run.build}});
      }
    }
    const pqxx::result rows =
        tx.exec_params(SelectRun("WHERE r.request_id = $1"), run.request_id);
    return {RunOf(rows.at(0)), created};
  });
}

absl::StatusOr<Run> PostgresRunStore::Get(std::string_view id) {
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Run> {
        const pqxx::result rows =
            tx.exec_params(SelectRun("WHERE r.run_id = $1"), std::string(id));
        if (rows.empty()) return std::nullopt;
        return RunOf(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) return NoSuchRun(id);
  return **std::move(found);
}

absl::StatusOr<listing::Page<Run>> PostgresRunStore::List(
    std::string_view prompt, std::string_view benchmark,
    const listing::Request& request) {
  const auto query = listing::Query::Make(
      kRunList, request, {std::string(prompt), std::string(benchmark)});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql = postgres::SelectPage(
        kRunColumns, "runs r",
        "($1 = '' OR r.prompt = $1) AND ($2 = '' OR r.benchmark = $2)", *query);
    return postgres::PageOf(*query, postgres::Select(tx, sql, *query), RunOf);
  });
}

absl::StatusOr<listing::Page<Row>> PostgresRunStore::ListRows(
    std::string_view id, const listing::Request& request) {
  const auto query = listing::Query::Make(kRowList, request, {std::string(id)});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql =
        postgres::SelectPage("w.*", kRowsFrom, "w.run_id = $1", *query);
    return postgres::PageOf(*query, postgres::Select(tx, sql, *query), RowOf);
  });
}

absl::StatusOr<std::vector<Row>> PostgresRunStore::AllRows(
    std::string_view id) {
  const auto count = postgres::ReadOnly(pool_, [&](auto& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT rows FROM runs WHERE run_id = $1", std::string(id));
    return rows.empty() ? 0 : rows[0][0].template as<std::size_t>();
  });
  if (!count.ok()) return count.status();
  std::vector<Row> out;
  out.reserve(*count);
  auto read = ReadRows(id, [&](Row row) { out.push_back(std::move(row)); });
  if (!read.ok()) return read;
  return out;
}

absl::Status PostgresRunStore::ReadRows(std::string_view id,
                                        const std::function<void(Row)>& take) {
  return postgres::Guard([&] {
    auto lease = pool_.Acquire();
    pqxx::read_transaction tx(*lease);
    // A cursor takes no parameters.
    pqxx::icursorstream stream(
        tx, kCompared + tx.quote(std::string(id)) + " ORDER BY item_id, sample",
        "compared_rows", kRowsAtOnce);
    ComparedRows compared;
    for (pqxx::result rows; stream >> rows;) {
      for (const pqxx::row& row : rows) take(compared.Of(row));
    }
  });
}

absl::StatusOr<std::vector<Row>> PostgresRunStore::RowsAt(
    std::string_view id, std::span<const RowKey> keys) {
  std::vector<std::string> items;
  std::vector<std::int64_t> samples;
  for (const RowKey& key : keys) {
    items.push_back(key.item_id);
    samples.push_back(key.sample);
  }
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT w.* FROM run_rows w JOIN unnest($2::text[], $3::integer[]) AS "
        "wanted (item_id, sample) ON w.item_id = wanted.item_id AND w.sample = "
        "wanted.sample WHERE w.run_id = $1",
        std::string(id), postgres::TextArray(items),
        postgres::IntArray(samples));
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
            SelectRun(
                "WHERE revision_digest = $1 AND prompt = $2 AND benchmark = $3 "
                "AND benchmark_version = $4 AND mode = $5 AND samples = $6 AND "
                "index_commit = $7 AND subset_digest = $9 AND ($8 = '' OR "
                "scorer_digest IN ('', $8)) "
                "AND state <> 'cancelled' AND (r.deterministic OR "
                "r.rescored_run IS NULL OR $8 <> '') AND NOT EXISTS "
                "(SELECT 1 FROM run_rows w WHERE w.run_id = r.run_id AND "
                "w.state = 'failed') ORDER BY r.start_time DESC LIMIT 1"),
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
    StoreScored(tx, digest, rows);
    for (const auto& [id, components] : runs) {
      // From the end: rows are asked for, and mostly scored, from the start.
      tx.exec_params(
          "UPDATE runs SET state = 'finished', finish_time = now() WHERE "
          "run_id = $1 AND state = 'running' AND (SELECT item_id FROM run_rows "
          "WHERE run_id = $1 AND state = 'asked' ORDER BY item_id DESC, sample "
          "DESC LIMIT 1) IS NULL",
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
