#include "evaluator/store/scored_rows.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "evaluator/store/run_rows.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "platform/postgres/values.h"

namespace evalloop::evaluator {
namespace {

using Text = std::optional<std::string>;

template <typename All, typename FieldOf>
Text ListOfTexts(const All& all, FieldOf field_of) {
  std::vector<std::string> texts;
  for (const auto& one : all) texts.push_back(field_of(one));
  return postgres::TextArray(texts);
}

Text MetricNames(const Row& row) {
  return ListOfTexts(row.metrics, [](const auto& one) { return one.metric; });
}
Text MetricReasons(const Row& row) {
  return ListOfTexts(row.metrics, [](const auto& one) { return one.reason; });
}
Text MetricValues(const Row& row) {
  std::vector<std::optional<double>> values;
  for (const MetricValue& one : row.metrics) values.push_back(one.value);
  return postgres::DoubleArray(values);
}
Text FindingMetrics(const Row& row) {
  return ListOfTexts(row.findings, [](const auto& one) { return one.metric; });
}
Text FindingRules(const Row& row) {
  return ListOfTexts(row.findings, [](const auto& one) { return one.rule; });
}
Text FindingLines(const Row& row) {
  std::vector<std::int64_t> lines;
  for (const Finding& finding : row.findings) lines.push_back(finding.line);
  return postgres::IntArray(lines);
}
Text TallyOf(const Row& row) {
  if (!row.tally.has_value()) return std::nullopt;
  return TallyArray(*row.tally);
}
Text Number(std::optional<double> value) {
  if (!value.has_value()) return std::nullopt;
  return fmt::format("{}", *value);
}

// A column of run_rows, the type of the array that its values are sent in, and
// the type that each is cast to then: an array of arrays must be rectangular,
// so that lists are sent as texts.
struct Column {
  std::string_view name;
  std::string_view type;
  std::string_view cast = {};
  Text (*of)(const Row&);
  // What a row took before it was asked again was spent too.
  bool adds = false;
};

constexpr Column kKey[] = {
    {.name = "run_id",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.run_id; }},
    {.name = "item_id",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.item_id; }},
    {.name = "sample",
     .type = "integer",
     .of = [](const Row& row) -> Text { return std::to_string(row.sample); }},
};

constexpr Column kValues[] = {
    {.name = "state",
     .type = "text",
     .of = [](const Row& row) -> Text {
       return row.infrastructure_error.empty() ? "scored" : "failed";
     }},
    {.name = "raw_text",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.raw_text; }},
    {.name = "shown",
     .type = "boolean",
     .of = [](const Row& row) -> Text { return row.shown ? "t" : "f"; }},
    {.name = "shown_text",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.shown_text; }},
    {.name = "metrics", .type = "text", .cast = "text[]", .of = MetricNames},
    {.name = "metric_values",
     .type = "text",
     .cast = "float8[]",
     .of = MetricValues},
    {.name = "metric_reasons",
     .type = "text",
     .cast = "text[]",
     .of = MetricReasons},
    {.name = "composite",
     .type = "float8",
     .of = [](const Row& row) { return Number(row.composite); }},
    {.name = "tally", .type = "text", .cast = "bigint[]", .of = TallyOf},
    {.name = "infrastructure_error",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.infrastructure_error; }},
    {.name = "cost_micros",
     .type = "bigint",
     .of = [](const Row& row) -> Text {
       return std::to_string(row.cost_micros);
     },
     .adds = true},
    {.name = "prompt_tokens",
     .type = "bigint",
     .of = [](const Row& row) -> Text {
       return std::to_string(row.prompt_tokens);
     },
     .adds = true},
    {.name = "completion_tokens",
     .type = "bigint",
     .of = [](const Row& row) -> Text {
       return std::to_string(row.completion_tokens);
     },
     .adds = true},
    {.name = "attempts",
     .type = "bigint",
     .of = [](const Row& row) -> Text { return std::to_string(row.attempts); },
     .adds = true},
    {.name = "total_ms",
     .type = "float8",
     .of = [](const Row& row) { return Number(row.total_ms); }},
    {.name = "first_token_ms",
     .type = "float8",
     .of = [](const Row& row) { return Number(row.first_token_ms); }},
    {.name = "index_commit",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.index_commit; }},
    {.name = "finding_metrics",
     .type = "text",
     .cast = "text[]",
     .of = FindingMetrics},
    {.name = "finding_rules",
     .type = "text",
     .cast = "text[]",
     .of = FindingRules},
    {.name = "finding_lines",
     .type = "text",
     .cast = "bigint[]",
     .of = FindingLines},
    {.name = "reported_model",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.reported_model; }},
    {.name = "system_fingerprint",
     .type = "text",
     .of = [](const Row& row) -> Text { return row.system_fingerprint; }},
};

// Parameter 1 is the digest; behind it an array for each column.
std::string UpdateSql() {
  std::vector<std::string> sets, names, arrays;
  for (const auto& columns :
       {std::span<const Column>(kKey), std::span<const Column>(kValues)}) {
    for (const Column& column : columns) {
      names.emplace_back(column.name);
      arrays.push_back(
          fmt::format("${}::{}[]", arrays.size() + 2, column.type));
    }
  }
  for (const Column& column : kValues) {
    sets.push_back(
        fmt::format("{0} = {1}one.{0}{2}{3}", column.name,
                    column.adds ? fmt::format("w.{} + ", column.name) : "",
                    column.cast.empty() ? "" : "::", column.cast));
  }
  return fmt::format(
      "UPDATE run_rows w SET score_time = now(), {} FROM (SELECT DISTINCT ON "
      "(run_id, item_id, sample) * FROM unnest({}) WITH ORDINALITY AS one ({}, "
      "place) ORDER BY run_id, item_id, sample, place) AS one, runs r WHERE "
      "r.run_id = one.run_id AND r.state = 'running' AND (r.scorer_digest = $1 "
      "OR one.state = 'failed') AND w.run_id = one.run_id AND w.item_id = "
      "one.item_id AND w.sample = one.sample AND w.state = 'asked'",
      fmt::join(sets, ", "), fmt::join(arrays, ", "), fmt::join(names, ", "));
}

std::string ArrayOf(const Column& column, std::span<const Row> rows) {
  std::vector<Text> values;
  values.reserve(rows.size());
  for (const Row& row : rows) values.push_back(column.of(row));
  return postgres::TextArray(values);
}

}  // namespace

void StoreScored(pqxx::transaction_base& tx, const std::string& scorer_digest,
                 std::span<const Row> rows) {
  if (rows.empty()) return;
  static const std::string sql = UpdateSql();
  std::vector<std::string> parameters = {scorer_digest};
  for (const Column& column : kKey) {
    parameters.push_back(ArrayOf(column, rows));
  }
  for (const Column& column : kValues) {
    parameters.push_back(ArrayOf(column, rows));
  }
  tx.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters));
}

}  // namespace evalloop::evaluator
