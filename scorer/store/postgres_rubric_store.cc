#include "scorer/store/postgres_rubric_store.h"

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <span>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "scorer/domain/scorer.h"

namespace evalloop::scorer {
namespace {

absl::Status NoSuchRubric(const RubricRef& ref) {
  return base::WithReason(
      absl::NotFoundError(ref.version == 0
                              ? fmt::format("no rubric \"{}\"", ref.name)
                              : fmt::format("no rubric \"{}\" version {}",
                                            ref.name, ref.version)),
      "RUBRIC_NOT_FOUND");
}

RubricRef RefOf(const pqxx::row& row) {
  return {row["name"].c_str(), row["version"].as<std::uint32_t>()};
}

RubricRef ReadPointer(pqxx::transaction_base& tx) {
  const pqxx::result rows =
      tx.exec("SELECT name, version FROM rubric_in_force");
  if (rows.empty()) return {DefaultRubric().name, DefaultRubric().version};
  return RefOf(rows[0]);
}

void MovePointer(pqxx::transaction_base& tx, const RubricRef& ref) {
  tx.exec_params(
      "INSERT INTO rubric_in_force (name, version) VALUES ($1, $2) "
      "ON CONFLICT (only_row) DO UPDATE SET name = excluded.name, "
      "version = excluded.version, change_time = now()",
      ref.name, ref.version);
}

std::vector<RubricTerm> ReadTerms(pqxx::transaction_base& tx,
                                  const RubricRef& ref) {
  std::vector<RubricTerm> terms;
  for (const pqxx::row& row : tx.exec_params(
           "SELECT metric, weight, floor, term_group, applies, best, worst "
           "FROM rubric_term WHERE name = $1 AND version = $2 "
           "ORDER BY position",
           ref.name, ref.version)) {
    RubricTerm& term = terms.emplace_back();
    term.metric = row["metric"].c_str();
    term.weight = row["weight"].as<double>();
    term.floor = postgres::DoubleOf(row["floor"]);
    term.group = row["term_group"].c_str();
    term.applies =
        ParseApplies(row["applies"].c_str()).value_or(Applies::kAlways);
    term.best = postgres::DoubleOf(row["best"]);
    term.worst = postgres::DoubleOf(row["worst"]);
  }
  return terms;
}

Rubric ReadRubric(pqxx::transaction_base& tx, const pqxx::row& row) {
  Rubric rubric;
  const RubricRef ref = RefOf(row);
  rubric.name = ref.name;
  rubric.version = ref.version;
  rubric.description = row["description"].c_str();
  rubric.author = row["author"].c_str();
  rubric.create_time = postgres::TimeOf(row["create_time"]);
  rubric.terms = ReadTerms(tx, ref);
  return rubric;
}

std::optional<Rubric> Find(pqxx::transaction_base& tx, const RubricRef& ref) {
  const pqxx::result rows = tx.exec_params(
      "SELECT name, version, description, author, create_time FROM rubric "
      "WHERE name = $1 AND version = $2",
      ref.name, ref.version);
  if (rows.empty()) return std::nullopt;
  return ReadRubric(tx, rows[0]);
}

void Insert(pqxx::transaction_base& tx, const Rubric& rubric,
            const RubricRef& ref) {
  tx.exec_params(
      "INSERT INTO rubric (name, version, terms_digest, description, author) "
      "VALUES ($1, $2, $3, $4, $5)",
      ref.name, ref.version, TermsDigest(rubric), rubric.description,
      rubric.author);
  for (std::size_t i = 0; i < rubric.terms.size(); ++i) {
    const RubricTerm& term = rubric.terms[i];
    tx.exec_params(
        "INSERT INTO rubric_term (name, version, position, metric, weight, "
        "floor, term_group, applies, best, worst) VALUES ($1, $2, $3, $4, $5, "
        "$6, $7, $8, $9, $10)",
        ref.name, ref.version, static_cast<std::int64_t>(i + 1), term.metric,
        term.weight, term.floor, term.group, std::string(NameOf(term.applies)),
        term.best, term.worst);
  }
}

absl::StatusOr<Rubric> Found(absl::StatusOr<std::optional<Rubric>> found,
                             const RubricRef& ref) {
  if (!found.ok()) return found.status();
  if (!found->has_value()) return NoSuchRubric(ref);
  return **std::move(found);
}

}  // namespace

absl::StatusOr<Rubric> PostgresRubricStore::Push(base::UnitOfWork& work,
                                                 const Rubric& rubric) {
  return postgres::Guard([&]() -> Rubric {
    auto& tx = postgres::Of(work);
    // One push at a time, or two would take the same version.
    tx.exec("LOCK TABLE rubric IN SHARE ROW EXCLUSIVE MODE");
    const pqxx::result same = tx.exec_params(
        "SELECT version FROM rubric WHERE name = $1 AND terms_digest = $2",
        rubric.name, TermsDigest(rubric));
    RubricRef ref{rubric.name, 0};
    if (!same.empty()) {
      ref.version = same[0][0].as<std::uint32_t>();
    } else {
      const pqxx::row next = tx.exec_params1(
          "SELECT coalesce(max(version), 0) + 1 FROM rubric WHERE name = $1",
          rubric.name);
      ref.version = next[0].as<std::uint32_t>();
      Insert(tx, rubric, ref);
    }
    MovePointer(tx, ref);
    return Find(tx, ref).value();
  });
}

absl::StatusOr<RubricRef> PostgresRubricStore::Use(base::UnitOfWork& work,
                                                   const RubricRef& rubric) {
  auto used = postgres::Guard([&]() -> std::optional<RubricRef> {
    auto& tx = postgres::Of(work);
    RubricRef ref = rubric;
    if (ref.name != DefaultRubric().name) {
      const pqxx::result rows = tx.exec_params(
          "SELECT name, version FROM rubric WHERE name = $1 AND "
          "($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1",
          rubric.name, rubric.version);
      if (rows.empty()) return std::nullopt;
      ref = RefOf(rows[0]);
    }
    MovePointer(tx, ref);
    return ref;
  });
  if (!used.ok()) return used.status();
  if (!used->has_value()) return NoSuchRubric(rubric);
  return **std::move(used);
}

absl::StatusOr<RubricsInForce> PostgresRubricStore::InForce(
    base::UnitOfWork& work, const RubricsAsked& runs) {
  return postgres::Guard([&]() -> RubricsInForce {
    auto& tx = postgres::Of(work);
    RubricsInForce out;
    out.now = ReadPointer(tx);
    if (runs.empty()) return out;
    // In the order of ids, so that two batches can't wait for each other. What
    // another batch has pinned meanwhile stands, and is read below.
    std::vector<std::string> sorted, names;
    std::vector<std::int64_t> versions;
    for (const auto& [run, asked] : runs) {
      sorted.push_back(run);
      names.push_back(asked.name);
      versions.push_back(asked.version);
    }
    const std::string ids = postgres::TextArray(sorted);
    // The built-in rubric is stored nowhere.
    tx.exec_params(
        "INSERT INTO run_rubric (run_id, name, version) "
        "SELECT id, coalesce(stored.name, given.name), "
        "coalesce(stored.version, given.version) "
        "FROM unnest($1::text[], $2::text[], $3::bigint[]) AS a (id, name, "
        "version) "
        "LEFT JOIN LATERAL (SELECT r.name, r.version FROM rubric r WHERE "
        "r.name = a.name AND (a.version = 0 OR r.version = a.version) ORDER BY "
        "r.version DESC LIMIT 1) stored ON true "
        "LEFT JOIN (VALUES ('', $4::text, $5::integer), ($6::text, $6::text, "
        "$7::integer)) AS given (asked, name, version) ON given.asked = a.name "
        "WHERE coalesce(stored.name, given.name) IS NOT NULL ORDER BY id "
        "ON CONFLICT (run_id) DO NOTHING",
        ids, postgres::TextArray(names), postgres::IntArray(versions),
        out.now.name, out.now.version, DefaultRubric().name,
        DefaultRubric().version);
    for (const pqxx::row& row : tx.exec_params(
             "SELECT run_id, name, version FROM run_rubric WHERE run_id = "
             "ANY ($1::text[])",
             ids)) {
      out.runs.emplace(row["run_id"].c_str(), RefOf(row));
    }
    return out;
  });
}

absl::StatusOr<RubricRef> PostgresRubricStore::InForce() {
  return postgres::ReadOnly(
      pool_, [](pqxx::transaction_base& tx) { return ReadPointer(tx); });
}

absl::StatusOr<Rubric> PostgresRubricStore::Get(const RubricRef& rubric) {
  return Found(
      postgres::ReadOnly(
          pool_, [&](pqxx::transaction_base& tx) { return Find(tx, rubric); }),
      rubric);
}

absl::StatusOr<Rubric> PostgresRubricStore::Get(base::UnitOfWork& work,
                                                const RubricRef& rubric) {
  return Found(
      postgres::Guard([&] { return Find(postgres::Of(work), rubric); }),
      rubric);
}

absl::StatusOr<std::vector<Rubric>> PostgresRubricStore::List(
    const RubricRef& after, std::size_t limit) {
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::vector<Rubric> rubrics;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT name, version, description, author, create_time FROM "
             "rubric WHERE $1 = '' OR (create_time, name, version) < (SELECT "
             "create_time, name, version FROM rubric WHERE name = $1 AND "
             "version = $2) ORDER BY create_time DESC, name DESC, version DESC "
             "LIMIT $3",
             after.name, after.version, static_cast<std::int64_t>(limit))) {
      rubrics.push_back(ReadRubric(tx, row));
    }
    return rubrics;
  });
}

}  // namespace evalloop::scorer
