#ifndef EVALLOOP_EVALUATOR_DOMAIN_DECISION_H_
#define EVALLOOP_EVALUATOR_DOMAIN_DECISION_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "evaluator/domain/comparison.h"
#include "evaluator/domain/gate.h"

namespace evalloop::evaluator {

// Something the loop changed, or decided not to change, and why.
struct Decision {
  std::string id;  // Derived from the request that led to it.
  std::string prompt;
  std::string kind;  // output_policy, model, template ...
  std::uint32_t from_version = 0;
  std::uint32_t to_version = 0;
  Verdict verdict = Verdict::kUndecided;
  bool applied = false;  // Whether `production` moved.
  std::string reason;
  Estimate gain;  // Of gain_metric, candidate minus baseline.
  std::string gain_metric;
  std::string gate_id;
  absl::Time time;
};

// What the loop may do without a person.
struct Autopilot {
  bool publish = false;          // Moves `staging`.
  bool move_production = false;  // And `production`.
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_DECISION_H_
