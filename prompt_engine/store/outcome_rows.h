#ifndef EVALLOOP_PROMPT_ENGINE_STORE_OUTCOME_ROWS_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_OUTCOME_ROWS_H_

#include <cstdint>
#include <pqxx/pqxx>
#include <string>

#include "platform/base/unit_of_work.h"
#include "platform/postgres/transactor.h"
#include "platform/postgres/values.h"
#include "prompt_engine/domain/outcome.h"

// How rows of the table outcome are read, by the stores that read it.
namespace evalloop::prompt_engine {

// What a token's column says where the model did not.
inline constexpr std::int64_t kNotTold = -1;

inline constexpr char kOutcomeColumns[] =
    "completion_id, prompt, revision_version, model, session, repository, "
    "path, language, commit, line, \"column\", typed_tokens, typed_chars, "
    "raw_text, token_ends, log_probabilities, orders, supports, shown, "
    "shown_text, kind, text, served_at, settled_at";

// Of a row with kOutcomeColumns. Throws as libpqxx does.
Outcome OutcomeOf(const pqxx::row& row);

// What an OutcomeFilter lets through; its empty fields don't restrict.
// Parameters $1 to $6, which QueryOutcomes binds.
inline constexpr char kOutcomeFilter[] =
    "($1 = '' OR outcome.prompt = $1) AND ($2 = '' OR session = $2) "
    "AND ($3 = '' OR outcome.repository = $3) AND ($4 = '' OR model = $4) "
    "AND served_at > $5::timestamptz AND served_at <= $6::timestamptz";

// Runs `sql`, whose further parameters are `more`.
template <typename... More>
pqxx::result QueryOutcomes(base::UnitOfWork& work, const std::string& sql,
                           const OutcomeFilter& filter, const More&... more) {
  using postgres::Timestamp;
  return postgres::Of(work).exec_params(
      sql, filter.prompt, filter.session, filter.repository, filter.model,
      filter.after ? Timestamp(*filter.after) : std::string("-infinity"),
      filter.until ? Timestamp(*filter.until) : std::string("infinity"),
      more...);
}

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_OUTCOME_ROWS_H_
