#include "platform/sandbox/zygote/confine.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace evalloop::sandbox {
namespace {

// The zygote and its keeper, whom the kernel counts with the zygote's children:
// all are one user.
constexpr std::uint64_t kOwnProcesses = 2;

bool Limit(__rlimit_resource what, std::uint64_t value) {
  const rlimit limit{value, value};
  return setrlimit(what, &limit) == 0;
}

bool SetLimits(const Request& request) {
  return Limit(RLIMIT_CPU, request.cpu_seconds) &&
         Limit(RLIMIT_FSIZE, request.file_size) &&
         Limit(RLIMIT_NPROC, request.processes + kOwnProcesses) &&
         Limit(RLIMIT_NOFILE, request.open_files) &&
         (request.address_space == 0 ||
          Limit(RLIMIT_AS, request.address_space));
}

bool SetCapabilities(std::uint32_t low) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  data[0].effective = data[0].permitted = low;
  return syscall(SYS_capset, &header, data) == 0;
}

bool Lock(const sock_fprog& filter) {
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0;
}

// Those of the zygote are shared by all its children: what one sets (O_APPEND
// ...) the next would find.
bool RenewStandardDescriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    const int renewed = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (renewed < 0 || dup2(renewed, fd) < 0) return false;
  }
  return true;  // Those that were opened are closed with all others.
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

const char* ConfineZygote(const sock_fprog& filter) {
  if (!Limit(RLIMIT_CORE, 0) || !Limit(RLIMIT_MEMLOCK, 0) ||
      !Limit(RLIMIT_MSGQUEUE, 0) || !Limit(RLIMIT_STACK, 8u << 20)) {
    return "limits";
  }
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && capability == 0) {
      return "capabilities";  // Those beyond the kernel's last may fail.
    }
  }
  // For process namespaces.
  if (!SetCapabilities(1u << CAP_SYS_ADMIN)) return "capabilities";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no_new_privs";
  return Lock(filter) ? nullptr : "seccomp";
}

const char* Confine(const Request& request, std::span<const int> fds,
                    const sock_fprog& filter) {
  if (chdir("/tmp") != 0) return "chdir";
  // A process group reaches over the border of a process namespace: kill(0)
  // would end the zygote.
  if (setsid() < 0) return "setsid";
  if (!RenewStandardDescriptors()) return "/dev/null";
  if (!PlaceDescriptors(fds)) return "descriptors";
  if (!SetLimits(request)) return "limits";
  if (!SetCapabilities(0)) return "capabilities";
  return Lock(filter) ? nullptr : "seccomp";
}

}  // namespace evalloop::sandbox
