#ifndef EVALLOOP_EVALUATOR_DOMAIN_RUN_SUMMARY_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RUN_SUMMARY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluator/domain/comparison.h"
#include "evaluator/domain/row_values.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {

// A run's metrics, summed up row by row: of a row only its values are kept.
class RunSummary {
 public:
  // A row that is not scored counts for its tally alone.
  void Add(const Row& row);

  // Means (ratios of sums for the figures of typing) with intervals
  // bootstrapped over commits; by name, those that any row has a value of.
  std::vector<MetricSummary> Metrics() const;

  // Of all rows that were typed.
  const TypedTally& tally() const { return tally_; }

 private:
  struct Sums {
    // By commit; absent: no row of it has a value.
    std::vector<std::optional<base::RatioTally>> clusters;
    base::RatioTally all;
    std::vector<double> values;
    std::int64_t parts = 0;
  };

  MetricNames names_;
  std::map<std::string, std::size_t> commits_;
  std::map<std::string, Sums> metrics_;
  std::int64_t scored_ = 0;
  TypedTally tally_;
};

std::vector<MetricSummary> Summarize(std::span<const Row> rows);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RUN_SUMMARY_H_
