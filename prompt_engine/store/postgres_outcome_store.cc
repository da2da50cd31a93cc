#include "prompt_engine/store/postgres_outcome_store.h"

#include <algorithm>
#include <cstdint>
#include <pqxx/pqxx>

#include "platform/postgres/arrays.h"
#include "platform/postgres/guard.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/store/outcome_rows.h"

namespace evalloop::prompt_engine {
namespace {

using postgres::Guard;
using postgres::Of;
using postgres::Timestamp;

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

}  // namespace

absl::Status PostgresOutcomeStore::Put(base::UnitOfWork& work,
                                       std::span<const Outcome> outcomes) {
  return Guard([&] {
    for (const Outcome& outcome : outcomes) {
      const TokenColumns columns = ColumnsOf(outcome);
      std::optional<std::string> text = outcome.text;
      if (text) text = WithoutNul(*text);
      std::optional<std::string> settled;
      if (outcome.settle_time) settled = Timestamp(*outcome.settle_time);
      Of(work).exec_params(
          std::string("INSERT INTO outcome (") + kOutcomeColumns +
              ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
              "$13, $14, $15::integer[], $16::real[], $17::integer[], "
              "$18::bigint[], $19, $20, $21, $22, $23::timestamptz, "
              "$24::timestamptz) ON CONFLICT (completion_id) DO UPDATE SET "
              "kind = excluded.kind, settled_at = excluded.settled_at, "
              "text = coalesce(excluded.text, outcome.text) "
              "WHERE outcome.settled_at IS NULL OR "
              "outcome.settled_at <= excluded.settled_at",
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
          Timestamp(outcome.serve_time), settled);
    }
  });
}

absl::StatusOr<std::optional<Outcome>> PostgresOutcomeStore::Find(
    base::UnitOfWork& work, std::string_view completion_id) {
  return Guard([&]() -> std::optional<Outcome> {
    const auto rows =
        Of(work).exec_params(std::string("SELECT ") + kOutcomeColumns +
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
    const auto rows =
        QueryOutcomes(work,
                      std::string("SELECT ") + kOutcomeColumns +
                          " FROM outcome WHERE " + kOutcomeFilter +
                          " ORDER BY served_at DESC, completion_id DESC "
                          "LIMIT $7",
                      filter, limit);
    outcomes.reserve(rows.size());
    for (const auto& row : rows) outcomes.push_back(OutcomeOf(row));
    std::reverse(outcomes.begin(), outcomes.end());
    return outcomes;
  });
}

}  // namespace evalloop::prompt_engine
