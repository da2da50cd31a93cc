#include "platform/sandbox/zygote/confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace evalloop::sandbox {
namespace {

bool WriteAt(int folder, const char* path, const char* text) {
  const int fd = openat(folder, path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto size = static_cast<ssize_t>(std::strlen(text));
  const bool done = write(fd, text, static_cast<std::size_t>(size)) == size;
  close(fd);
  return done;
}

bool Limit(__rlimit_resource what, std::uint64_t value) {
  const rlimit limit{value, value};
  return setrlimit(what, &limit) == 0;
}

bool SetLimits(const Request& request) {
  return Limit(RLIMIT_CPU, request.cpu_seconds) &&
         Limit(RLIMIT_FSIZE, request.file_size) &&
         Limit(RLIMIT_NPROC, request.processes) &&
         Limit(RLIMIT_NOFILE, request.open_files) && Limit(RLIMIT_CORE, 0) &&
         Limit(RLIMIT_MEMLOCK, 0) && Limit(RLIMIT_MSGQUEUE, 0) &&
         Limit(RLIMIT_STACK, 8u << 20) &&
         (request.address_space == 0 ||
          Limit(RLIMIT_AS, request.address_space));
}

bool DropCapabilities() {
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && capability == 0) {
      return false;  // Those beyond the kernel's last may fail.
    }
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

// Those of the zygote are shared by all its children: what one sets (O_APPEND
// ...) the next would find.
bool RenewStandardDescriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    const int renewed = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (renewed < 0 || dup2(renewed, fd) < 0) return false;
    close(renewed);
  }
  return true;
}

// Descriptors may overlap their new places, so they go by a detour.
bool PlaceDescriptors(std::span<const int> fds) {
  int high[kMaxFds];
  for (std::size_t i = 0; i < fds.size(); ++i) {
    high[i] = fcntl(fds[i], F_DUPFD, 64);
    if (high[i] < 0) return false;
  }
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (dup2(high[i], 3 + static_cast<int>(i)) < 0) return false;
  }
  return syscall(SYS_close_range, 3 + fds.size(), ~0U, 0) == 0;
}

}  // namespace

const char* Confine(int proc, const Request& request, std::span<const int> fds,
                    const sock_fprog& filter) {
  // setgroups was denied for the namespace above, which this one inherits.
  if (!WriteAt(proc, "self/uid_map", "1000 1000 1")) return "uid_map";
  if (!WriteAt(proc, "self/gid_map", "1000 1000 1")) return "gid_map";
  char options[80];
  std::snprintf(options, sizeof(options),
                "size=%" PRIu64 ",nr_inodes=4096,mode=700",
                request.scratch_space);
  if (mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) {
    return "tmpfs";
  }
  if (chdir("/tmp") != 0) return "chdir";
  // A process group reaches over the border of a process namespace: kill(0)
  // would end the zygote.
  if (setsid() < 0) return "setsid";
  if (!RenewStandardDescriptors()) return "/dev/null";
  if (!PlaceDescriptors(fds)) return "descriptors";
  if (!SetLimits(request)) return "limits";
  if (!DropCapabilities()) return "capabilities";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) {
    return "seccomp";
  }
  return nullptr;
}

}  // namespace evalloop::sandbox
