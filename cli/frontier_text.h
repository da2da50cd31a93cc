#ifndef EVALLOOP_CLI_FRONTIER_TEXT_H_
#define EVALLOOP_CLI_FRONTIER_TEXT_H_

#include <string>

#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// A table of revisions, a plot of quality over cost (at most 78 columns, no
// colours), what a point of quality costs, and whom to take. Pure.
std::string FrontierText(const v1::GetFrontierResponse& frontier);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_FRONTIER_TEXT_H_
