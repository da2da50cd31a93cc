// What runs and manifests have to know of all items of a version.
#include <optional>

#include "evaluator/store/postgres_benchmark_store.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

Manifest::Part PartOf(const std::vector<std::string>& ids) {
  return {.items = static_cast<std::uint32_t>(ids.size()),
          .digest = DigestOf(ids)};
}

std::optional<absl::Time> MomentOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return postgres::TimeOf(field);
}

}  // namespace

absl::StatusOr<Manifest> PostgresBenchmarkStore::GetManifest(
    std::string_view name, std::uint32_t version) {
  const std::string benchmark(name);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    Manifest manifest;
    std::vector<std::string> full, holdout;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT item_id, holdout FROM items WHERE benchmark = $1 AND "
             "benchmark_version = $2 ORDER BY item_id COLLATE \"C\"",
             benchmark, version)) {
      (row[1].as<bool>() ? holdout : full).push_back(row[0].as<std::string>());
    }
    manifest.full = PartOf(full);
    if (!holdout.empty()) manifest.holdout = PartOf(holdout);
    const pqxx::result smoke = tx.exec_params(
        "SELECT item_ids FROM smoke_subsets WHERE benchmark = $1 AND "
        "benchmark_version = $2",
        benchmark, version);
    if (!smoke.empty()) {
      manifest.smoke = PartOf(postgres::TextsOf(smoke[0][0]));
    }
    for (const pqxx::row& row : tx.exec_params(
             "SELECT dimension, name, items FROM benchmark_mix WHERE benchmark "
             "= $1 AND benchmark_version = $2 ORDER BY dimension COLLATE "
             "\"C\", items DESC, name COLLATE \"C\"",
             benchmark, version)) {
      manifest.mix.push_back({row[0].as<std::string>(),
                              row[1].as<std::string>(),
                              row[2].as<std::uint32_t>()});
    }
    const pqxx::row ages =
        tx.exec_params(
              "SELECT min(author_time), max(author_time) FROM items WHERE "
              "benchmark = $1 AND benchmark_version = $2 AND author_time > "
              "'epoch'",
              benchmark, version)
            .at(0);
    manifest.oldest = MomentOf(ages[0]);
    manifest.newest = MomentOf(ages[1]);
    return manifest;
  });
}

absl::StatusOr<ItemAges> PostgresBenchmarkStore::Ages(std::string_view name,
                                                      std::uint32_t version,
                                                      absl::Time cutoff) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    ItemAges ages;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT item_id, author_time > 'epoch' FROM items WHERE benchmark "
             "= $1 AND benchmark_version = $2 AND (author_time <= 'epoch' OR "
             "author_time <= $3::timestamptz)",
             std::string(name), version, postgres::Timestamp(cutoff))) {
      (row[1].as<bool>() ? ages.older : ages.undated)
          .insert(row[0].as<std::string>());
    }
    return ages;
  });
}

absl::StatusOr<FactsById> PostgresBenchmarkStore::Facts(std::string_view name,
                                                        std::uint32_t version) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        "SELECT item_id, repository, path, language, parent, line, item_class, "
        "tags, task, holdout FROM items WHERE benchmark = $1 AND "
        "benchmark_version = $2",
        std::string(name), version);
    FactsById facts;
    for (const pqxx::row& row : rows) {
      facts[row[0].as<std::string>()] = {.repository = row[1].as<std::string>(),
                                         .path = row[2].as<std::string>(),
                                         .language = row[3].as<std::string>(),
                                         .commit = row[4].as<std::string>(),
                                         .line = row[5].as<std::uint32_t>(),
                                         .item_class = row[6].as<std::string>(),
                                         .tags = postgres::TextsOf(row[7]),
                                         .task = row[8].as<std::string>(),
                                         .holdout = row[9].as<bool>()};
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
