#include "evaluator/store/postgres_benchmark_store.h"

#include <optional>
#include <utility>

#include "evaluator/store/item_rows.h"
#include "evaluator/store/lists.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/listing/condition.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/listed.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

constexpr char kBenchmarkColumns[] =
    "name, version, repository, after_commit, until_commit, items, agreed, "
    "contested, digest, changelog, create_time, tested, "
    "(SELECT count(*) FROM oracles o WHERE o.benchmark = name AND "
    "o.benchmark_version = version) AS checked, "
    "(SELECT count(*) FROM quarantine q WHERE q.benchmark = name AND "
    "q.benchmark_version = version) AS quarantined, "
    "(SELECT avg(mutation_score) FROM oracles o WHERE o.benchmark = name AND "
    "o.benchmark_version = version) AS mutation_score, "
    "holdout, holdout_share, classes, tasks, rotated_from, "
    "(SELECT count(*) FROM archived_items a WHERE a.benchmark = name AND "
    "a.archived_in <= version) AS archived";

Benchmark BenchmarkOf(const pqxx::row& row) {
  Benchmark benchmark;
  benchmark.name = row["name"].as<std::string>();
  benchmark.version = row["version"].as<std::uint32_t>();
  benchmark.repository = row["repository"].as<std::string>();
  benchmark.after_commit = row["after_commit"].as<std::string>();
  benchmark.until_commit = row["until_commit"].as<std::string>();
  benchmark.items = row["items"].as<std::uint32_t>();
  benchmark.agreed = row["agreed"].as<std::uint32_t>();
  benchmark.contested = row["contested"].as<std::uint32_t>();
  benchmark.digest = row["digest"].as<std::string>();
  benchmark.changelog = row["changelog"].as<std::string>();
  benchmark.create_time = postgres::TimeOf(row["create_time"]);
  benchmark.tested = row["tested"].as<std::uint32_t>();
  benchmark.checked = row["checked"].as<std::uint32_t>();
  benchmark.quarantined = row["quarantined"].as<std::uint32_t>();
  benchmark.mutation_score = postgres::DoubleOf(row["mutation_score"]);
  benchmark.holdout = row["holdout"].as<std::uint32_t>();
  benchmark.holdout_share = row["holdout_share"].as<double>();
  benchmark.classes = postgres::TextsOf(row["classes"]);
  benchmark.tasks = postgres::TextsOf(row["tasks"]);
  benchmark.rotated_from = row["rotated_from"].as<std::uint32_t>();
  benchmark.archived = row["archived"].as<std::uint32_t>();
  return benchmark;
}

absl::Status NoSuchBenchmark(std::string_view name, std::uint32_t version) {
  return base::WithReason(
      absl::NotFoundError(
          version == 0 ? fmt::format("no benchmark {}: make one with `evalloop "
                                     "benchmark build`",
                                     name)
                       : fmt::format("no benchmark {}@{}", name, version)),
      "BENCHMARK_NOT_FOUND");
}

}  // namespace

absl::StatusOr<Benchmark> PostgresBenchmarkStore::Add(
    const Benchmark& benchmark, std::span<const Item> items,
    std::span<const std::string> archived) {
  Benchmark stored;
  bool overtaken = false;
  const auto body = [&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      auto& tx = postgres::Of(work);
      // Two builds of one name take turns, so that versions stay in a row.
      tx.exec_params("SELECT pg_advisory_xact_lock(hashtext($1))",
                     "benchmark " + benchmark.name);
      const pqxx::result newest = tx.exec_params(
          fmt::format("SELECT {} FROM benchmarks WHERE name = $1 ORDER BY "
                      "version DESC LIMIT 1",
                      kBenchmarkColumns),
          benchmark.name);
      stored = benchmark;
      stored.version = 1;
      if (!newest.empty()) {
        const Benchmark last = BenchmarkOf(newest[0]);
        if (last.digest == benchmark.digest) {
          stored = last;
          return;
        }
        stored.version = last.version + 1;
      }
      overtaken = benchmark.rotated_from != 0 &&
                  benchmark.rotated_from + 1 != stored.version;
      if (overtaken) return;
      const pqxx::result made = tx.exec_params(
          "INSERT INTO benchmarks (name, version, repository, after_commit, "
          "until_commit, items, agreed, contested, digest, changelog, tested, "
          "holdout, holdout_share, classes, tasks, rotated_from) VALUES ($1, "
          "$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::text[], "
          "$15::text[], $16) RETURNING create_time",
          stored.name, stored.version, stored.repository, stored.after_commit,
          stored.until_commit, stored.items, stored.agreed, stored.contested,
          stored.digest, stored.changelog, stored.tested, stored.holdout,
          stored.holdout_share, postgres::TextArray(stored.classes),
          postgres::TextArray(stored.tasks), stored.rotated_from);
      stored.create_time = postgres::TimeOf(made[0][0]);
      InsertItems(tx, stored, items);
      stored.archived = static_cast<std::uint32_t>(
          tx.exec_params(
                "WITH added AS (INSERT INTO archived_items (benchmark, "
                "item_id, last_version, archived_in) SELECT $1, id, $2, $3 "
                "FROM unnest($4::text[]) AS id RETURNING 1) SELECT (SELECT "
                "count(*) FROM added) + (SELECT count(*) FROM archived_items "
                "WHERE benchmark = $1)",
                stored.name, stored.rotated_from, stored.version,
                postgres::TextArray(archived))[0][0]
              .as<std::int64_t>());
    });
  };
  if (auto done = transactor_.Run(body); !done.ok()) return done;
  if (overtaken) {
    return base::WithReason(
        absl::AbortedError(fmt::format(
            "{} has a newer version than {} meanwhile; rotate again",
            benchmark.name, benchmark.rotated_from)),
        "BENCHMARK_CHANGED");
  }
  return stored;
}

absl::StatusOr<Benchmark> PostgresBenchmarkStore::Get(std::string_view name,
                                                      std::uint32_t version) {
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Benchmark> {
        const pqxx::result rows = tx.exec_params(
            fmt::format("SELECT {} FROM benchmarks WHERE name = $1 AND ($2 = 0 "
                        "OR version = $2) ORDER BY version DESC LIMIT 1",
                        kBenchmarkColumns),
            std::string(name), version);
        if (rows.empty()) return std::nullopt;
        return BenchmarkOf(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) return NoSuchBenchmark(name, version);
  return **std::move(found);
}

absl::StatusOr<listing::Page<Benchmark>> PostgresBenchmarkStore::List(
    const listing::Request& request) {
  const auto query = listing::Query::Make(kBenchmarkList, request, {});
  if (!query.ok()) return query.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql =
        postgres::SelectPage(kBenchmarkColumns, "benchmarks b", "true", *query);
    return postgres::PageOf(*query, postgres::Select(tx, sql, *query),
                            BenchmarkOf);
  });
}

absl::StatusOr<std::vector<Item>> PostgresBenchmarkStore::ListItems(
    std::string_view name, std::uint32_t version, const Page& page) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        SelectItem(
            "WHERE i.benchmark = $1 AND i.benchmark_version = $2 AND ordinal > "
            "coalesce((SELECT ordinal FROM items WHERE benchmark = $1 AND "
            "benchmark_version = $2 AND item_id = $3), -1) ORDER BY ordinal "
            "LIMIT $4"),
        std::string(name), version, page.after, page.size);
    std::vector<Item> items;
    for (const pqxx::row& row : rows) items.push_back(ItemOf(row));
    return items;
  });
}

absl::StatusOr<listing::Page<Item>> PostgresBenchmarkStore::QueryItems(
    std::string_view name, std::uint32_t version,
    const listing::Request& request) {
  const auto query = listing::Query::Make(
      kItemList, request, {std::string(name), fmt::format("{}", version)});
  if (!query.ok()) return query.status();
  // What was archived stands in the version that had it last.
  const auto filter = listing::ParseFilter(request.filter);
  const bool all = filter.ok() && listing::Names(*filter, "archived");
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql = postgres::SelectPage(
        kItemColumns, kListedItemsFrom,
        fmt::format(
            "i.benchmark = $1 AND (i.benchmark_version = $2::integer{})",
            all ? " OR a.item_id IS NOT NULL" : ""),
        *query);
    return postgres::PageOf(*query, postgres::Select(tx, sql, *query), ItemOf);
  });
}

absl::StatusOr<Item> PostgresBenchmarkStore::GetItem(std::string_view id) {
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<Item> {
        const pqxx::result rows = tx.exec_params(
            SelectItem(
                "WHERE i.item_id = $1 ORDER BY i.benchmark_version DESC LIMIT "
                "1"),
            std::string(id));
        if (rows.empty()) return std::nullopt;
        return ItemOf(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    return base::WithReason(absl::NotFoundError(fmt::format("no item {}", id)),
                            "ITEM_NOT_FOUND");
  }
  return **std::move(found);
}

absl::Status PostgresBenchmarkStore::RecordOracle(base::UnitOfWork& work,
                                                  std::string_view name,
                                                  std::uint32_t version,
                                                  std::string_view item_id,
                                                  const Oracle& oracle) {
  std::vector<std::int64_t> lines;
  std::vector<std::string> changes;
  for (const Survivor& survivor : oracle.survivors) {
    lines.push_back(survivor.line);
    changes.push_back(survivor.change);
  }
  return postgres::Guard([&] {
    // An item that is not there (any more) is nobody's.
    postgres::Of(work).exec_params(
        "INSERT INTO oracles (benchmark, benchmark_version, item_id, "
        "mutation_score, killed, survived, unknown, reason, survivor_lines, "
        "survivor_changes) SELECT benchmark, benchmark_version, item_id, $4, "
        "$5, $6, $7, $8, $9::bigint[], $10::text[] FROM items WHERE benchmark "
        "= $1 AND benchmark_version = $2 AND item_id = $3 "
        "ON CONFLICT (benchmark, benchmark_version, item_id) DO UPDATE SET "
        "mutation_score = excluded.mutation_score, killed = excluded.killed, "
        "survived = excluded.survived, unknown = excluded.unknown, reason = "
        "excluded.reason, survivor_lines = excluded.survivor_lines, "
        "survivor_changes = excluded.survivor_changes, check_time = now()",
        std::string(name), version, std::string(item_id), oracle.mutation_score,
        oracle.killed, oracle.survived, oracle.unknown, oracle.reason,
        postgres::IntArray(lines), postgres::TextArray(changes));
  });
}

absl::StatusOr<std::set<std::string>> PostgresBenchmarkStore::Quarantined(
    std::string_view name, std::uint32_t version) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::set<std::string> ids;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT item_id FROM quarantine WHERE benchmark = $1 AND "
             "benchmark_version = $2",
             std::string(name), version)) {
      ids.insert(row[0].as<std::string>());
    }
    return ids;
  });
}

}  // namespace evalloop::evaluator
