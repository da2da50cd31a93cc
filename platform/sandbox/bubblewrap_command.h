#ifndef EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_COMMAND_H_
#define EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_COMMAND_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "platform/sandbox/child.h"
#include "platform/sandbox/sandbox.h"

namespace evalloop::sandbox {

// bwrap's command line and the descriptors that it names.
struct CommandLine {
  std::vector<std::string> argv;
  std::vector<int> fds;   // As Child::Spawn takes them.
  std::vector<Fd> owned;  // What `fds` names and nobody else holds.

  void Add(std::initializer_list<std::string_view> words) {
    argv.insert(argv.end(), words.begin(), words.end());
  }
  // The number by which the child knows `fd`.
  std::string Pass(Fd fd) {
    fds.push_back(fd.get());
    owned.push_back(std::move(fd));
    return std::to_string(fds.size() - 1);
  }
};

// What one run needs besides its limits.
struct Plan {
  const std::vector<std::string>& program;
  const std::vector<std::string>& environment;
  const std::vector<File>& files;
  const std::vector<std::string>& folders;
};

// Adds bwrap, its flags, the limits and the program to `line`, where fds 0 to 2
// and what the program gets as 3, 4 ... stand already. `filter` is a seccomp
// program as bwrap reads it; bwrap tells of its child on `info`.
// INVALID_ARGUMENT: a path or variable that can't be passed.
absl::Status AddSandbox(const Plan& plan, const Limits& limits,
                        std::string_view filter, Fd info, CommandLine& line);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_BUBBLEWRAP_COMMAND_H_
