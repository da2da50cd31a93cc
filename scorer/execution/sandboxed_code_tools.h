#ifndef EVALLOOP_SCORER_EXECUTION_SANDBOXED_CODE_TOOLS_H_
#define EVALLOOP_SCORER_EXECUTION_SANDBOXED_CODE_TOOLS_H_

#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/code_tools.h"

namespace evalloop::scorer {

// mypy and bandit of this machine, in a sandbox: they parse what nobody trusts.
// Up to 64 files are one process; where that fails, its halves are tried, so
// that one hostile file costs the others time and nothing else. Comments that
// silence a tool count for nothing. No process is started after four minutes of
// one call: what is left then is missing as "timeout". Missing besides
// CodeTools' reasons: "no_tool" (not installed).
class SandboxedCodeTools final : public CodeTools {
 public:
  // `sandbox` outlives this object.
  explicit SandboxedCodeTools(sandbox::Sandbox& sandbox) : sandbox_(sandbox) {}

  std::vector<ToolReport> Findings(CodeTool tool,
                                   std::span<const std::string> files) override;

 private:
  // `found` has a place for each of `files`.
  void Look(CodeTool tool, std::span<const std::string* const> files,
            std::span<ToolReport* const> found,
            std::chrono::steady_clock::time_point end);

  sandbox::Sandbox& sandbox_;
};

// Opens this machine's fastest sandbox when a tool is first asked for; where
// that does not work, all is missing as "no_sandbox".
class LocalCodeTools final : public CodeTools {
 public:
  std::vector<ToolReport> Findings(CodeTool tool,
                                   std::span<const std::string> files) override;

 private:
  struct Opened;
  std::shared_ptr<Opened> Open();

  std::mutex mutex_;
  bool tried_ = false;
  std::shared_ptr<Opened> opened_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_SANDBOXED_CODE_TOOLS_H_
