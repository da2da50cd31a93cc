#include "platform/sandbox/zygote/scratch.h"

#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <utility>

namespace evalloop::sandbox {
namespace {

// What the keeper says to an order.
struct Answer {
  int error = 0;
  bool watched = false;
};

}  // namespace

const char* Scratch::Open() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return "socketpair";
  }
  keeper_ = ends[0];
  user_ = ends[1];
  events_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  return nullptr;
}

void Scratch::Keep() {
  close(std::exchange(user_, -1));
  std::uint64_t size = 0;
  while (true) {
    const ssize_t got = recv(keeper_, &size, sizeof(size), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != static_cast<ssize_t>(sizeof(size))) return;
    Answer answer;
    answer.error = Mount(size);
    answer.watched = watch_ >= 0;
    if (send(keeper_, &answer, sizeof(answer), MSG_NOSIGNAL) < 0) return;
  }
}

int Scratch::Mount(std::uint64_t size) {
  if (watch_ >= 0) inotify_rm_watch(events_, std::exchange(watch_, -1));
  // The first time there is none.
  if (umount2("/tmp", MNT_DETACH) != 0 && errno != EINVAL) return errno;
  char options[80];
  std::snprintf(options, sizeof(options),
                "size=%" PRIu64 ",nr_inodes=4096,mode=700", size);
  if (mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) {
    return errno;
  }
  // Told of the first thing that happens, not of a million after it.
  watch_ = inotify_add_watch(events_, "/tmp", IN_ALL_EVENTS | IN_ONESHOT);
  return 0;
}

void Scratch::BecomeUser() { close(std::exchange(keeper_, -1)); }

bool Scratch::Touched() {
  if (!watched_) return true;
  alignas(inotify_event) char buffer[4096];
  bool touched = false;
  while (read(events_, buffer, sizeof(buffer)) > 0) touched = true;
  return touched;
}

const char* Scratch::Renew(std::uint64_t size) {
  if (!Touched() && size == size_) return nullptr;
  size_ = 0;
  Answer answer;
  if (send(user_, &size, sizeof(size), MSG_NOSIGNAL) < 0) return "tmpfs";
  ssize_t got = 0;
  do {
    got = recv(user_, &answer, sizeof(answer), 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof(answer))) return "tmpfs";
  if (answer.error != 0) {
    errno = answer.error;
    return "tmpfs";
  }
  watched_ = answer.watched;
  (void)Touched();  // The old one's end.
  size_ = size;
  return nullptr;
}

}  // namespace evalloop::sandbox
