#ifndef EVALLOOP_CLI_EXIT_CODE_H_
#define EVALLOOP_CLI_EXIT_CODE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::cli {

// What scripts branch on; part of the contract.
enum class ExitCode : int {
  kPassed = 0,
  kFailedGate = 1,      // Regressed, or a gate that failed.
  kUsage = 2,           // Usage or bad input.
  kInfrastructure = 3,  // A service, engine or tool is missing or broken.
  kNotAllowed = 4,
  kInconclusive = 5,
  kTimedOut = 124,
};

// What a command comes to: its exit code, or the error that ended it.
using Outcome = absl::StatusOr<ExitCode>;

// The exit code of an error. FailedPrecondition counts as bad input: what was
// asked for doesn't fit what is there.
ExitCode ExitCodeOf(const absl::Status& error);

// The error's message; the name of its code where a server sent none.
std::string InWords(const absl::Status& error);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_EXIT_CODE_H_
