#ifndef EVALLOOP_CLI_VERDICT_H_
#define EVALLOOP_CLI_VERDICT_H_

#include <string>

#include "cli/exit_code.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// "passed", "regressed", "inconclusive", "overridden" or "undecided".
std::string VerdictName(v1::VerdictKind verdict);

// What a job ends with: an inconclusive gate whose policy only warns passes.
ExitCode ExitCodeOf(const v1::Gate& gate);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_VERDICT_H_
