#include "platform/sandbox/zygote/warm_pages.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>

namespace evalloop::sandbox {
namespace {

constexpr std::size_t kPage = 4096;

std::string ReadMaps(int proc) {
  std::string maps;
  const int fd = openat(proc, "self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return maps;
  char buffer[4096];
  ssize_t size = 0;
  while ((size = read(fd, buffer, sizeof(buffer))) > 0) {
    maps.append(buffer, static_cast<std::size_t>(size));
  }
  close(fd);
  return maps;
}

void Warm(std::uintptr_t begin, std::uintptr_t end, int protection) {
  auto* const first = reinterpret_cast<char*>(begin);
  const std::size_t size = end - begin;
  if (mprotect(first, kPage, protection | PROT_WRITE) != 0) return;
  volatile char* const byte = first;
  *byte = *byte;
  mprotect(first, kPage, protection);
  madvise(first, size, MADV_POPULATE_READ);
}

}  // namespace

void WarmPages(int proc) {
  std::istringstream maps(ReadMaps(proc));
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    char rights[5] = {};
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, rights) != 3) {
      continue;
    }
    const bool file = line.find(" /") != std::string::npos;
    if (!file || rights[0] != 'r' || rights[3] != 'p') continue;
    const int protection = PROT_READ | (rights[1] == 'w' ? PROT_WRITE : 0) |
                           (rights[2] == 'x' ? PROT_EXEC : 0);
    Warm(begin, end, protection);
  }
}

}  // namespace evalloop::sandbox
