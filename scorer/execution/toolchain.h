#ifndef EVALLOOP_SCORER_EXECUTION_TOOLCHAIN_H_
#define EVALLOOP_SCORER_EXECUTION_TOOLCHAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/sandbox/sandbox.h"

namespace evalloop::scorer {

// A program of this machine that checks are run with.
struct Tool {
  std::string path;  // Absolute, links followed.
  // What the sandbox must show besides /usr: the folder that the tool came in.
  std::vector<std::string> folders;
};

// Finds `name` in /usr/bin, in /usr/local/bin, in `more` folders and on PATH.
// FAILED_PRECONDITION: none there, and that `package` is to be installed.
absl::StatusOr<Tool> FindTool(std::string_view name, std::string_view package,
                              const std::vector<std::string>& more = {});

// Runs the tool with one argument in the sandbox. FAILED_PRECONDITION: it does
// not run there, and what it said.
absl::Status ProbeTool(const Tool& tool, std::string_view argument,
                       sandbox::Sandbox& sandbox);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_TOOLCHAIN_H_
