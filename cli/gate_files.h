#ifndef EVALLOOP_CLI_GATE_FILES_H_
#define EVALLOOP_CLI_GATE_FILES_H_

#include "absl/status/status.h"
#include "cli/ci_output.h"
#include "cli/commands.h"
#include "evalloop/v1/evaluator.pb.h"

namespace evalloop::cli {

// Writes the files that the flags name, and what the CI job's system reads:
// GitHub's annotations to stdout, its step summary and outputs. The first error
// ends it.
absl::Status WriteGateFiles(Session& session, const GateFlags& flags,
                            const CiJob& job, const v1::Gate& gate);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_GATE_FILES_H_
