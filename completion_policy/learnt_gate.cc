#include "completion_policy/learnt_gate.h"

#include <algorithm>
#include <cmath>

namespace evalloop::completion_policy {

double Logistic(std::span<const double> weights,
                std::span<const Feature> features) {
  double sum = 0;
  for (const Feature& feature : features) {
    if (feature.index < weights.size()) {
      sum += weights[feature.index] * feature.value;
    }
  }
  return 1.0 / (1.0 + std::exp(-sum));
}

double Calibrate(std::span<const CalibrationKnot> knots, double raw) {
  if (knots.empty()) return raw;
  const auto above =
      std::upper_bound(knots.begin(), knots.end(), raw,
                       [](double value, const CalibrationKnot& knot) {
                         return value < knot.raw;
                       });
  if (above == knots.begin()) return knots.front().calibrated;
  if (above == knots.end()) return knots.back().calibrated;
  const CalibrationKnot& low = *(above - 1);
  const double share = (raw - low.raw) / (above->raw - low.raw);
  return low.calibrated + share * (above->calibrated - low.calibrated);
}

}  // namespace evalloop::completion_policy
