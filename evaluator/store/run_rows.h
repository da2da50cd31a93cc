#ifndef EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_
#define EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_

#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "evaluator/domain/run.h"

// Between rows of the tables runs and run_rows and the domain's values.
namespace evalloop::evaluator {

// What RunOf reads of a row of runs, which is called r: scored, failed and cost
// are counted, so that they can't go out of step.
extern const char kRunColumns[];
// "SELECT kRunColumns FROM runs r <rest>"
std::string SelectRun(std::string_view rest);

std::string_view NameOf(RunMode mode);
std::string_view NameOf(Subset subset);
Subset SubsetOf(std::string_view name);
RunMode ModeOf(std::string_view name);

// Of a row with kRunColumns.
Run RunOf(const pqxx::row& row);
// Of a whole row of run_rows.
Row RowOf(const pqxx::row& row);
// Of the column `tally`.
std::optional<TypedTally> TallyOf(const pqxx::field& field);
// As the column `tally` takes it.
std::string TallyArray(const TypedTally& tally);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_RUN_ROWS_H_
