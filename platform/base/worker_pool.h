#ifndef EVALLOOP_PLATFORM_BASE_WORKER_POOL_H_
#define EVALLOOP_PLATFORM_BASE_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace evalloop::base {

// Fixed-size pool for blocking work; the bound is its back-pressure.
// Thread-safe. Jobs must not throw.
class WorkerPool {
 public:
  // `threads` >= 1.
  WorkerPool(int threads, std::size_t max_queued);
  ~WorkerPool();  // Runs what was accepted, then joins.
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full; `job` is then dropped.
  [[nodiscard]] bool TrySubmit(std::function<void()> job);

  // Jobs accepted and not yet started; for a gauge.
  std::size_t queued() const;

 private:
  void Run();

  const std::size_t max_queued_;
  mutable std::mutex mu_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;  // Last: started after the rest exists.
};

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_WORKER_POOL_H_
