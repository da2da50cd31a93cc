#include <string>
#include <utility>
#include <vector>

#include "evaluator/store/lists.h"
#include "evaluator/store/postgres_row_queries.h"
#include "fmt/format.h"
#include "platform/listing/condition.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

// Aggregation of rows: one statement, whose result is a line for each group and
// metric however many rows there are.
namespace evalloop::evaluator {
namespace {

// Of rows w, their run r, item i and its tag t.
std::string_view SqlOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::kModel:
      return "r.model";
    case Dimension::kPrompt:
      return "r.prompt";
    case Dimension::kRevision:
      return "r.prompt || '@' || r.revision_version";
    case Dimension::kBenchmark:
      return "r.benchmark || '@' || r.benchmark_version";
    case Dimension::kRun:
      return "r.run_id";
    case Dimension::kRepository:
      return "i.repository";
    case Dimension::kClass:
      return "i.item_class";
    case Dimension::kLanguage:
      return "i.language";
    case Dimension::kTag:
      return "coalesce(t.tag, '')";
    case Dimension::kAuthor:
      return "i.author";
    case Dimension::kDay:
      return "to_char(r.start_time AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
    case Dimension::kWeek:
      return "to_char(r.start_time AT TIME ZONE 'UTC', 'IYYY-\"W\"IW')";
    case Dimension::kMonth:
      return "to_char(r.start_time AT TIME ZONE 'UTC', 'YYYY-MM')";
    case Dimension::kQuarter:
      return "to_char(r.start_time AT TIME ZONE 'UTC', 'YYYY-\"Q\"Q')";
  }
  return "''";
}

// k0, the scorer digest, then k1 and so on, the question's dimensions.
std::string KeysOf(std::size_t dimensions, std::string_view table) {
  std::string keys;
  for (std::size_t i = 0; i <= dimensions; ++i) {
    keys += fmt::format("{}{}k{}", i == 0 ? "" : ", ", table, i);
  }
  return keys;
}

std::string KeyColumns(const AggregateQuestion& question) {
  std::string columns = "r.scorer_digest AS k0";
  for (std::size_t i = 0; i < question.dimensions.size(); ++i) {
    columns += fmt::format(", {} AS k{}", SqlOf(question.dimensions[i]), i + 1);
  }
  return columns;
}

bool GroupsByTag(const AggregateQuestion& question) {
  for (const Dimension dimension : question.dimensions) {
    if (dimension == Dimension::kTag) return true;
  }
  return false;
}

// What makes a group's place: a figure of its own, then its keys, so that the
// order is always the same.
std::string OrderOf(const AggregateQuestion& question) {
  const std::string_view way =
      question.descending ? " DESC NULLS LAST, " : " NULLS LAST, ";
  std::string order;
  switch (question.order) {
    case GroupOrder::kKeys:
      break;
    case GroupOrder::kRows:
      order = fmt::format("counted{}", way);
      break;
    case GroupOrder::kCost:
      order = fmt::format("cost{}", way);
      break;
    case GroupOrder::kMetric:
      order = fmt::format("ranked{}", way);
      break;
  }
  for (std::size_t i = 1; i <= question.dimensions.size(); ++i) {
    order += fmt::format("k{}, ", i);
  }
  return order + "k0";
}

// The rows that count, with no more columns than are summed up.
absl::StatusOr<std::string> PickedRows(const AggregateQuestion& question,
                                       listing::Bindings& bindings) {
  const auto filter = listing::ParseFilter(question.filter);
  if (!filter.ok()) return filter.status();
  const auto condition =
      listing::ConditionOf(*filter, kRowList.fields, bindings);
  if (!condition.ok()) return condition.status();
  std::string usual;
  if (!listing::Names(*filter, "run.state")) {
    usual += " AND r.state = 'finished'";
  }
  // Picked for having failed: they would pull every mean down.
  if (!listing::Names(*filter, "run.subset")) {
    usual += " AND r.subset <> 'rows'";
  }
  if (!listing::Names(*filter, "valid")) {
    usual += fmt::format(" AND {}", kRowIsValid);
  }
  return fmt::format(
      // Answers that were scored again were paid for in their own run.
      "SELECT {}, w.run_id, w.item_id, w.commit, w.state, CASE WHEN "
      "r.rescored_run IS NULL THEN w.cost_micros ELSE 0 END AS cost_micros, "
      "w.metrics, w.metric_values, w.composite, w.tally FROM {}{} "
      "WHERE w.state <> 'asked' AND NOT {}{} AND ({})",
      KeyColumns(question), kRowsFrom,
      GroupsByTag(question) ? " LEFT JOIN LATERAL (SELECT DISTINCT "
                              "unnest(i.tags) AS tag) t ON true"
                            : "",
      kItemIsQuarantined, usual, *condition);
}

constexpr char kParts[] =
    "metric_parts(w.metrics, w.metric_values, w.composite, w.tally)";

absl::StatusOr<std::string> StatementOf(const AggregateQuestion& question,
                                        listing::Bindings& bindings) {
  const auto picked = PickedRows(question, bindings);
  if (!picked.ok()) return picked.status();
  const std::size_t dimensions = question.dimensions.size();
  const std::string keys = KeysOf(dimensions, "");
  std::string ranked, rank_from;
  if (question.order == GroupOrder::kMetric) {
    ranked = ", sum(o.numerator) / nullif(sum(o.denominator), 0) AS ranked";
    rank_from = fmt::format(
        " LEFT JOIN LATERAL (SELECT numerator, denominator FROM {} WHERE "
        "metric = {}) o ON w.state = 'scored'",
        kParts, bindings.Add(question.order_metric, "text"));
  }
  const std::string wanted =
      question.metrics.empty()
          ? ""
          : fmt::format(
                " AND p.metric = ANY({})",
                bindings.Add(postgres::TextArray(question.metrics), "text[]"));
  return fmt::format(
      "WITH picked AS MATERIALIZED ({picked}), "
      // One line a group.
      "groups AS (SELECT {keys}, count(*) FILTER (WHERE state = 'scored') AS "
      "counted, count(DISTINCT item_id) AS items, count(DISTINCT run_id) AS "
      "runs, count(*) FILTER (WHERE state = 'failed') AS failed, "
      "sum(cost_micros)::bigint AS cost{ranked} FROM picked w{rank_from} GROUP "
      "BY {keys}), "
      "chosen AS (SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM "
      "groups ORDER BY place LIMIT {limit}), "
      "parts AS (SELECT c.place, w.commit, p.* FROM picked w JOIN chosen c ON "
      "({picked_keys}) = ({chosen_keys}), {parts} p WHERE w.state = "
      "'scored'{wanted}), "
      // One line a group, metric and commit, with the group's mean beside it.
      "clusters AS (SELECT place, metric, commit, sum(numerator) AS n, "
      "sum(denominator) AS d, count(*) AS told FROM parts GROUP BY place, "
      "metric, commit), "
      "centred AS (SELECT *, sum(n) OVER one / nullif(sum(d) OVER one, 0) AS "
      "mean FROM clusters WINDOW one AS (PARTITION BY place, metric)), "
      "figures AS (SELECT place, metric, sum(n) AS n, sum(d) AS d, count(*) "
      "FILTER (WHERE d > 0) AS commits, sum(power(n - mean * d, 2)) AS "
      "squares, sum(told) AS told FROM centred GROUP BY place, metric HAVING "
      "sum(d) > 0), "
      "spread AS (SELECT place, metric, count(*) AS valued, "
      "percentile_disc(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY numerator / "
      "denominator) AS at FROM parts WHERE denominator > 0 GROUP BY place, "
      "metric) "
      "SELECT c.*, f.metric, f.n, f.d, f.commits, f.squares, f.told, s.valued, "
      "s.at[1] AS p10, s.at[2] AS p90 FROM chosen c LEFT JOIN figures f USING "
      "(place) LEFT JOIN spread s USING (place, metric) ORDER BY place, metric",
      fmt::arg("picked", *picked), fmt::arg("keys", keys),
      fmt::arg("ranked", ranked), fmt::arg("rank_from", rank_from),
      fmt::arg("order", OrderOf(question)),
      fmt::arg("limit", question.max_groups + 1),
      fmt::arg("picked_keys", KeysOf(dimensions, "w.")),
      fmt::arg("chosen_keys", KeysOf(dimensions, "c.")),
      fmt::arg("parts", kParts), fmt::arg("wanted", wanted));
}

GroupTally GroupOf(const pqxx::row& row, std::size_t dimensions) {
  GroupTally group;
  group.scorer_digest = row["k0"].as<std::string>();
  for (std::size_t i = 1; i <= dimensions; ++i) {
    group.keys.push_back(row[fmt::format("k{}", i)].as<std::string>());
  }
  group.rows = row["counted"].as<std::int64_t>();
  group.items = row["items"].as<std::int64_t>();
  group.runs = row["runs"].as<std::int64_t>();
  group.failed = row["failed"].as<std::int64_t>();
  group.cost_micros = row["cost"].as<std::int64_t>();
  return group;
}

MetricTally MetricOf(const pqxx::row& row, const GroupTally& group) {
  return {.metric = row["metric"].as<std::string>(),
          .numerator = row["n"].as<double>(),
          .denominator = row["d"].as<double>(),
          .clusters = row["commits"].as<std::int64_t>(),
          .squares = row["squares"].as<double>(),
          .p10 = row["p10"].as<double>(),
          .p90 = row["p90"].as<double>(),
          .rows = row["valued"].as<std::int64_t>(),
          .missing = group.rows - row["told"].as<std::int64_t>()};
}

AggregateAnswer AnswerOf(const pqxx::result& rows,
                         const AggregateQuestion& question) {
  AggregateAnswer answer;
  std::int64_t place = 0;
  for (const pqxx::row& row : rows) {
    if (const auto at = row["place"].as<std::int64_t>(); at != place) {
      if (answer.groups.size() == question.max_groups) {
        answer.truncated = true;
        break;
      }
      place = at;
      answer.groups.push_back(GroupOf(row, question.dimensions.size()));
    }
    if (row["metric"].is_null()) continue;
    GroupTally& group = answer.groups.back();
    group.metrics.push_back(MetricOf(row, group));
  }
  return answer;
}

}  // namespace

absl::StatusOr<AggregateAnswer> PostgresRowQueries::Aggregate(
    const AggregateQuestion& question) {
  listing::Bindings bindings;
  const auto statement = StatementOf(question, bindings);
  if (!statement.ok()) return statement.status();
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    return AnswerOf(
        tx.exec_params(*statement,
                       pqxx::prepare::make_dynamic_params(bindings.values())),
        question);
  });
}

}  // namespace evalloop::evaluator
