#ifndef EVALLOOP_CLI_RUN_OUTPUT_H_
#define EVALLOOP_CLI_RUN_OUTPUT_H_

#include <string>

#include "absl/status/statusor.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Runs, comparisons and gates as people read them.
std::string RunText(const v1::Run& run);
std::string ComparisonText(const v1::Comparison& comparison);
std::string GateText(const v1::Gate& gate);

// "smoke", "full", "holdout" or empty (full). InvalidArgument otherwise.
absl::StatusOr<v1::Subset> ParseSubset(const std::string& text);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_RUN_OUTPUT_H_
