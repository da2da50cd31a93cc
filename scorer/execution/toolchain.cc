#include "scorer/execution/toolchain.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "scorer/execution/calls_talk.h"

namespace evalloop::scorer {

absl::StatusOr<Tool> FindTool(std::string_view name, std::string_view package,
                              const std::vector<std::string>& more) {
  std::vector<std::string> folders = {"/usr/bin", "/usr/local/bin"};
  folders.insert(folders.end(), more.begin(), more.end());
  const char* const search = std::getenv("PATH");
  for (std::string_view rest = search != nullptr ? search : "";
       !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (rest.starts_with('/')) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  for (const std::string& folder : folders) {
    const auto path = std::filesystem::path(folder) / name;
    std::error_code error;
    const auto real = std::filesystem::canonical(path, error);
    if (error || access(real.c_str(), X_OK) != 0) continue;
    Tool tool{.path = real.string()};
    // <prefix>/bin/<tool>: what it needs lies under the prefix.
    if (!tool.path.starts_with("/usr/")) {
      tool.folders.push_back(real.parent_path().parent_path().string());
    }
    return tool;
  }
  return absl::FailedPreconditionError(fmt::format(
      "{} is not installed on this machine: install {}", name, package));
}

absl::Status ProbeTool(const Tool& tool, std::string_view argument,
                       sandbox::Sandbox& sandbox) {
  sandbox::Job job;
  job.argv = {tool.path, std::string(argument)};
  job.read_only_folders = tool.folders;
  job.limits = ProgramLimits(std::chrono::seconds(20));
  const auto result = sandbox.Run(job);
  if (!result.ok()) {
    return absl::FailedPreconditionError(
        fmt::format("{} can't be run in the sandbox: {}", tool.path,
                    ShortWords(std::string(result.status().message()))));
  }
  if (result->ending == sandbox::Ending::kExited && result->exit_code == 0) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      fmt::format("{} does not run in the sandbox ({} {}): {}", tool.path,
                  EndingName(result->ending), result->exit_code,
                  ShortWords(result->stderr_text)));
}

}  // namespace evalloop::scorer
