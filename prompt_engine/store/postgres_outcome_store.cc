#include "prompt_engine/store/postgres_outcome_store.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <pqxx/pqxx>

#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::Guard;
using postgres::Of;
using postgres::TimeOf;
using postgres::Timestamp;

constexpr std::int64_t kNotTold = -1;

constexpr char kColumns[] =
    "completion_id, prompt, revision_version, model, session, repository, "
    "path, language, commit, line, \"column\", typed_tokens, typed_chars, "
    "raw_text, token_ends, log_probabilities, orders, supports, shown, "
    "shown_text, kind, text, served_at, settled_at";

// Empty fields of a filter don't restrict. Parameters $1 to $6.
constexpr char kWhere[] =
    " FROM outcome WHERE ($1 = '' OR prompt = $1) AND ($2 = '' OR session = "
    "$2) AND ($3 = '' OR repository = $3) AND ($4 = '' OR model = $4) "
    "AND served_at > $5::timestamptz AND served_at <= $6::timestamptz";

// Postgres holds no NUL in text. A completion with one is kept without tokens'
// places being right, so it loses its tokens.
bool HasNul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}
std::string WithoutNul(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return text;
}

struct TokenColumns {
  std::vector<std::int64_t> ends;
  std::vector<double> log_probabilities;
  std::vector<std::int64_t> orders;
  std::vector<std::int64_t> supports;
};

TokenColumns ColumnsOf(const Outcome& outcome) {
  TokenColumns columns;
  if (HasNul(outcome.raw_text)) return columns;
  std::int64_t end = 0;
  for (const completion_policy::ModelToken& token : outcome.tokens) {
    end += static_cast<std::int64_t>(token.text.size());
    columns.ends.push_back(end);
    columns.log_probabilities.push_back(token.log_probability);
    columns.orders.push_back(
        token.order ? static_cast<std::int64_t>(*token.order) : kNotTold);
    columns.supports.push_back(
        token.support ? static_cast<std::int64_t>(*token.support) : kNotTold);
  }
  return columns;
}

std::vector<completion_policy::ModelToken> TokensOf(const std::string& raw_text,
                                                    const pqxx::row& row) {
  const auto ends = postgres::IntsOf(row["token_ends"]);
  const auto logs = postgres::DoublesOf(row["log_probabilities"]);
  const auto orders = postgres::IntsOf(row["orders"]);
  const auto supports = postgres::IntsOf(row["supports"]);
  std::vector<completion_policy::ModelToken> tokens;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    completion_policy::ModelToken& token = tokens.emplace_back();
    token.text = raw_text.substr(begin, ends[i] - begin);
    token.log_probability = logs[i].value_or(0);
    if (orders[i] != kNotTold) {
      token.order = static_cast<std::uint32_t>(orders[i]);
    }
    if (supports[i] != kNotTold) {
      token.support = static_cast<std::uint32_t>(supports[i]);
    }
    begin = ends[i];
  }
  return tokens;
}

Outcome OutcomeOf(const pqxx::row& row) {
  Outcome outcome;
  outcome.completion_id = row["completion_id"].as<std::string>();
  outcome.prompt = row["prompt"].as<std::string>();
  outcome.revision_version = row["revision_version"].as<std::uint32_t>();
  outcome.model = row["model"].as<std::string>();
  outcome.session = row["session"].as<std::string>();
  outcome.repository = row["repository"].as<std::string>();
  outcome.path = row["path"].as<std::string>();
  outcome.language = row["language"].as<std::string>();
  outcome.commit = row["commit"].as<std::string>();
  outcome.line = row["line"].as<std::uint32_t>();
  outcome.column = row["column"].as<std::uint32_t>();
  outcome.typed_tokens = row["typed_tokens"].as<std::uint32_t>();
  outcome.typed_characters = row["typed_chars"].as<std::uint32_t>();
  outcome.raw_text = row["raw_text"].as<std::string>();
  outcome.tokens = TokensOf(outcome.raw_text, row);
  outcome.shown = row["shown"].as<bool>();
  outcome.shown_text = row["shown_text"].as<std::string>();
  outcome.kind = static_cast<FeedbackKind>(row["kind"].as<int>());
  if (!row["text"].is_null()) outcome.text = row["text"].as<std::string>();
  outcome.serve_time = TimeOf(row["served_at"]);
  outcome.settle_time = TimeOf(row["settled_at"]);
  return outcome;
}

template <typename... More>
pqxx::result Query(base::UnitOfWork& work, const std::string& sql,
                   const OutcomeFilter& filter, const More&... more) {
  return Of(work).exec_params(
      sql, filter.prompt, filter.session, filter.repository, filter.model,
      filter.after ? Timestamp(*filter.after) : std::string("-infinity"),
      filter.until ? Timestamp(*filter.until) : std::string("infinity"),
      more...);
}

}  // namespace

absl::Status PostgresOutcomeStore::Put(base::UnitOfWork& work,
                                       std::span<const Outcome> outcomes) {
  return Guard([&] {
    for (const Outcome& outcome : outcomes) {
      const TokenColumns columns = ColumnsOf(outcome);
      std::optional<std::string> text = outcome.text;
      if (text) text = WithoutNul(*text);
      Of(work).exec_params(
          std::string("INSERT INTO outcome (") + kColumns +
              ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
              "$13, $14, $15::integer[], $16::real[], $17::integer[], "
              "$18::bigint[], $19, $20, $21, $22, $23::timestamptz, "
              "$24::timestamptz) ON CONFLICT (completion_id) DO UPDATE SET "
              "kind = excluded.kind, settled_at = excluded.settled_at, "
              "text = coalesce(excluded.text, outcome.text) "
              "WHERE outcome.settled_at <= excluded.settled_at",
          outcome.completion_id, outcome.prompt, outcome.revision_version,
          outcome.model, outcome.session, WithoutNul(outcome.repository),
          WithoutNul(outcome.path), outcome.language, outcome.commit,
          outcome.line, outcome.column, outcome.typed_tokens,
          outcome.typed_characters, WithoutNul(outcome.raw_text),
          postgres::IntArray(columns.ends),
          postgres::DoubleArray(columns.log_probabilities),
          postgres::IntArray(columns.orders),
          postgres::IntArray(columns.supports), outcome.shown,
          WithoutNul(outcome.shown_text), static_cast<int>(outcome.kind), text,
          Timestamp(outcome.serve_time), Timestamp(outcome.settle_time));
    }
  });
}

absl::StatusOr<std::optional<Outcome>> PostgresOutcomeStore::Find(
    base::UnitOfWork& work, std::string_view completion_id) {
  return Guard([&]() -> std::optional<Outcome> {
    const auto rows =
        Of(work).exec_params(std::string("SELECT ") + kColumns +
                                 " FROM outcome WHERE completion_id = $1",
                             std::string(completion_id));
    if (rows.empty()) return std::nullopt;
    return OutcomeOf(rows[0]);
  });
}

absl::StatusOr<std::vector<Outcome>> PostgresOutcomeStore::Load(
    base::UnitOfWork& work, const OutcomeFilter& filter, int limit) {
  return Guard([&] {
    std::vector<Outcome> outcomes;
    const auto rows = Query(work,
                            std::string("SELECT ") + kColumns + kWhere +
                                " ORDER BY served_at DESC, completion_id DESC "
                                "LIMIT $7",
                            filter, limit);
    outcomes.reserve(rows.size());
    for (const auto& row : rows) outcomes.push_back(OutcomeOf(row));
    std::reverse(outcomes.begin(), outcomes.end());
    return outcomes;
  });
}

absl::StatusOr<std::vector<OutcomeSummary>> PostgresOutcomeStore::Summarise(
    base::UnitOfWork& work, const OutcomeFilter& filter) {
  return Guard([&] {
    std::vector<OutcomeSummary> summaries;
    const std::string sql =
        std::string(
            "SELECT prompt, revision_version, model, count(*), "
            "count(*) FILTER (WHERE shown), "
            "count(*) FILTER (WHERE kind = $7), "
            "count(*) FILTER (WHERE shown AND kind <> $7), "
            "count(*) FILTER (WHERE NOT shown)") +
        kWhere + " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
    for (const auto& row :
         Query(work, sql, filter, static_cast<int>(FeedbackKind::kAccepted))) {
      summaries.push_back(
          {row[0].as<std::string>(), row[1].as<std::uint32_t>(),
           row[2].as<std::string>(), row[3].as<std::uint64_t>(),
           row[4].as<std::uint64_t>(), row[5].as<std::uint64_t>(),
           row[6].as<std::uint64_t>(), row[7].as<std::uint64_t>()});
    }
    return summaries;
  });
}

}  // namespace evalloop::prompt_engine
