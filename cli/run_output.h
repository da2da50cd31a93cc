#ifndef EVALLOOP_CLI_RUN_OUTPUT_H_
#define EVALLOOP_CLI_RUN_OUTPUT_H_

#include <string>

#include "absl/status/statusor.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Runs, comparisons and gates as people read them.
std::string RunText(const v1::Run& run);
std::string ComparisonText(const v1::Comparison& comparison);
// With the regression report: where, which rows, what changed.
std::string GateText(const v1::Gate& gate);

// A table of groups with their deltas, metric by metric; empty without groups.
std::string GroupsText(
    const google::protobuf::RepeatedPtrField<v1::GroupDelta>& groups);

// One change on a new line, indented, with who brought it and its diff.
std::string ChangeText(const v1::ChangeSince& change);

// "running", "finished" or "cancelled".
std::string StateName(v1::Run::State state);

// "+0.0123 [0.0001, 0.0245]".
std::string EstimateText(const v1::Estimate& estimate, bool with_sign);

// "smoke", "full", "holdout" or empty (full). InvalidArgument otherwise.
absl::StatusOr<v1::Subset> ParseSubset(const std::string& text);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_RUN_OUTPUT_H_
