#ifndef EVALLOOP_COMPLETION_POLICY_LEARNT_GATE_H_
#define EVALLOOP_COMPLETION_POLICY_LEARNT_GATE_H_

#include <span>
#include <string>
#include <vector>

#include "completion_policy/features.h"

namespace evalloop::completion_policy {

// One knot of a monotone map; both in [0, 1].
struct CalibrationKnot {
  double raw = 0;
  double calibrated = 0;
};

// A logistic model over a feature set and its calibration.
struct LearntGate {
  std::string feature_set;
  std::vector<double> weights;               // One a feature.
  std::vector<CalibrationKnot> calibration;  // Rising; empty: identity.
};

// 1 / (1 + e^-(weights . features)); features without a weight count 0.
double Logistic(std::span<const double> weights,
                std::span<const Feature> features);

// Linear between the knots, constant beyond them; `raw` itself without knots.
double Calibrate(std::span<const CalibrationKnot> knots, double raw);

}  // namespace evalloop::completion_policy

#endif  // EVALLOOP_COMPLETION_POLICY_LEARNT_GATE_H_
