#ifndef EVALLOOP_PLATFORM_SANDBOX_PROTOCOL_H_
#define EVALLOOP_PLATFORM_SANDBOX_PROTOCOL_H_

#include <cstdint>

namespace evalloop::sandbox {

// What a zygote and the process that owns it say to each other: one of these
// per message of a SOCK_SEQPACKET pair. A zygote has one child at a time.
// Both are built together, so their layouts agree.

// The most file descriptors that come along with kStart.
inline constexpr int kMaxFds = 4;

// The zygote's descriptors: its end of the pair, its Python source, and its
// filter as the kernel takes it.
inline constexpr int kControlFd = 3;
inline constexpr int kSourceFd = 4;
inline constexpr int kFilterFd = 5;

enum class Order : std::uint32_t {
  kStart = 1,  // With descriptors as SCM_RIGHTS. Answer: kEnded or kTrouble.
  kKill,       // No answer of its own: that of kStart follows in any case.
  kStarved,    // Answer: kStarving, unless that of kStart came first.
};

struct Request {
  Order order;
  std::uint32_t cpu_seconds;
  std::uint64_t address_space;  // 0: no limit.
  std::uint64_t file_size;
  std::uint64_t scratch_space;
  std::uint32_t processes;
  std::uint32_t open_files;
};

enum class Report : std::uint32_t {
  kReady = 1,  // Once, after the zygote's own start.
  kTrouble,    // `text` says why nothing was started.
  kEnded,      // The child and all it started are gone.
  kStarving,   // `microseconds` of waiting for a busy machine so far.
};

struct Notice {
  Report report;
  std::int32_t wait_status;    // Of kEnded, as wait4 tells it.
  std::uint64_t microseconds;  // kEnded: CPU time. kStarving: waited for a CPU.
  char text[112];              // Ends with a zero.
};

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_PROTOCOL_H_
