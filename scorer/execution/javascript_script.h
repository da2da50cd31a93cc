#ifndef EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_SCRIPT_H_
#define EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_SCRIPT_H_

#include <chrono>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// Runs a test script against a candidate, each a job in a sandbox of its own
// (execution/javascript/check.js and candidate.js). Between their descriptors 3
// plain values cross; the verdict comes from the script by a descriptor that
// the candidate never had.
FunctionalVerdict RunScript(const sandbox::Job& candidate,
                            const sandbox::Job& check,
                            std::chrono::milliseconds timeout,
                            sandbox::Sandbox& sandbox);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_SCRIPT_H_
