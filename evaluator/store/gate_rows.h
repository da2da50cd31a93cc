#ifndef EVALLOOP_EVALUATOR_STORE_GATE_ROWS_H_
#define EVALLOOP_EVALUATOR_STORE_GATE_ROWS_H_

#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "evaluator/domain/decision.h"
#include "evaluator/domain/gate.h"

// Gates and decisions out of their tables, and into them.
namespace evalloop::evaluator {

std::string NameOf(OnInconclusive on_inconclusive);
std::string NameOf(BaselineSource source);

// A row of `gates` with what belongs to it in other tables.
Gate GateOf(pqxx::transaction_base& tx, const pqxx::row& row);
std::vector<Gate> GatesOf(pqxx::transaction_base& tx, const pqxx::result& rows);

Decision DecisionOf(const pqxx::row& row);

void InsertTolerances(pqxx::transaction_base& tx, const Gate& gate);
// Instead of those that are there.
void ReplaceFindings(pqxx::transaction_base& tx, const std::string& gate_id,
                     const GateDecision& decision);
// As the newest knowledge of the gate's prompt and benchmark.
void KeepFloors(pqxx::transaction_base& tx, const std::string& gate_id,
                const std::vector<NoiseFloor>& floors);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STORE_GATE_ROWS_H_
