#ifndef EVALLOOP_CODE_ANALYSIS_MEASURE_H_
#define EVALLOOP_CODE_ANALYSIS_MEASURE_H_

#include <optional>
#include <string_view>

namespace evalloop::code_analysis {

// A number, or the reason why there is none. A missing value is never 0.
struct Measure {
  std::optional<double> value;
  std::string_view
      reason;  // A literal such as "zero_variance"; empty with one.

  static Measure Of(double number) { return {number, {}}; }
  static Measure Missing(std::string_view why) { return {std::nullopt, why}; }
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_MEASURE_H_
