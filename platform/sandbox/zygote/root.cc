#include "platform/sandbox/zygote/root.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace evalloop::sandbox {
namespace {

constexpr int kNobody = 65534;
// The user that programs see themselves as.
constexpr int kInside = 1000;

std::string Trouble(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

bool WriteAll(const char* path, const std::string& text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done =
      write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(fd);
  return done;
}

std::string BecomeUnprivileged() {
  if (geteuid() != 0) return "";
  if (setgroups(0, nullptr) != 0) return Trouble("setgroups");
  if (setresgid(kNobody, kNobody, kNobody) != 0) return Trouble("setresgid");
  if (setresuid(kNobody, kNobody, kNobody) != 0) return Trouble("setresuid");
  // Changing the user took away the right to write its own uid_map.
  if (prctl(PR_SET_DUMPABLE, 1) != 0) return Trouble("PR_SET_DUMPABLE");
  return "";
}

std::string MapUser(int uid, int gid) {
  const std::string inside = std::to_string(kInside);
  if (!WriteAll("/proc/self/setgroups", "deny")) return Trouble("setgroups");
  if (!WriteAll("/proc/self/uid_map",
                inside + " " + std::to_string(uid) + " 1")) {
    return Trouble("uid_map");
  }
  if (!WriteAll("/proc/self/gid_map",
                inside + " " + std::to_string(gid) + " 1")) {
    return Trouble("gid_map");
  }
  return "";
}

bool ReadOnly(const char* path, std::uint64_t attributes) {
  mount_attr attribute{};
  attribute.attr_set = attributes;
  return syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attribute,
                 sizeof(attribute)) == 0;
}

bool BindDevice(const char* from, const char* to) {
  const int fd = open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0) return false;
  close(fd);
  return mount(from, to, nullptr, MS_BIND, nullptr) == 0;
}

// Makes the new root's tree under /tmp, where a file system of its own hides
// what is there, and moves in.
std::string BuildRoot() {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return Trouble("private mounts");
  }
  if (mount("root", "/tmp", "tmpfs", MS_NOSUID,
            "size=64k,nr_inodes=64,mode=755") != 0) {
    return Trouble("tmpfs as root");
  }
  if (chdir("/tmp") != 0) return Trouble("chdir");
  umask(0);
  for (const char* folder : {"usr", "dev", "tmp", "old"}) {
    if (mkdir(folder, 0755) != 0) return Trouble(folder);
  }
  if (mount("/usr", "usr", nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    return Trouble("/usr");
  }
  if (!ReadOnly("usr",
                MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)) {
    return Trouble("/usr read-only");
  }
  for (const char* name : {"bin", "sbin", "lib", "lib64"}) {
    const std::string target = std::string("usr/") + name;
    if (symlink(target.c_str(), name) != 0) return Trouble(name);
  }
  if (!BindDevice("/dev/null", "dev/null") ||
      !BindDevice("/dev/zero", "dev/zero") ||
      !BindDevice("/dev/urandom", "dev/urandom") ||
      symlink("urandom", "dev/random") != 0) {
    return Trouble("/dev");
  }
  if (syscall(SYS_pivot_root, ".", "old") != 0) return Trouble("pivot_root");
  if (chdir("/") != 0 || umount2("/old", MNT_DETACH) != 0 ||
      rmdir("/old") != 0) {
    return Trouble("the old root");
  }
  umask(022);
  mount_attr attribute{};
  attribute.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, &attribute,
              sizeof(attribute)) != 0) {
    return Trouble("root read-only");
  }
  return "";
}

}  // namespace

std::string EnterTemplateRoot(int& proc) {
  std::string trouble = BecomeUnprivileged();
  if (!trouble.empty()) return trouble;
  const int uid = static_cast<int>(geteuid());
  const int gid = static_cast<int>(getegid());
  proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return Trouble("/proc");
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
              CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_NEWPID) != 0) {
    return Trouble("namespaces");
  }
  trouble = MapUser(uid, gid);
  if (trouble.empty()) trouble = BuildRoot();
  if (trouble.empty() && sethostname("sandbox", 7) != 0) {
    trouble = Trouble("sethostname");
  }
  return trouble;
}

}  // namespace evalloop::sandbox
