#include "evaluator/store/item_rows.h"

#include <optional>
#include <vector>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {

const char kItemColumns[] =
    "i.*, o.mutation_score, o.killed, o.survived, o.unknown, o.reason, "
    "o.survivor_lines, o.survivor_changes, a.item_id IS NOT NULL AS archived";

const char kListedItemsFrom[] =
    "items i LEFT JOIN oracles o USING (benchmark, benchmark_version, item_id) "
    "LEFT JOIN archived_items a ON a.benchmark = i.benchmark AND a.item_id = "
    "i.item_id AND a.last_version = i.benchmark_version AND a.archived_in <= "
    "$2::integer";

std::string SelectItem(std::string_view rest) {
  return fmt::format(
      "SELECT {} FROM items i LEFT JOIN oracles o USING (benchmark, "
      "benchmark_version, item_id) LEFT JOIN archived_items a ON a.benchmark = "
      "i.benchmark AND a.item_id = i.item_id AND a.last_version = "
      "i.benchmark_version {}",
      kItemColumns, rest);
}

namespace {

constexpr char kInsert[] =
    "INSERT INTO items (benchmark, benchmark_version, ordinal, item_id, "
    "repository, path, language, commit, parent, line, prefix, suffix, agreed, "
    "committed, variant_texts, variant_authors, variant_weights, agreement, "
    "contested, seen, item_class, tags, author, author_time, tests, "
    "entry_point, task, end_line, symbol, canary, explanation, criteria, "
    "holdout, variant_commits, variant_times, variant_authorship, "
    "variant_survival_days, variant_alive, variant_levels, "
    "variant_centralities) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, $12, $13, $14, $15::text[], $16::text[], $17::float8[], $18, $19, "
    "$20, $21, $22::text[], $23, $24::timestamptz, $25, $26, $27, $28, $29, "
    "$30, $31, $32::text[], $33, $34::text[], $35::timestamptz[], "
    "$36::float8[], $37::float8[], $38::boolean[], $39::text[], $40::float8[])";

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

// What Postgres wrote is a time.
absl::Time MomentOf(const std::string& text) {
  return postgres::ParseTimestamp(text).value_or(absl::UnixEpoch());
}

std::vector<Variant> VariantsOf(const pqxx::row& row) {
  const auto texts = postgres::TextsOf(row["variant_texts"]);
  const auto authors = postgres::TextsOf(row["variant_authors"]);
  const auto weights = postgres::DoublesOf(row["variant_weights"]);
  const auto commits = postgres::TextsOf(row["variant_commits"]);
  const auto times = postgres::TextsOf(row["variant_times"]);
  const auto authorship = postgres::DoublesOf(row["variant_authorship"]);
  const auto survival = postgres::DoublesOf(row["variant_survival_days"]);
  const auto alive = postgres::TextsOf(row["variant_alive"]);
  const auto levels = postgres::TextsOf(row["variant_levels"]);
  const auto centralities = postgres::DoublesOf(row["variant_centralities"]);
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Variant& variant = variants.emplace_back();
    variant.text = texts[i];
    variant.author = authors.at(i);
    variant.weight = weights.at(i).value_or(0);
    if (i >= commits.size()) continue;  // From before these were kept.
    variant.commit = commits[i];
    variant.author_time = MomentOf(times.at(i));
    variant.authorship = authorship.at(i).value_or(0);
    variant.survival_days = survival.at(i).value_or(0);
    variant.alive = alive.at(i) == "t";
    variant.level = levels.at(i);
    variant.centrality = centralities.at(i).value_or(0);
  }
  return variants;
}

// A column of the variants' own, as an array.
template <class T, class FieldOf>
std::vector<T> Column(std::span<const Variant> variants, FieldOf field_of) {
  std::vector<T> column;
  column.reserve(variants.size());
  for (const Variant& variant : variants) column.push_back(field_of(variant));
  return column;
}

void InsertItem(pqxx::transaction_base& tx, const Benchmark& benchmark,
                std::size_t ordinal, const Item& item) {
  const auto texts = [&](auto field) {
    return postgres::TextArray(Column<std::string>(
        item.variants, [&](const Variant& variant) { return variant.*field; }));
  };
  const auto numbers = [&](auto field) {
    return postgres::DoubleArray(Column<double>(
        item.variants, [&](const Variant& variant) { return variant.*field; }));
  };
  tx.exec_prepared(
      "insert_item", benchmark.name, benchmark.version, ordinal, item.id,
      item.repository, item.path, item.language, item.commit, item.parent,
      item.line, item.prefix, item.suffix, item.agreed, item.committed,
      texts(&Variant::text), texts(&Variant::author), numbers(&Variant::weight),
      item.agreement, item.contested, item.seen, item.item_class,
      postgres::TextArray(item.tags), item.author,
      postgres::Timestamp(item.author_time), item.tests.program,
      item.tests.entry_point, item.task, item.end_line, item.symbol,
      item.canary, item.explanation, postgres::TextArray(item.criteria),
      item.holdout, texts(&Variant::commit),
      postgres::TimestampArray(Column<absl::Time>(
          item.variants,
          [](const Variant& variant) { return variant.author_time; })),
      numbers(&Variant::authorship), numbers(&Variant::survival_days),
      postgres::BoolArray(Column<bool>(
          item.variants, [](const Variant& variant) { return variant.alive; })),
      texts(&Variant::level), numbers(&Variant::centrality));
}

}  // namespace

Item ItemOf(const pqxx::row& row) {
  Item item;
  item.id = row["item_id"].as<std::string>();
  item.repository = row["repository"].as<std::string>();
  item.path = row["path"].as<std::string>();
  item.language = row["language"].as<std::string>();
  item.commit = row["commit"].as<std::string>();
  item.parent = row["parent"].as<std::string>();
  item.line = row["line"].as<std::uint32_t>();
  item.end_line = row["end_line"].as<std::uint32_t>();
  item.symbol = row["symbol"].as<std::string>();
  item.task = row["task"].as<std::string>();
  item.prefix = row["prefix"].as<std::string>();
  item.suffix = row["suffix"].as<std::string>();
  item.agreed = row["agreed"].as<std::string>();
  item.committed = row["committed"].as<std::string>();
  item.variants = VariantsOf(row);
  item.agreement = postgres::DoubleOf(row["agreement"]);
  item.contested = row["contested"].as<bool>();
  item.seen = row["seen"].as<bool>();
  item.item_class = row["item_class"].as<std::string>();
  item.tags = postgres::TextsOf(row["tags"]);
  item.author = row["author"].as<std::string>();
  item.author_time = postgres::TimeOf(row["author_time"]);
  item.canary = row["canary"].as<std::string>();
  item.explanation = row["explanation"].as<std::string>();
  item.criteria = postgres::TextsOf(row["criteria"]);
  item.tests = {row["tests"].as<std::string>(),
                row["entry_point"].as<std::string>()};
  item.oracle = OracleOf(row);
  item.holdout = row["holdout"].as<bool>();
  item.archived = row["archived"].as<bool>();
  return item;
}

void InsertItems(pqxx::transaction_base& tx, const Benchmark& benchmark,
                 std::span<const Item> items) {
  tx.conn().prepare("insert_item", kInsert);
  for (std::size_t i = 0; i < items.size(); ++i) {
    InsertItem(tx, benchmark, i, items[i]);
  }
  tx.conn().unprepare("insert_item");
}

}  // namespace evalloop::evaluator
