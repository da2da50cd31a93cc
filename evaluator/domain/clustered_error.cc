#include "evaluator/domain/clustered_error.h"

#include <cmath>

#include "evaluator/domain/row_values.h"
#include "platform/base/hypotheses.h"

namespace evalloop::evaluator {
namespace {

// A cluster's share of the error of a ratio of sums.
double PartOfError(const base::RatioTally& cluster,
                   const base::RatioTally& all) {
  return (cluster.numerator - RatioOf(all) * cluster.denominator) /
         all.denominator;
}

double ErrorOf(double squares, std::size_t clusters) {
  const double count = static_cast<double>(clusters);
  return std::sqrt(squares * count / (count - 1));
}

}  // namespace

std::optional<double> ClusteredError(
    std::span<const base::RatioTally> clusters) {
  base::RatioTally all;
  for (const base::RatioTally& cluster : clusters) AddTo(all, cluster);
  if (clusters.size() < 2 || all.denominator == 0) return std::nullopt;
  double squares = 0;
  for (const base::RatioTally& cluster : clusters) {
    squares += std::pow(PartOfError(cluster, all), 2);
  }
  return ErrorOf(squares, clusters.size());
}

std::optional<double> ClusteredError(
    std::span<const base::PairedRatioTally> clusters) {
  base::RatioTally before, after;
  for (const base::PairedRatioTally& cluster : clusters) {
    AddTo(before, cluster.before);
    AddTo(after, cluster.after);
  }
  if (clusters.size() < 2 || before.denominator == 0 ||
      after.denominator == 0) {
    return std::nullopt;
  }
  double squares = 0;
  for (const base::PairedRatioTally& cluster : clusters) {
    squares += std::pow(
        PartOfError(cluster.after, after) - PartOfError(cluster.before, before),
        2);
  }
  return ErrorOf(squares, clusters.size());
}

Estimate Around(double value, std::optional<double> error, std::size_t clusters,
                double confidence) {
  Estimate estimate{
      .value = value, .lower = std::nullopt, .upper = std::nullopt};
  if (!error.has_value()) return estimate;
  const double half =
      *error * base::StudentTQuantile(0.5 + confidence / 2,
                                      static_cast<double>(clusters - 1));
  estimate.lower = value - half;
  estimate.upper = value + half;
  return estimate;
}

}  // namespace evalloop::evaluator
