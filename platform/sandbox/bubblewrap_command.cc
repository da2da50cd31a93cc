#include "platform/sandbox/bubblewrap_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include "platform/sandbox/ending.h"

namespace evalloop::sandbox {
namespace {

constexpr std::size_t kMaxFiles = 1000;

bool IsBoxPath(std::string_view path) {
  return path.starts_with("/box/") && path.find("/../") == path.npos &&
         !path.ends_with("/..") && !path.ends_with('/') &&
         path.find('\0') == path.npos;
}

absl::Status AddFiles(const Plan& plan, CommandLine& line) {
  if (plan.files.size() > kMaxFiles) {
    return absl::InvalidArgumentError("too many files for a sandbox");
  }
  // Below a small file system of its own; bwrap makes the folders.
  line.Add({"--size", "1048576", "--tmpfs", "/box"});
  for (const File& file : plan.files) {
    if (!IsBoxPath(file.path)) {
      return absl::InvalidArgumentError(
          fmt::format("not a path under /box: {}", file.path));
    }
    auto memory = MemoryFile(file.content);
    if (!memory.ok()) return memory.status();
    const std::string fd = line.Pass(*std::move(memory));
    line.Add({"--perms", file.executable ? "0555" : "0444"});
    line.Add({"--ro-bind-data", fd, file.path});
  }
  line.Add({"--remount-ro", "/box"});
  return absl::OkStatus();
}

void AddLimits(const Limits& limits, CommandLine& line) {
  const auto both = [](auto value) { return fmt::format("{0}:{0}", value); };
  line.Add({"/usr/bin/prlimit",
            fmt::format("--nproc={}", both(limits.processes)),
            fmt::format("--nofile={}", both(limits.open_files)),
            fmt::format("--fsize={}", both(limits.file_size)),
            fmt::format("--cpu={}", both(WholeSeconds(limits.cpu_time))),
            "--core=0:0", "--stack=8388608:8388608", "--memlock=0:0",
            "--msgqueue=0:0"});
  if (limits.address_space > 0) {
    line.argv.push_back(fmt::format("--as={}", both(limits.address_space)));
  }
  if (limits.writable_memory > 0) {
    line.argv.push_back(fmt::format("--data={}", both(limits.writable_memory)));
  }
  line.argv.push_back("--");
}

}  // namespace

absl::Status AddSandbox(const Plan& plan, const Limits& limits,
                        std::string_view filter, Fd info, CommandLine& line) {
  if (geteuid() == 0) {
    // Root would be root inside too, and no process limit would hold.
    line.Add({"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
              "--clear-groups", "--"});
  }
  line.Add({"/usr/bin/bwrap",
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-net",
            "--unshare-uts",
            "--unshare-cgroup",
            "--disable-userns",
            "--die-with-parent",
            "--new-session",
            "--as-pid-1",
            "--clearenv",
            "--cap-drop",
            "ALL",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--hostname",
            "sandbox",
            "--setenv",
            "PATH",
            "/usr/bin:/bin",
            "--setenv",
            "HOME",
            "/tmp"});
  for (const std::string& variable : plan.environment) {
    const auto equals = variable.find('=');
    if (equals == std::string::npos) {
      return absl::InvalidArgumentError("environment: NAME=VALUE");
    }
    line.Add(
        {"--setenv", variable.substr(0, equals), variable.substr(equals + 1)});
  }
  line.Add({"--ro-bind",    "/usr",      "/usr",         "--symlink",
            "usr/bin",      "/bin",      "--symlink",    "usr/lib",
            "/lib",         "--symlink", "usr/lib64",    "/lib64",
            "--proc",       "/proc",     "--dev",        "/dev",
            "--size",       "4194304",   "--tmpfs",      "/dev/shm",
            "--remount-ro", "/dev",      "--remount-ro", "/proc"});
  for (const std::string& folder : plan.folders) {
    line.Add({"--ro-bind", folder, folder});
  }
  if (auto status = AddFiles(plan, line); !status.ok()) return status;
  line.Add({"--size", std::to_string(limits.scratch_space), "--tmpfs", "/tmp",
            "--chdir", "/tmp"});
  auto program = MemoryFile(filter);
  if (!program.ok()) return program.status();
  const std::string filter_fd = line.Pass(*std::move(program));
  const std::string info_fd = line.Pass(std::move(info));
  line.Add({"--seccomp", filter_fd, "--info-fd", info_fd, "--remount-ro", "/",
            "--"});
  AddLimits(limits, line);
  line.argv.insert(line.argv.end(), plan.program.begin(), plan.program.end());
  return absl::OkStatus();
}

}  // namespace evalloop::sandbox
