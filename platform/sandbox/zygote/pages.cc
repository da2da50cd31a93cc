#include "platform/sandbox/zygote/pages.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>

extern "C" const char __executable_start;  // The linker's.
extern "C" const char etext;

namespace evalloop::sandbox {
namespace {

constexpr std::uintptr_t kPage = 4096;
constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20;
constexpr std::size_t kMaxRanges = 1000;

struct Mapping {
  std::uintptr_t begin;
  std::uintptr_t end;
  char mode[5];
  unsigned long inode;
};

std::vector<Mapping> ReadMaps(int proc) {
  std::string maps;
  const int fd = openat(proc, "self/maps", O_RDONLY | O_CLOEXEC);
  char buffer[4096];
  ssize_t size = 0;
  while (fd >= 0 && (size = read(fd, buffer, sizeof(buffer))) > 0) {
    maps.append(buffer, static_cast<std::size_t>(size));
  }
  if (fd >= 0) close(fd);
  std::vector<Mapping> mappings;
  for (std::size_t at = 0; at < maps.size(); at = maps.find('\n', at) + 1) {
    Mapping mapping{};
    if (std::sscanf(&maps[at], "%lx-%lx %4s %*x %*s %lu", &mapping.begin,
                    &mapping.end, mapping.mode, &mapping.inode) == 4) {
      mappings.push_back(mapping);
    }
    if (maps.find('\n', at) == maps.npos) break;
  }
  return mappings;
}

// Whether this process alone has the page, by its entry in /proc/self/pagemap.
bool IsOwn(std::uint64_t entry) {
  constexpr std::uint64_t kExclusive = std::uint64_t{1} << 56;
  constexpr std::uint64_t kOfFile = std::uint64_t{1} << 61;
  constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
  return (entry & (kExclusive | kOfFile | kPresent)) == (kExclusive | kPresent);
}

}  // namespace

void CopyProgramText(int proc) {
  const auto start = reinterpret_cast<std::uintptr_t>(&__executable_start);
  const auto text = reinterpret_cast<std::uintptr_t>(&etext);
  const std::vector<Mapping> mappings = ReadMaps(proc);
  for (const Mapping& mapping : mappings) {
    if (mapping.begin != start || mapping.end < text ||
        std::strcmp(mapping.mode, "r-xp") != 0 || start % kLargePage != 0) {
      continue;
    }
    const std::size_t used = mapping.end - start;
    const std::size_t size = (used + kLargePage - 1) / kLargePage * kLargePage;
    for (const Mapping& other : mappings) {
      if (other.begin > start && other.begin < start + size) return;
    }
    void* const room = mmap(nullptr, size + kLargePage, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return;
    const auto begin =
        (reinterpret_cast<std::uintptr_t>(room) + kLargePage - 1) / kLargePage *
        kLargePage;
    void* const copy = reinterpret_cast<void*>(begin);
    madvise(copy, size, MADV_HUGEPAGE);
    std::memcpy(copy, reinterpret_cast<const void*>(start), used);
    if (mprotect(copy, size, PROT_READ | PROT_EXEC) == 0) {
      // In one step: this very code goes on in the copy.
      mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED,
             reinterpret_cast<void*>(start));
    }
    return;
  }
}

void HotPages::Learn(int proc, const std::function<void()>& rehearse) {
  const std::size_t size = kMaxRanges * sizeof(Range);
  void* const shared = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return;
  const std::span<Range> found(static_cast<Range*>(shared), kMaxRanges);
  const std::vector<Mapping> mappings = ReadMaps(proc);
  const pid_t child = fork();
  if (child == 0) {
    // Not in the way of the program's own.
    const int kept = fcntl(proc, F_DUPFD_CLOEXEC, 64);
    rehearse();
    const int fd = openat(kept, "self/pagemap", O_RDONLY | O_CLOEXEC);
    std::size_t count = 0;
    for (const Mapping& mapping : mappings) {
      if (std::strcmp(mapping.mode, "rw-p") != 0) continue;
      for (auto at = mapping.begin; at < mapping.end; at += kPage) {
        std::uint64_t entry = 0;
        const auto place = static_cast<off_t>(at / kPage * sizeof(entry));
        if (pread(fd, &entry, sizeof(entry), place) != sizeof(entry)) _exit(1);
        if (!IsOwn(entry)) continue;
        auto* const page = reinterpret_cast<std::byte*>(at);
        if (count > 0) {
          Range& last = found[count - 1];
          const std::byte* const end = last.begin + last.size;
          if (reinterpret_cast<std::uintptr_t>(last.begin) >= mapping.begin &&
              page == end) {
            last.size = static_cast<std::size_t>(page - last.begin) + kPage;
            continue;
          }
        }
        if (count + 1 == kMaxRanges) _exit(0);
        found[count++] = {page, kPage};
      }
    }
    _exit(0);
  }
  int status = 1;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) {
    for (const Range& range : found) {
      if (range.size > 0) ranges_.push_back(range);
    }
  }
  munmap(shared, size);
}

void HotPages::MakeOwn() const {
  constexpr int kPopulateWrite = 23;  // MADV_POPULATE_WRITE, Linux 5.14.
  for (const Range& range : ranges_) {
    if (madvise(range.begin, range.size, kPopulateWrite) != 0) return;
  }
}

}  // namespace evalloop::sandbox
