#include "evaluator/store/postgres_benchmark_store.h"

#include <optional>
#include <utility>

#include "evaluator/store/lists.h"
#include "fmt/format.h"
#include "platform/base/reason.h"
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
    "o.benchmark_version = version) AS mutation_score";

constexpr char kItemColumns[] =
    "i.*, o.mutation_score, o.killed, o.survived, o.unknown, o.reason, "
    "o.survivor_lines, o.survivor_changes";
constexpr char kItemsFrom[] =
    "items i LEFT JOIN oracles o USING (benchmark, benchmark_version, item_id)";

std::string SelectItem(std::string_view rest) {
  return fmt::format("SELECT {} FROM {} {}", kItemColumns, kItemsFrom, rest);
}

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
  return benchmark;
}

std::optional<Oracle> OracleOf(const pqxx::row& row) {
  if (row["reason"].is_null()) return std::nullopt;
  Oracle oracle;
  oracle.mutation_score = postgres::DoubleOf(row["mutation_score"]);
  oracle.killed = row["killed"].as<std::uint32_t>();
  oracle.survived = row["survived"].as<std::uint32_t>();
  oracle.unknown = row["unknown"].as<std::uint32_t>();
  oracle.reason = row["reason"].as<std::string>();
  const auto lines = postgres::IntsOf(row["survivor_lines"]);
  const auto changes = postgres::TextsOf(row["survivor_changes"]);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    oracle.survivors.push_back(
        {static_cast<std::uint32_t>(lines[i]), changes.at(i)});
  }
  return oracle;
}

Item ItemOf(const pqxx::row& row) {
  Item item;
  item.id = row["item_id"].as<std::string>();
  item.repository = row["repository"].as<std::string>();
  item.path = row["path"].as<std::string>();
  item.language = row["language"].as<std::string>();
  item.commit = row["commit"].as<std::string>();
  item.parent = row["parent"].as<std::string>();
  item.line = row["line"].as<std::uint32_t>();
  item.prefix = row["prefix"].as<std::string>();
  item.suffix = row["suffix"].as<std::string>();
  item.agreed = row["agreed"].as<std::string>();
  item.committed = row["committed"].as<std::string>();
  const auto texts = postgres::TextsOf(row["variant_texts"]);
  const auto authors = postgres::TextsOf(row["variant_authors"]);
  const auto weights = postgres::DoublesOf(row["variant_weights"]);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    item.variants.push_back({texts[i], authors[i], weights[i].value_or(0)});
  }
  item.agreement = postgres::DoubleOf(row["agreement"]);
  item.contested = row["contested"].as<bool>();
  item.seen = row["seen"].as<bool>();
  item.item_class = row["item_class"].as<std::string>();
  item.tags = postgres::TextsOf(row["tags"]);
  item.author = row["author"].as<std::string>();
  item.author_time = postgres::TimeOf(row["author_time"]);
  item.tests = {row["tests"].as<std::string>(),
                row["entry_point"].as<std::string>()};
  item.oracle = OracleOf(row);
  return item;
}

void InsertItem(pqxx::transaction_base& tx, const Benchmark& benchmark,
                std::size_t ordinal, const Item& item) {
  std::vector<std::string> texts, authors;
  std::vector<double> weights;
  for (const Variant& variant : item.variants) {
    texts.push_back(variant.text);
    authors.push_back(variant.author);
    weights.push_back(variant.weight);
  }
  tx.exec_prepared(
      "insert_item", benchmark.name, benchmark.version, ordinal, item.id,
      item.repository, item.path, item.language, item.commit, item.parent,
      item.line, item.prefix, item.suffix, item.agreed, item.committed,
      postgres::TextArray(texts), postgres::TextArray(authors),
      postgres::DoubleArray(weights), item.agreement, item.contested, item.seen,
      item.item_class, postgres::TextArray(item.tags), item.author,
      postgres::Timestamp(item.author_time), item.tests.program,
      item.tests.entry_point);
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
    const Benchmark& benchmark, std::span<const Item> items) {
  Benchmark stored;
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
      const pqxx::result made = tx.exec_params(
          "INSERT INTO benchmarks (name, version, repository, after_commit, "
          "until_commit, items, agreed, contested, digest, changelog, tested) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING "
          "create_time",
          stored.name, stored.version, stored.repository, stored.after_commit,
          stored.until_commit, stored.items, stored.agreed, stored.contested,
          stored.digest, stored.changelog, stored.tested);
      stored.create_time = postgres::TimeOf(made[0][0]);
      tx.conn().prepare(
          "insert_item",
          "INSERT INTO items VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
          "$11, $12, $13, $14, $15::text[], $16::text[], $17::float8[], $18, "
          "$19, $20, $21, $22::text[], $23, $24::timestamptz, $25, $26)");
      for (std::size_t i = 0; i < items.size(); ++i) {
        InsertItem(tx, stored, i, items[i]);
      }
      tx.conn().unprepare("insert_item");
    });
  };
  if (auto done = transactor_.Run(body); !done.ok()) return done;
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
            "WHERE i.benchmark = $1 AND i.benchmark_version = $2 "
            "AND ordinal > coalesce((SELECT ordinal FROM items WHERE benchmark "
            "= "
            "$1 AND benchmark_version = $2 AND item_id = $3), -1) "
            "ORDER BY ordinal LIMIT $4"),
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
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const std::string sql = postgres::SelectPage(
        kItemColumns, kItemsFrom,
        "i.benchmark = $1 AND i.benchmark_version = $2::integer", *query);
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

absl::StatusOr<FactsById> PostgresBenchmarkStore::Facts(std::string_view name,
                                                        std::uint32_t version) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT item_id, repository, path, language, parent, line, item_class, "
        "tags FROM items WHERE benchmark = $1 AND benchmark_version = $2",
        std::string(name), version);
    FactsById facts;
    for (const pqxx::row& row : rows) {
      facts[row[0].as<std::string>()] = {.repository = row[1].as<std::string>(),
                                         .path = row[2].as<std::string>(),
                                         .language = row[3].as<std::string>(),
                                         .commit = row[4].as<std::string>(),
                                         .line = row[5].as<std::uint32_t>(),
                                         .item_class = row[6].as<std::string>(),
                                         .tags = postgres::TextsOf(row[7])};
    }
    return facts;
  });
}

absl::StatusOr<std::optional<SmokeSubset>> PostgresBenchmarkStore::FindSmoke(
    std::string_view name, std::uint32_t version) {
  return postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<SmokeSubset> {
        const pqxx::result rows = tx.exec_params(
            "SELECT item_ids, revisions FROM smoke_subsets WHERE benchmark = "
            "$1 AND benchmark_version = $2",
            std::string(name), version);
        if (rows.empty()) return std::nullopt;
        return SmokeSubset{.items = postgres::TextsOf(rows[0][0]),
                           .revisions = static_cast<std::size_t>(
                               rows[0][1].as<std::int64_t>())};
      });
}

absl::Status PostgresBenchmarkStore::KeepSmoke(std::string_view name,
                                               std::uint32_t version,
                                               const SmokeSubset& subset) {
  return transactor_.Run([&](base::UnitOfWork& work) {
    return postgres::Guard([&] {
      postgres::Of(work).exec_params(
          "INSERT INTO smoke_subsets (benchmark, benchmark_version, item_ids, "
          "revisions) VALUES ($1, $2, $3::text[], $4) ON CONFLICT (benchmark, "
          "benchmark_version) DO UPDATE SET item_ids = EXCLUDED.item_ids, "
          "revisions = EXCLUDED.revisions, choose_time = now()",
          std::string(name), version, postgres::TextArray(subset.items),
          static_cast<std::int64_t>(subset.revisions));
    });
  });
}

}  // namespace evalloop::evaluator
