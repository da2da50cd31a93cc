#include "code_analysis/history_pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace evalloop::code_analysis {
namespace {

// Who does what: numbers go out in order, a window ahead of what was taken.
class Window {
 public:
  Window(std::size_t count, std::size_t slots)
      : count_(count), done_(slots, false), statuses_(slots) {}

  // The next number to work on; count_ when there is none.
  std::size_t Begin() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return stopped_ || begun_ == count_ || begun_ < taken_ + done_.size();
    });
    return stopped_ || begun_ == count_ ? count_ : begun_++;
  }

  void End(std::size_t number, absl::Status status) {
    {
      const std::lock_guard lock(mutex_);
      done_[number % done_.size()] = true;
      statuses_[number % done_.size()] = std::move(status);
    }
    changed_.notify_all();
  }

  absl::Status WaitFor(std::size_t number) {
    std::unique_lock lock(mutex_);
    const std::size_t slot = number % done_.size();
    changed_.wait(lock, [&] { return done_[slot]; });
    return std::move(statuses_[slot]);
  }

  void Took(std::size_t number) {
    {
      const std::lock_guard lock(mutex_);
      done_[number % done_.size()] = false;
      taken_ = number + 1;
    }
    changed_.notify_all();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
  }

 private:
  const std::size_t count_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t begun_ = 0;
  std::size_t taken_ = 0;
  bool stopped_ = false;
  std::vector<bool> done_;
  std::vector<absl::Status> statuses_;
};

}  // namespace

std::size_t SlotsOf(const HistoryPoolOptions& options) {
  return static_cast<std::size_t>(std::max(1, options.threads)) *
         std::max<std::size_t>(1, options.ahead);
}

absl::Status RunInOrder(
    std::string_view path, const HistoryPoolOptions& options, std::size_t count,
    const std::function<absl::Status(const Repository&, std::size_t number,
                                     std::size_t slot)>& work,
    const std::function<absl::Status(std::size_t number, std::size_t slot)>&
        take) {
  std::vector<Repository> repositories;
  for (int i = 0; i < std::max(1, options.threads); ++i) {
    auto opened = Repository::Open(path, options.limits);
    if (!opened.ok()) return opened.status();
    repositories.push_back(*std::move(opened));
  }
  const std::size_t slots = SlotsOf(options);
  Window window(count, slots);
  std::vector<std::jthread> threads;
  for (const Repository& repository : repositories) {
    threads.emplace_back([&] {
      for (std::size_t i = window.Begin(); i < count; i = window.Begin()) {
        window.End(i, work(repository, i, i % slots));
      }
    });
  }
  absl::Status status;
  for (std::size_t i = 0; i < count && status.ok(); ++i) {
    status = window.WaitFor(i);
    if (status.ok()) status = take(i, i % slots);
    window.Took(i);
  }
  window.Stop();
  return status;
}

}  // namespace evalloop::code_analysis
