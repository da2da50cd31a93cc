#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "platform/sandbox/bubblewrap_sandbox.h"
#include "platform/sandbox/sandbox.h"
#include "platform/sandbox/zygote_sandbox.h"

namespace evalloop::sandbox {
namespace {

// Ends with 7 only where it is confined; each line that isn't has a number.
constexpr std::string_view kProbe = R"(
import os, sys

def refused(act, *arguments):
    try:
        act(*arguments)
    except OSError:
        return True
    return False

def main():
    import _socket
    if os.getuid() != 1000 or os.getpid() != 1:
        sys.exit(20)
    if not refused(_socket.socket, _socket.AF_INET, _socket.SOCK_STREAM):
        sys.exit(21)
    if not refused(open, "/etc/passwd") or not refused(open, "/root"):
        sys.exit(22)
    if not refused(open, "/usr/x", "w") or not refused(open, "/x", "w"):
        sys.exit(23)
    if not refused(os.setuid, 0) or not refused(os.nice, -1):
        sys.exit(24)
    with open("/tmp/x", "w") as file:
        file.write("x")
    sys.exit(7)
)";

constexpr std::chrono::seconds kProbeTime{20};

absl::Status Probe(Sandbox& tier) {
  auto prepared = tier.Prepare(kProbe);
  if (!prepared.ok()) return prepared.status();
  Limits limits;
  limits.cpu_time = kProbeTime;
  limits.wall_time = kProbeTime;
  auto process = (*prepared)->Start({}, limits);
  if (!process.ok()) return process.status();
  const auto result = (*process)->Wait();
  if (!result.ok()) return result.status();
  if (result->ending == Ending::kExited && result->exit_code == 7) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(fmt::format(
      "a probe {} with {}", EndingName(result->ending),
      result->ending == Ending::kExited ? result->exit_code : result->signal));
}

absl::StatusOr<std::unique_ptr<Sandbox>> OpenBubblewrap() {
  auto tier = BubblewrapSandbox::Open();
  if (!tier.ok()) return tier.status();
  if (auto status = Probe(**tier); !status.ok()) return status;
  return std::unique_ptr<Sandbox>(*std::move(tier));
}

absl::StatusOr<std::unique_ptr<Sandbox>> OpenZygote() {
  const auto launcher = FindLauncher();
  if (!launcher.ok()) return launcher.status();
  // Without bubblewrap there are no one-shot jobs, but Python runs.
  auto programs = BubblewrapSandbox::Open();
  auto tier = std::make_unique<ZygoteSandbox>(
      *launcher,
      programs.ok() ? std::unique_ptr<Sandbox>(*std::move(programs)) : nullptr);
  if (auto status = Probe(*tier); !status.ok()) return status;
  return std::unique_ptr<Sandbox>(std::move(tier));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Sandbox>> OpenSandbox(std::string_view tier) {
  if (tier != "" && tier != "zygote" && tier != "bubblewrap") {
    return absl::InvalidArgumentError(
        fmt::format("no sandbox tier is called {}", tier));
  }
  std::string why;
  for (const bool fast : {true, false}) {
    const std::string_view name = fast ? "zygote" : "bubblewrap";
    if (tier != "" && tier != name) continue;
    auto opened = fast ? OpenZygote() : OpenBubblewrap();
    if (opened.ok()) return opened;
    why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", name,
                       std::string(opened.status().message()));
  }
  return absl::FailedPreconditionError(
      fmt::format("no sandbox works here ({})", why));
}

}  // namespace evalloop::sandbox
