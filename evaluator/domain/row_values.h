#ifndef EVALLOOP_EVALUATOR_DOMAIN_ROW_VALUES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_ROW_VALUES_H_

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/comparison.h"
#include "evaluator/domain/run.h"
#include "platform/base/statistics.h"

// What rows add to metrics. Used by comparisons and summaries.
namespace evalloop::evaluator {

// One of the three figures of typing.
bool IsTyped(std::string_view metric);

// What a row adds to a metric; absent when it has no value there. A typed row
// adds to all three figures of typing, if only to a denominator of 0.
std::optional<base::RatioTally> PartOf(const Row& row, std::string_view metric);

// The row's own value of a metric.
std::optional<double> ValueOf(const Row& row, std::string_view metric);

// Names of the metrics of rows, typing's own included.
class MetricNames {
 public:
  void Add(const Row& row);

  const std::set<std::string>& sorted() const { return names_; }

 private:
  std::set<std::string> names_;
  // What many rows in a row share is looked at once.
  std::shared_ptr<const std::vector<std::string>> last_;
};

// All metrics that a row has, in order of their names.
std::vector<std::string> MetricsOf(std::span<const Row> rows);

// Under a denominator of 0: 0.
double RatioOf(const base::RatioTally& tally);

void AddTo(base::RatioTally& sum, const base::RatioTally& part);

// The value that a share of `values` lies under (nearest rank); 0 for none.
// Changes their order.
double QuantileOf(std::vector<double>& values, double share);

// An estimate with its interval, where there is one.
Estimate WithBounds(double value,
                    const absl::StatusOr<base::Estimate>& interval);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_ROW_VALUES_H_
