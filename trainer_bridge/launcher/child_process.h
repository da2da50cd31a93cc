#ifndef EVALLOOP_TRAINER_BRIDGE_LAUNCHER_CHILD_PROCESS_H_
#define EVALLOOP_TRAINER_BRIDGE_LAUNCHER_CHILD_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::trainer_bridge {

struct ChildOptions {
  std::vector<std::string> argv;  // argv[0] is the binary's path.
  std::chrono::milliseconds time_limit{0};
  std::size_t max_output = 1 << 20;  // Kept of each stream.
};

struct ChildResult {
  int exit_code = 0;  // 128 + signal when a signal ended it.
  std::string output;
  std::string errors;
};

// Told of each whole line on stderr, and now and then of none (an empty line);
// false: kill the process.
using OnLine = std::function<bool(const std::string& line)>;

// Runs a process to its end, without a shell. Unavailable: it can't be started;
// DeadlineExceeded, Cancelled: it was killed, with all that it started.
absl::StatusOr<ChildResult> RunChild(const ChildOptions& options,
                                     const OnLine& on_line);

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_LAUNCHER_CHILD_PROCESS_H_
