#ifndef EVALLOOP_SCORER_DOMAIN_METRICS_H_
#define EVALLOOP_SCORER_DOMAIN_METRICS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "code_analysis/measure.h"
#include "scorer/domain/candidate.h"

namespace evalloop::scorer {

// What a metric means, and how it is computed.
struct Metric {
  std::string_view name;  // As in `evalloop score`.
  // Rises whenever the same texts may give another value.
  std::uint32_t version = 1;
  double lowest = 0.0;
  std::optional<double> highest;  // Nothing: unbounded.
  bool higher_is_better = true;
  // Missing as "no_reference" without one; else computed with `reference`
  // absent.
  bool needs_reference = true;
  std::string_view description;
  code_analysis::Measure (*compute)(const Candidate& candidate,
                                    std::optional<std::string_view> reference);
};

// Every metric there is, in the order in which they are reported.
std::span<const Metric> AllMetrics();

// Null for an unknown name.
const Metric* FindMetric(std::string_view name);

// The metrics of these names, in the order asked for; all for an empty list.
// InvalidArgument (field "metrics") names an unknown one.
absl::StatusOr<std::vector<const Metric*>> SelectMetrics(
    std::span<const std::string> names);

// The metrics that look at no reference.
std::vector<const Metric*> ReferenceFreeMetrics();

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_METRICS_H_
