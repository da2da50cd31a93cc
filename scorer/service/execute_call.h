#ifndef EVALLOOP_SCORER_SERVICE_EXECUTE_CALL_H_
#define EVALLOOP_SCORER_SERVICE_EXECUTE_CALL_H_

#include <chrono>
#include <semaphore>

#include "absl/status/status.h"
#include "evalloop/v1/scorer.pb.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// How many checks may hold a worker at once: fewer than there are workers, so
// that the other methods go on answering. More is RESOURCE_EXHAUSTED.
inline constexpr int kChecksAtOnce = 2;
using CheckSlots = std::counting_semaphore<kChecksAtOnce>;

// Execute: the program is the candidate's prefix, text and suffix. `left` is
// the time until the client's deadline; a check that might not end in it is
// DEADLINE_EXCEEDED at once rather than half run.
absl::Status ExecuteTests(const v1::ExecuteRequest& request,
                          v1::ExecuteResponse& response,
                          std::chrono::milliseconds left,
                          FunctionalTests& tests, CheckSlots& slots);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_SERVICE_EXECUTE_CALL_H_
