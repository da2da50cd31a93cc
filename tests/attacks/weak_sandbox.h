#ifndef EVALLOOP_TESTS_ATTACKS_WEAK_SANDBOX_H_
#define EVALLOOP_TESTS_ATTACKS_WEAK_SANDBOX_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sandbox/sandbox.h"

namespace evalloop::attacks {

// What is changed of the reference tier's own command line, so that an attack
// can be seen to work where the protection against it is missing.
struct Weakening {
  // Flags of bwrap that are left out: "--unshare-net", or "--seccomp:1" with
  // the number of words that follow it.
  std::vector<std::string> dropped;
  // Arguments of bwrap that are added after all mounts of its own.
  std::vector<std::string> added;
  // What stands before bwrap, such as env with a variable.
  std::vector<std::string> before;
  // Run by this process's own user.
  bool keep_user = false;
  // A file that the program inherits, open, by a number of its own.
  std::string open_file;
};

struct WeakResult {
  sandbox::JobResult result;
  std::string said;  // What was written to descriptor 3.
};

// Runs `job` in the reference tier's sandbox with those changes, in which
// descriptor 3 is a file that can be written. Outlived by whatever the
// weakening lets live. Never for a program that could do harm.
absl::StatusOr<WeakResult> RunWeakly(const sandbox::Job& job,
                                     const Weakening& weakening);

}  // namespace evalloop::attacks

#endif  // EVALLOOP_TESTS_ATTACKS_WEAK_SANDBOX_H_
