#ifndef EVALLOOP_CLI_CI_OUTPUT_H_
#define EVALLOOP_CLI_CI_OUTPUT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

// What a CI system tells its jobs by environment variables, and what it reads
// from them.

namespace evalloop::cli {

// A variable's value; absent where it is unset. Lets tests bring their own.
using Variables = std::function<std::optional<std::string>(const std::string&)>;
Variables ProcessVariables();

struct CiJob {
  // This job of this pipeline, the same for each attempt at it: GitHub's run
  // and job, GitLab's pipeline and job name. Empty outside of both.
  std::string identity;
  bool github = false;
  // Files that GitHub reads after the step; empty: none.
  std::string step_summary;
  std::string outputs;
};

// GitHub Actions and GitLab CI are known by GITHUB_ACTIONS and GITLAB_CI.
CiJob DetectCiJob(const Variables& variables);

// The request id of one command of a job: `flag` where given; inside a CI job a
// function of the job and of `command` (all that makes the command what it is),
// so that the job tried again finds what its first attempt began; else a random
// one.
std::string RequestIdOf(const CiJob& job, std::string_view flag,
                        std::string_view command);

// Adds to a file that other steps write too. Unavailable says what failed.
absl::Status AppendToFile(const std::string& path, std::string_view text);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_CI_OUTPUT_H_
