#ifndef EVALLOOP_SERVING_STORE_COMPLETION_ROWS_H_
#define EVALLOOP_SERVING_STORE_COMPLETION_ROWS_H_

#include <pqxx/pqxx>
#include <span>
#include <string>

#include "serving/domain/completion.h"

namespace evalloop::serving {

// Columns of table completions as SELECT names them, for CompletionOf.
extern const char* const kCompletionColumns;

// A row of those columns, and of feedback's (completion_id, kind, text,
// elapsed_ms, give_time). Throw as libpqxx does.
Completion CompletionOf(const pqxx::row& row);
Feedback FeedbackOf(const pqxx::row& row);

// One statement that inserts `completions` (each id once); results replace
// their intents and nothing else changes. Throws as libpqxx does.
void InsertCompletions(pqxx::transaction_base& tx,
                       std::span<const Completion* const> completions);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STORE_COMPLETION_ROWS_H_
