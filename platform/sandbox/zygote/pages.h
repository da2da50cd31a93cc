#ifndef EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_PAGES_H_
#define EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_PAGES_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace evalloop::sandbox {

// What a fork costs is pages: each that a child touches first is a fault of
// about a microsecond. These two make most of them cheaper or spare them.
// Nothing depends on their success.

// Replaces this program's own instructions and constants in memory by a copy in
// large pages, which children inherit whole, where the kernel has any to give.
// A file's pages are found anew by every child. `proc` is /proc.
void CopyProgramText(int proc);

// The pages that a child writes to in any case.
class HotPages {
 public:
  // Forks a child that calls `rehearse` and looks which pages it has written.
  void Learn(int proc, const std::function<void()>& rehearse);
  // In a child: makes them its own, many at a time.
  void MakeOwn() const;

 private:
  struct Range {
    std::byte* begin;
    std::size_t size;
  };
  std::vector<Range> ranges_;
};

}  // namespace evalloop::sandbox

#endif  // EVALLOOP_PLATFORM_SANDBOX_ZYGOTE_PAGES_H_
