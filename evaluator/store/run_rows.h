#ifndef EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_
#define EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "evaluator/domain/run.h"

// Between rows of the tables runs and run_rows and the domain's values.
namespace evalloop::evaluator {

// "SELECT ... FROM runs r ", with scored, failed and cost counted: what is
// counted can't go out of step.
extern const char kSelectRun[];

std::string_view NameOf(RunMode mode);
std::string_view NameOf(Subset subset);
RunMode ModeOf(std::string_view name);

// Of a row that kSelectRun found.
Run RunOf(const pqxx::row& row);
// Of a whole row of run_rows.
Row RowOf(const pqxx::row& row);
// Of the column `tally`.
std::optional<TypedTally> TallyOf(const pqxx::field& field);
// As the column `tally` takes it.
std::string TallyArray(const TypedTally& tally);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_
