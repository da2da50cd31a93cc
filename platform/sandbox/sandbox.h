#ifndef EVALLOOP_PLATFORM_SANDBOX_SANDBOX_H_
#define EVALLOOP_PLATFORM_SANDBOX_SANDBOX_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace evalloop::sandbox {

// What one run may use. All are set inside the sandbox, so that runs beside
// each other never share one.
struct Limits {
  // Of each process; whole seconds in force, rounded up.
  std::chrono::milliseconds cpu_time{3000};
  // From start to end. Time in which the program was ready but the machine was
  // busy with others is given back, up to four times as much in all.
  std::chrono::milliseconds wall_time{3000};
  // Address space of each process, bytes; 0: no limit (JVM, Go and Node map
  // more than they use).
  std::int64_t address_space = std::int64_t{512} << 20;
  // Private memory of each process that it may write to, bytes; 0: no limit.
  // What bounds those that address_space can't. In force in Sandbox::Run and
  // Sandbox::Start.
  std::int64_t writable_memory = 0;
  // One file, bytes.
  std::int64_t file_size = std::int64_t{8} << 20;
  // All of /tmp, bytes.
  std::int64_t scratch_space = std::int64_t{32} << 20;
  int processes = 24;  // Threads count too.
  int open_files = 64;
  // stdout and stderr, bytes each; a program that writes more is ended.
  std::int64_t output = std::int64_t{1} << 20;
};

// A file that the program finds, read-only. `path` is absolute and lies under
// /box; its folders are made.
struct File {
  std::string path;
  std::string content;
  bool executable = false;
};

// A program to run once.
struct Job {
  // argv[0] is an absolute path. The program sees /usr (with /bin, /lib,
  // /lib64), /proc, a small /dev, its files under /box and an empty, writable
  // /tmp, which is also its working directory; all else is read-only or
  // absent. No network, no environment but `environment`, PATH and HOME=/tmp.
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // NAME=VALUE
  std::vector<File> files;
  // Folders of this machine that the program sees read-only under their own
  // path, such as a toolchain outside /usr. Must exist.
  std::vector<std::string> read_only_folders;
  std::string stdin_text;
  Limits limits;
};

// How a process ended.
enum class Ending {
  kExited,     // By itself; exit_code says with what.
  kSignalled,  // By a signal it got or gave itself; `signal` says which.
  kCpuTime,    // Its CPU time was used up.
  kWallTime,   // Its wall time was used up.
  kOutput,     // It wrote more than it may.
  kKilled,     // Process::Kill was called first.
};

// "exited", "signalled", "cpu time" ...
std::string_view EndingName(Ending ending);

// What a run came to. Nothing of it is left when this is told: no process, no
// file. Trouble of the sandbox itself is a Status, never a JobResult.
struct JobResult {
  Ending ending = Ending::kExited;
  int exit_code = 0;
  int signal = 0;
  // Of the program and all it started and waited for.
  std::chrono::microseconds cpu_time{0};
  std::chrono::microseconds wall_time{0};
  // Bytes as written, at most Limits::output each; not always UTF-8.
  std::string stdout_text;
  std::string stderr_text;
  std::string tier;  // The one this run had.
};

// A running program. The destructor kills it and waits.
class Process {
 public:
  virtual ~Process() = default;
  // Ends it and everything it started. No effect when it has ended.
  virtual void Kill() = 0;
  // How long it was ready to run so far while the machine was busy with others.
  virtual std::chrono::microseconds Starved() = 0;
  // Waits until it has ended, at the latest when its wall time is used up, and
  // everything in it is gone. stdout and stderr are not kept. UNAVAILABLE: the
  // sandbox itself broke. Called once. One thread at a
  // time uses a Process.
  virtual absl::StatusOr<JobResult> Wait() = 0;
};

// A Python program, ready to be started many times, each start in a sandbox of
// its own.
class PythonTemplate {
 public:
  virtual ~PythonTemplate() = default;
  // Starts it; `fds` (at most 4; the caller keeps its own) are its file
  // descriptors 3, 4 ...; stdin, stdout and stderr are /dev/null. Thread-safe.
  // UNAVAILABLE: can't be started just now; Process::Wait may tell so later.
  virtual absl::StatusOr<std::unique_ptr<Process>> Start(
      const std::vector<int>& fds, const Limits& limits) = 0;
};

// Where programs that nobody trusts run. Thread-safe. Every tier gives: user,
// process, mount, network, IPC, UTS and cgroup namespaces in which nobody else
// is, no capabilities, a seccomp allow-list, limits, and an end that takes all
// with it. What runs after each other share: README.md.
class Sandbox {
 public:
  virtual ~Sandbox() = default;
  // "bubblewrap" or "zygote"; stamped on what was measured in it.
  virtual std::string_view tier() const = 0;
  // Runs a program to its end. INVALID_ARGUMENT: a job that can't be run;
  // UNAVAILABLE: trouble of the sandbox.
  virtual absl::StatusOr<JobResult> Run(const Job& job) = 0;
  // Starts a program that is talked with. `fds` (at most 8; the caller keeps
  // its own) are its file descriptors 3, 4 ...; stdin, stdout and stderr are
  // /dev/null, and the job's stdin_text is not used. Errors as Run's.
  virtual absl::StatusOr<std::unique_ptr<Process>> Start(
      const Job& job, const std::vector<int>& fds) = 0;
  // `source` is a Python program that does its work in a function main(), which
  // a start calls. Modules it imports at its top are ready in every start. It
  // must not read or hold secrets: every start can see it. A list of bytes that
  // it names `rehearsal` is what a start may hear from descriptors 3, 4 ...: a
  // tier may call main() with these to learn what starts do.
  virtual absl::StatusOr<std::unique_ptr<PythonTemplate>> Prepare(
      std::string_view source) = 0;
};

// Opens `tier` ("bubblewrap", "zygote", or "": the fastest that works) after
// trying it on a harmless program. FAILED_PRECONDITION: it does not work here,
// and why; nothing may be run then.
absl::StatusOr<std::unique_ptr<Sandbox>> OpenSandbox(std::string_view tier);

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_SANDBOX_H_
