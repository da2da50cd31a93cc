#ifndef EVALLOOP_CLI_FRONTIER_REPORT_H_
#define EVALLOOP_CLI_FRONTIER_REPORT_H_

#include <string>

#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// What `evalloop model frontier` prints: points, plot, steps, recommendations
// and notes. Costs are for 1,000 tasks, in the unit of the models' prices.
// `request` is what the answer was asked with. Pure.
std::string FrontierText(const v1::GetFrontierRequest& request,
                         const v1::GetFrontierResponse& frontier);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_FRONTIER_REPORT_H_
