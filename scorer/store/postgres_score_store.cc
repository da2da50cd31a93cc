#include "scorer/store/postgres_score_store.h"

#include <algorithm>
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
#include "scorer/domain/metrics.h"

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

// The columns that this file reads and writes by name, metrics first.
std::vector<std::string> MetricColumns() {
  std::vector<std::string> names;
  for (const Metric& metric : AllMetrics()) names.emplace_back(metric.name);
  return names;
}

std::vector<std::string> AllColumns() {
  std::vector<std::string> names = {"subject", "scorer_digest", "score_time",
                                    "composite"};
  for (std::string& name : MetricColumns()) names.push_back(std::move(name));
  for (const auto& [name, field] : kTallyFields) names.emplace_back(name);
  names.emplace_back("missing_metrics");
  names.emplace_back("missing_reasons");
  return names;
}

std::optional<double> ValueOf(const ScoreSet& score, std::string_view metric) {
  for (const MetricScore& one : score.metrics) {
    if (one.metric == metric) return one.value;
  }
  return std::nullopt;
}

// "INSERT ... SELECT ... FROM unnest(...)": $1 to $4 are the first columns,
// then one array a metric and a tally field, then the missing ones, each row's
// list as the text of an array.
const std::string& InsertSql() {
  static const std::string sql = [] {
    const std::vector<std::string> columns = AllColumns();
    std::vector<std::string> arrays = {"$1::text[]", "$2::text[]",
                                       "$3::timestamptz[]", "$4::float8[]"};
    const std::size_t metrics_end = 4 + AllMetrics().size();
    for (std::size_t i = 4; i < columns.size(); ++i) {
      const std::string_view type = i < metrics_end ? "float8[]"
                                    : i < metrics_end + kTallyFields.size()
                                        ? "int8[]"
                                        : "text[]";
      arrays.push_back(fmt::format("${}::{}", i + 1, type));
    }
    std::vector<std::string> selected = columns;
    selected[columns.size() - 2] = "missing_metrics::text[]";
    selected[columns.size() - 1] = "missing_reasons::text[]";
    const std::string names = fmt::format("{}", fmt::join(columns, ", "));
    return fmt::format(
        "INSERT INTO score ({}) SELECT {} FROM unnest({}) AS row ({}) "
        "ON CONFLICT (subject, scorer_digest) DO NOTHING",
        names, fmt::join(selected, ", "), fmt::join(arrays, ", "), names);
  }();
  return sql;
}

std::string MissingOf(const ScoreSet& score, std::string MetricScore::*what) {
  std::vector<std::string> missing;
  for (const MetricScore& one : score.metrics) {
    if (!one.value.has_value()) missing.push_back(one.*what);
  }
  return postgres::TextArray(std::span<const std::string>(missing));
}

StoredScore ScoreOf(const pqxx::row& row) {
  StoredScore stored;
  stored.subject = row["subject"].c_str();
  stored.score.scorer_digest = row["scorer_digest"].c_str();
  stored.score_time = postgres::TimeOf(row["score_time"]);
  stored.score.composite = postgres::DoubleOf(row["composite"]);
  const auto missing = postgres::TextsOf(row["missing_metrics"]);
  const auto reasons = postgres::TextsOf(row["missing_reasons"]);
  for (const std::string& name : MetricColumns()) {
    const std::optional<double> value = postgres::DoubleOf(row[name]);
    const auto at = std::find(missing.begin(), missing.end(), name);
    if (!value.has_value() && at == missing.end()) continue;  // Not asked for.
    stored.score.metrics.push_back(
        {.metric = name,
         .value = value,
         .reason =
             value.has_value()
                 ? ""
                 : reasons[static_cast<std::size_t>(at - missing.begin())]});
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
  std::vector<std::string> subjects;
  std::vector<std::string> digests;
  std::vector<absl::Time> times;
  std::vector<std::optional<double>> composites;
  std::vector<std::string> missing;
  std::vector<std::string> reasons;
  for (const StoredScore& stored : scores) {
    subjects.push_back(stored.subject);
    digests.push_back(stored.score.scorer_digest);
    times.push_back(stored.score_time);
    composites.push_back(stored.score.composite);
    missing.push_back(MissingOf(stored.score, &MetricScore::metric));
    reasons.push_back(MissingOf(stored.score, &MetricScore::reason));
  }
  std::vector<std::string> arrays = {
      postgres::TextArray(std::span<const std::string>(subjects)),
      postgres::TextArray(std::span<const std::string>(digests)),
      postgres::TimestampArray(times),
      postgres::DoubleArray(
          std::span<const std::optional<double>>(composites))};
  for (const Metric& metric : AllMetrics()) {
    std::vector<std::optional<double>> values;
    for (const StoredScore& stored : scores) {
      values.push_back(ValueOf(stored.score, metric.name));
    }
    arrays.push_back(
        postgres::DoubleArray(std::span<const std::optional<double>>(values)));
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
  arrays.push_back(postgres::TextArray(std::span<const std::string>(missing)));
  arrays.push_back(postgres::TextArray(std::span<const std::string>(reasons)));
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

}  // namespace evalloop::scorer
