#ifndef EVALLOOP_EVALUATOR_STORE_SCORED_ROWS_H_
#define EVALLOOP_EVALUATOR_STORE_SCORED_ROWS_H_

#include <pqxx/pqxx>
#include <span>
#include <string>

#include "evaluator/domain/run.h"

namespace evalloop::evaluator {

// Stores answers with their scores in one statement, however many there are.
// Only a row that is still asked for, of a run that is under way and scored by
// this digest, changes; of a row that stands twice in `rows` the first counts.
// Throws as libpqxx does.
void StoreScored(pqxx::transaction_base& tx, const std::string& scorer_digest,
                 std::span<const Row> rows);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_SCORED_ROWS_H_
