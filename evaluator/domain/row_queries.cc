#include "evaluator/domain/row_queries.h"

#include <cmath>

#include "platform/base/hypotheses.h"

namespace evalloop::evaluator {

Estimate EstimateOf(const MetricTally& tally) {
  Estimate estimate;
  if (tally.denominator == 0) return estimate;
  estimate.value = tally.numerator / tally.denominator;
  if (tally.clusters < 2 || tally.squares <= 0) return estimate;
  const double count = static_cast<double>(tally.clusters);
  const double error =
      std::sqrt(tally.squares * count / (count - 1)) / tally.denominator;
  const double half =
      error * base::StudentTQuantile(0.5 + kUsualConfidence / 2, count - 1);
  estimate.lower = estimate.value - half;
  estimate.upper = estimate.value + half;
  return estimate;
}

}  // namespace evalloop::evaluator
