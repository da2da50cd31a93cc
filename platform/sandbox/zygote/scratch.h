#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SCRATCH_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SCRATCH_H_

#include <cstdint>

namespace evalloop::sandbox {

// The programs' /tmp: a file system of limited size that every start finds new.
// Mounting one is dear, so a start inherits one that nobody touched. Mounts are
// a keeper's work, a process in which no program ever is: the zygote's filter
// lets it mount nothing.
class Scratch {
 public:
  // Returns what failed (with errno), or null. Before the keeper and the zygote
  // part.
  const char* Open();

  // The keeper's part, until the zygote has ended.
  void Keep();

  // The zygote's part.
  void BecomeUser();
  // Makes sure that /tmp is as new, with room for `size` bytes. No program runs
  // meanwhile. Returns what failed (with errno), or null.
  const char* Renew(std::uint64_t size);

 private:
  // Whether anything was done to it or in it; forgets that.
  bool Touched();
  // Mounts another one; 0 or what went wrong.
  int Mount(std::uint64_t size);

  int events_ = -1;       // inotify of both.
  int watch_ = -1;        // The keeper's; -1: none.
  bool watched_ = false;  // If not, /tmp is taken for touched always.
  int keeper_ = -1;       // Sockets, each to the other.
  int user_ = -1;
  std::uint64_t size_ = 0;  // The zygote's; 0: none is mounted.
};

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_SCRATCH_H_
