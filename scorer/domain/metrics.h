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
#include "scorer/domain/code_tools.h"

namespace evalloop::scorer {

// Which of a candidate's references a metric is computed with.
enum class References : std::uint8_t {
  kNone,      // None: it does not look at them.
  kOptional,  // Each; none where there is none.
  kNeeded,    // Each; missing as "no_reference" where there is none.
};

// What a metric counted in a candidate: no source text but names.
struct Finding {
  std::string metric;
  std::string rule;        // For invented_symbols the name.
  std::uint32_t line = 0;  // In the candidate, from 1; 0: not told.

  bool operator==(const Finding&) const = default;
};

// What a metric means, and how it is computed.
struct Metric {
  std::string_view name;  // As in `evalloop score`.
  // Rises whenever the same texts may give another value.
  std::uint32_t version = 1;
  double lowest = 0.0;            // -infinity: unbounded.
  std::optional<double> highest;  // Nothing: unbounded.
  bool higher_is_better = true;
  References references = References::kNeeded;
  std::string_view description;
  // Pure, in process, within milliseconds.
  code_analysis::Measure (*compute)(const Candidate& candidate,
                                    std::optional<std::string_view> reference);
  // The tool whose findings this metric is a delta of, for this candidate, if
  // it takes a tool; `compute` is not asked then. Null: never.
  std::optional<CodeTool> (*tool)(const Candidate& candidate) = nullptr;
  // What `compute` counted in the candidate's own text. Null: there is nothing
  // to name.
  std::vector<Finding> (*explain)(const Candidate& candidate) = nullptr;
  // Whether a language has it at all; a rubric's term on it does not apply
  // elsewhere. Null: every language.
  bool (*exists_for)(code_analysis::Language language) = nullptr;
  // False: a judge's word. It breaks ties, so no rubric takes it.
  bool in_rubrics = true;
};

// Every metric there is, in the order in which they are reported.
std::span<const Metric> AllMetrics();

// Null for an unknown name.
const Metric* FindMetric(std::string_view name);

// The metrics of these names, in the order asked for; all for an empty list.
// InvalidArgument (field "metrics") names an unknown one.
absl::StatusOr<std::vector<const Metric*>> SelectMetrics(
    std::span<const std::string> names);

// The metrics that can do without a reference.
std::vector<const Metric*> ReferenceFreeMetrics();

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_METRICS_H_
