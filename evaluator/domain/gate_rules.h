#ifndef EVALLOOP_EVALUATOR_DOMAIN_GATE_RULES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_GATE_RULES_H_

#include "evaluator/domain/gate.h"

// What Decide and the policy share.
namespace evalloop::evaluator {

bool JudgesCategories(const MetricTolerance& tolerance);

// The largest p-value by Holm of one metric's categories that blocks.
double CategoryErrorOf(const GatePolicy& policy, int looks);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_GATE_RULES_H_
