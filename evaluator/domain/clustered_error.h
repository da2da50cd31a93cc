#ifndef EVALLOOP_EVALUATOR_DOMAIN_CLUSTERED_ERROR_H_
#define EVALLOOP_EVALUATOR_DOMAIN_CLUSTERED_ERROR_H_

#include <cstddef>
#include <optional>
#include <span>

#include "evaluator/domain/comparison.h"
#include "platform/base/statistics.h"

// Standard errors of ratios of sums where the rows of one commit hang together:
// the ratio linearised over clusters (Miller 2024; Cochran 1977, 6.4 and 11.8).
// Cheaper than a bootstrap, for many groups at once. Pure.
namespace evalloop::evaluator {

// Of sum(numerator) / sum(denominator). Absent: under two clusters, or no
// denominator.
std::optional<double> ClusteredError(
    std::span<const base::RatioTally> clusters);

// Of the ratio after minus the ratio before. Absent: as above.
std::optional<double> ClusteredError(
    std::span<const base::PairedRatioTally> clusters);

// `value` with the bounds that Student's t with one degree of freedom fewer
// than clusters gives; without bounds where there is no error.
Estimate Around(double value, std::optional<double> error, std::size_t clusters,
                double confidence = kUsualConfidence);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_CLUSTERED_ERROR_H_
