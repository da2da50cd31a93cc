#include "cli/ci_output.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "platform/base/crypto.h"
#include "platform/base/ids.h"

namespace evalloop::cli {
namespace {

// The variables' values with their names, in this order; empty where the first
// is unset.
std::string Joined(const Variables& variables,
                   std::initializer_list<const char*> names) {
  std::string joined;
  for (const char* const name : names) {
    const auto value = variables(name);
    if (joined.empty() && (!value.has_value() || value->empty())) return "";
    joined += fmt::format("{}={}\n", name, value.value_or(""));
  }
  return joined;
}

}  // namespace

Variables ProcessVariables() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
}

CiJob DetectCiJob(const Variables& variables) {
  CiJob job;
  if (variables("GITHUB_ACTIONS") == "true") {
    job.github = true;
    // Without GITHUB_RUN_ATTEMPT, which counts.
    job.identity =
        Joined(variables, {"GITHUB_RUN_ID", "GITHUB_SERVER_URL",
                           "GITHUB_REPOSITORY", "GITHUB_JOB", "GITHUB_ACTION"});
    job.step_summary = variables("GITHUB_STEP_SUMMARY").value_or("");
    job.outputs = variables("GITHUB_OUTPUT").value_or("");
  } else if (variables("GITLAB_CI") == "true") {
    // Without CI_JOB_ID, which is another when the job is tried again.
    job.identity =
        Joined(variables, {"CI_PIPELINE_ID", "CI_SERVER_URL", "CI_PROJECT_ID",
                           "CI_JOB_NAME", "CI_NODE_INDEX"});
  }
  return job;
}

std::string RequestIdOf(const CiJob& job, std::string_view flag,
                        std::string_view command) {
  if (!flag.empty()) return std::string(flag);
  if (job.identity.empty()) return base::RandomId();
  return "ci-" + base::DerivedId(job.identity, base::Sha256Hex(command));
}

absl::Status AppendToFile(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << text << std::flush;
  if (!file) {
    return absl::UnavailableError(fmt::format("can't write {}", path));
  }
  return absl::OkStatus();
}

}  // namespace evalloop::cli
