#include "code_analysis/history_pool.h"

#include <malloc.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace evalloop::code_analysis {
namespace {

// Some threads make results and another one lets them go: glibc then comes to
// hold more free memory than there is in use. After so many numbers it is told
// to give that back, which takes some milliseconds.
constexpr std::size_t kTrimEvery = 2048;

// Last of all, when the repositories with what they keep are gone, too.
struct TrimAtTheEnd {
  std::size_t count;
  ~TrimAtTheEnd() {
    if (count >= kTrimEvery) malloc_trim(0);
  }
};

// Who does what: chunks go out in order, within a window of slots from what was
// taken. The chunk that is taken from never waits, so work always goes on.
class Window {
 public:
  Window(std::size_t count, std::size_t slots,
         const HistoryPoolOptions& options)
      : count_(count),
        chunk_(std::max<std::size_t>(1, options.chunk)),
        max_bytes_(options.max_waiting_bytes),
        slots_(slots) {}

  // The next numbers [first, last) for a thread; empty when it is over.
  std::pair<std::size_t, std::size_t> NextChunk() {
    std::unique_lock lock(mutex_);
    const std::size_t first = begun_;
    begun_ = std::min(count_, begun_ + chunk_);
    const std::size_t last = begun_;
    room_.wait(lock, [&] {
      return stopped_ || first <= taken_ ||
             (last <= taken_ + slots_.size() && bytes_ < max_bytes_);
    });
    return stopped_ ? std::pair{last, last} : std::pair{first, last};
  }

  bool stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

  void End(std::size_t number, absl::StatusOr<std::size_t> bytes) {
    bool wanted = false;
    {
      const std::lock_guard lock(mutex_);
      Slot& slot = slots_[number % slots_.size()];
      slot.done = true;
      slot.bytes = bytes.ok() ? *bytes : 0;
      slot.status = bytes.status();
      bytes_ += slot.bytes;
      wanted = number == taken_;
    }
    if (wanted) done_.notify_one();
  }

  absl::Status WaitFor(std::size_t number) {
    std::unique_lock lock(mutex_);
    Slot& slot = slots_[number % slots_.size()];
    done_.wait(lock, [&] { return slot.done; });
    return std::move(slot.status);
  }

  void Took(std::size_t number) {
    {
      const std::lock_guard lock(mutex_);
      Slot& slot = slots_[number % slots_.size()];
      slot.done = false;
      bytes_ -= slot.bytes;
      taken_ = number + 1;
    }
    // Only whole chunks wait for room.
    if ((number + 1) % chunk_ == 0) room_.notify_all();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    room_.notify_all();
  }

 private:
  struct Slot {
    bool done = false;
    std::size_t bytes = 0;
    absl::Status status;
  };

  const std::size_t count_;
  const std::size_t chunk_;
  const std::size_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable room_;  // For another chunk.
  std::condition_variable done_;  // What is taken next.
  std::vector<Slot> slots_;
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  std::size_t bytes_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::size_t SlotsOf(const HistoryPoolOptions& options) {
  return 2 * static_cast<std::size_t>(std::max(1, options.threads) + 1) *
         std::max<std::size_t>(1, options.chunk);
}

absl::Status RunInOrder(
    std::string_view path, const HistoryPoolOptions& options, std::size_t count,
    const std::function<absl::StatusOr<std::size_t>(
        const Repository&, std::size_t number, std::size_t slot)>& work,
    const std::function<absl::Status(std::size_t number, std::size_t slot)>&
        take) {
  const TrimAtTheEnd trim{count};
  std::vector<Repository> repositories;
  for (int i = 0; i < std::max(1, options.threads); ++i) {
    auto opened = Repository::Open(path, options.limits);
    if (!opened.ok()) return opened.status();
    repositories.push_back(*std::move(opened));
  }
  const std::size_t slots = SlotsOf(options);
  Window window(count, slots, options);
  std::vector<std::jthread> threads;
  for (const Repository& repository : repositories) {
    threads.emplace_back([&] {
      while (true) {
        const auto [first, last] = window.NextChunk();
        if (first == last) return;
        for (std::size_t i = last; i-- > first;) {
          if (window.stopped()) return;
          window.End(i, work(repository, i, i % slots));
        }
      }
    });
  }
  absl::Status status;
  for (std::size_t i = 0; i < count && status.ok(); ++i) {
    status = window.WaitFor(i);
    if (status.ok()) status = take(i, i % slots);
    window.Took(i);
    if ((i + 1) % kTrimEvery == 0) malloc_trim(0);
  }
  window.Stop();
  return status;
}

}  // namespace evalloop::code_analysis
