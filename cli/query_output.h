#ifndef EVALLOOP_CLI_QUERY_OUTPUT_H_
#define EVALLOOP_CLI_QUERY_OUTPUT_H_

#include <string>

#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Answers to questions over many runs, as people read them: tables.
std::string RunsText(const v1::ListRunsResponse& runs);
std::string AggregateText(const v1::AggregateRowsResponse& answer);
// What got worse, where, which rows, and what had changed.
std::string RegressionsText(const v1::FindRegressionsResponse& found);
std::string FlipsText(const v1::ListFlipsResponse& flips);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_QUERY_OUTPUT_H_
