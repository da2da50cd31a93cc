#include "scorer/store/postgres_score_store.h"

#include <array>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "platform/base/reason.h"
#include "platform/postgres/arrays.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::scorer {
namespace {

using TallyField = std::pair<const char*, std::int64_t Tally::*>;
constexpr std::array<TallyField, 7> kTallyFields = {{
    {"typed_lines", &Tally::lines},
    {"typed_requests", &Tally::requests},
    {"typed_shown", &Tally::shown},
    {"typed_accepted", &Tally::accepted},
    {"typed_chars", &Tally::typed_chars},
    {"typed_accepted_chars", &Tally::accepted_chars},
    {"typed_rejected_chars", &Tally::rejected_chars},
}};

// A column, and the type of the array that it is sent in. A column that holds a
// list is sent as the text of an array and cast once more.
struct Column {
  const char* name;
  const char* type;
  const char* list = nullptr;
};

// As InsertSql's parameters; the tally's stand behind.
constexpr std::array<Column, 15> kColumns = {{
    {"subject", "text"},
    {"scorer_digest", "text"},
    {"score_time", "timestamptz"},
    {"composite", "float8"},
    {"accepted", "boolean"},
    {"task", "text"},
    {"metric_names", "text", "text[]"},
    {"metric_values", "text", "float8[]"},
    {"metric_reasons", "text", "text[]"},
    {"failed", "text", "text[]"},
    {"group_names", "text", "text[]"},
    {"group_values", "text", "float8[]"},
    {"finding_metrics", "text", "text[]"},
    {"finding_rules", "text", "text[]"},
    {"finding_lines", "text", "bigint[]"},
}};

std::vector<std::string> AllColumns() {
  std::vector<std::string> names;
  for (const Column& column : kColumns) names.emplace_back(column.name);
  for (const auto& [name, field] : kTallyFields) names.emplace_back(name);
  return names;
}

const std::string& InsertSql() {
  static const std::string sql = [] {
    std::vector<std::string> arrays;
    std::vector<std::string> selected;
    for (const Column& column : kColumns) {
      arrays.push_back(
          fmt::format("${}::{}[]", arrays.size() + 1, column.type));
      selected.emplace_back(column.name);
      if (column.list != nullptr) {
        selected.back() += fmt::format("::{}", column.list);
      }
    }
    for (const auto& [name, field] : kTallyFields) {
      arrays.push_back(fmt::format("${}::int8[]", arrays.size() + 1));
      selected.emplace_back(name);
    }
    const std::string names = fmt::format("{}", fmt::join(AllColumns(), ", "));
    std::vector<std::string> updates;
    for (const std::string& name : AllColumns()) {
      updates.push_back(fmt::format("{} = excluded.{}", name, name));
    }
    // What infrastructure kept from a score may be asked for again.
    return fmt::format(
        "INSERT INTO score ({0}) SELECT DISTINCT ON (subject, scorer_digest) "
        "{1} FROM unnest({2}) WITH ORDINALITY AS row ({0}, place) "
        "ORDER BY subject, scorer_digest, "
        "'infrastructure' = ALL (metric_reasons::text[]), place "
        "ON CONFLICT (subject, scorer_digest) DO UPDATE SET {3} "
        "WHERE 'infrastructure' = ALL (score.metric_reasons)",
        names, fmt::join(selected, ", "), fmt::join(arrays, ", "),
        fmt::join(updates, ", "));
  }();
  return sql;
}

using Texts = std::vector<std::optional<std::string>>;

// A field of each of `all`, as the text of an array.
template <typename All, typename FieldOf>
std::string TextsOf(const All& all, FieldOf field_of) {
  std::vector<std::string> texts;
  for (const auto& one : all) texts.push_back(field_of(one));
  return postgres::TextArray(std::span<const std::string>(texts));
}

template <typename All>
std::string ValuesOf(const All& all) {
  std::vector<std::optional<double>> values;
  for (const auto& one : all) values.push_back(one.value);
  return postgres::DoubleArray(std::span<const std::optional<double>>(values));
}

std::string LinesOf(const std::vector<Finding>& findings) {
  std::vector<std::int64_t> lines;
  for (const Finding& finding : findings) lines.push_back(finding.line);
  return postgres::IntArray(std::span<const std::int64_t>(lines));
}

// One row's values, by kColumns.
std::array<std::optional<std::string>, kColumns.size()> ValuesOf(
    const StoredScore& stored) {
  const ScoreSet& score = stored.score;
  std::array<std::optional<std::string>, kColumns.size()> values = {
      stored.subject,
      score.scorer_digest,
      postgres::Timestamp(stored.score_time),
      std::nullopt,
      std::nullopt,
      std::nullopt,
      TextsOf(score.metrics, [](const auto& one) { return one.metric; }),
      ValuesOf(score.metrics),
      TextsOf(score.metrics, [](const auto& one) { return one.reason; }),
      TextsOf(score.failed, [](const auto& one) { return one; }),
      TextsOf(score.groups, [](const auto& one) { return one.group; }),
      ValuesOf(score.groups),
      TextsOf(score.findings, [](const auto& one) { return one.metric; }),
      TextsOf(score.findings, [](const auto& one) { return one.rule; }),
      LinesOf(score.findings)};
  if (score.composite.has_value()) {
    values[3] = fmt::format("{}", *score.composite);
  }
  if (stored.outcome.has_value()) {
    values[4] = stored.outcome->accepted ? "true" : "false";
    values[5] = stored.outcome->task;
  }
  return values;
}

StoredScore ScoreOf(const pqxx::row& row) {
  StoredScore stored;
  stored.subject = row["subject"].c_str();
  stored.score.scorer_digest = row["scorer_digest"].c_str();
  stored.score_time = postgres::TimeOf(row["score_time"]);
  stored.score.composite = postgres::DoubleOf(row["composite"]);
  const auto metrics = postgres::TextsOf(row["metric_names"]);
  const auto metric_values = postgres::DoublesOf(row["metric_values"]);
  const auto reasons = postgres::TextsOf(row["metric_reasons"]);
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    stored.score.metrics.push_back({.metric = metrics[i],
                                    .value = metric_values.at(i),
                                    .reason = reasons.at(i)});
  }
  if (!row["accepted"].is_null()) {
    stored.outcome =
        Outcome{row["accepted"].as<bool>(), row["task"].as<std::string>("")};
  }
  stored.score.failed = postgres::TextsOf(row["failed"]);
  const auto groups = postgres::TextsOf(row["group_names"]);
  const auto group_values = postgres::DoublesOf(row["group_values"]);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    stored.score.groups.push_back({groups[i], group_values.at(i)});
  }
  const auto finding_metrics = postgres::TextsOf(row["finding_metrics"]);
  const auto rules = postgres::TextsOf(row["finding_rules"]);
  const auto lines = postgres::IntsOf(row["finding_lines"]);
  for (std::size_t i = 0; i < finding_metrics.size(); ++i) {
    stored.score.findings.push_back({finding_metrics[i], rules.at(i),
                                     static_cast<std::uint32_t>(lines.at(i))});
  }
  if (!row["typed_lines"].is_null()) {
    stored.tally.emplace();
    for (const auto& [name, field] : kTallyFields) {
      (*stored.tally).*field = row[name].as<std::int64_t>();
    }
  }
  return stored;
}

std::string SelectColumns() {
  return fmt::format("SELECT {} FROM score ", fmt::join(AllColumns(), ", "));
}

// LIKE's own characters, escaped.
std::string LikePrefix(std::string_view prefix) {
  std::string pattern;
  for (const char c : prefix) {
    if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern + "%";
}

}  // namespace

absl::Status PostgresScoreStore::Record(base::UnitOfWork& work,
                                        std::span<const StoredScore> scores) {
  if (scores.empty()) return absl::OkStatus();
  std::array<Texts, kColumns.size()> columns;
  for (const StoredScore& stored : scores) {
    auto values = ValuesOf(stored);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      columns[i].push_back(std::move(values[i]));
    }
  }
  std::vector<std::string> arrays;
  for (const Texts& column : columns) {
    arrays.push_back(postgres::TextArray(
        std::span<const std::optional<std::string>>(column)));
  }
  for (const auto& [name, field] : kTallyFields) {
    std::vector<std::optional<std::int64_t>> values;
    for (const StoredScore& stored : scores) {
      values.push_back(stored.tally.has_value()
                           ? std::optional((*stored.tally).*field)
                           : std::nullopt);
    }
    arrays.push_back(postgres::IntArray(
        std::span<const std::optional<std::int64_t>>(values)));
  }
  return postgres::Guard([&] {
    postgres::Of(work).exec_params(InsertSql(),
                                   pqxx::prepare::make_dynamic_params(arrays));
  });
}

absl::StatusOr<StoredScore> PostgresScoreStore::Newest(
    std::string_view subject) {
  const std::string name(subject);
  auto found = postgres::ReadOnly(
      pool_, [&](pqxx::transaction_base& tx) -> std::optional<StoredScore> {
        const pqxx::result rows = tx.exec_params(
            SelectColumns() +
                "WHERE subject = $1 ORDER BY score_time DESC, scorer_digest "
                "DESC LIMIT 1",
            name);
        if (rows.empty()) return std::nullopt;
        return ScoreOf(rows[0]);
      });
  if (!found.ok()) return found.status();
  if (!found->has_value()) {
    return base::WithReason(
        absl::NotFoundError(fmt::format("no score of \"{}\"", subject)),
        "SCORE_NOT_FOUND");
  }
  return **std::move(found);
}

absl::StatusOr<std::vector<StoredScore>> PostgresScoreStore::List(
    std::string_view prefix, const ScoreCursor& after, std::size_t limit) {
  const std::string pattern = LikePrefix(prefix);
  const std::string time = after.score_time == absl::InfiniteFuture()
                               ? "infinity"
                               : postgres::Timestamp(after.score_time);
  const auto count = static_cast<std::int64_t>(limit);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    const pqxx::result rows = tx.exec_params(
        SelectColumns() +
            "WHERE subject LIKE $1 AND (score_time, subject, scorer_digest) "
            "< ($2::timestamptz, $3, $4) "
            "ORDER BY score_time DESC, subject DESC, scorer_digest DESC "
            "LIMIT $5",
        pattern, time, after.subject, after.scorer_digest, count);
    std::vector<StoredScore> scores;
    for (const pqxx::row& row : rows) scores.push_back(ScoreOf(row));
    return scores;
  });
}

absl::StatusOr<std::vector<OutcomeRow>> PostgresScoreStore::Outcomes(
    std::string_view metric, std::string_view scorer_digest,
    std::size_t limit) {
  const std::string name(metric);
  const std::string digest(scorer_digest);
  return postgres::ReadOnly(pool_, [&](pqxx::transaction_base& tx) {
    std::vector<OutcomeRow> rows;
    for (const pqxx::row& row : tx.exec_params(
             "SELECT value, accepted, task FROM (SELECT accepted, task, "
             "score_time, CASE WHEN $2 = 'composite' THEN composite ELSE "
             "metric_values[array_position(metric_names, $2)] END AS value "
             "FROM score WHERE scorer_digest = $1 AND accepted IS NOT NULL) AS "
             "told WHERE value IS NOT NULL ORDER BY score_time DESC LIMIT $3",
             digest, name, static_cast<std::int64_t>(limit))) {
      rows.push_back({row["value"].as<double>(), row["accepted"].as<bool>(),
                      row["task"].as<std::string>("")});
    }
    return rows;
  });
}

}  // namespace evalloop::scorer
