#ifndef EVALLOOP_SERVING_TESTING_FAKE_COMPLETION_LOG_H_
#define EVALLOOP_SERVING_TESTING_FAKE_COMPLETION_LOG_H_

#include <mutex>
#include <utility>
#include <vector>

#include "serving/domain/completion_log.h"

namespace evalloop::serving {

// Keeps what it is told, until it is told to be full. Thread-safe.
class FakeCompletionLog final : public CompletionLog {
 public:
  void Fill() {
    std::lock_guard lock(mu_);
    full_ = true;
  }
  std::vector<Completion> completions() const {
    std::lock_guard lock(mu_);
    return completions_;
  }
  std::vector<Feedback> feedback() const {
    std::lock_guard lock(mu_);
    return feedback_;
  }

  absl::Status Intended(const Completion& intent) override {
    return Keep(completions_, intent);
  }
  absl::Status Served(const Completion& completion) override {
    return Keep(completions_, completion);
  }
  absl::Status Given(const Feedback& feedback) override {
    return Keep(feedback_, feedback);
  }

 private:
  template <typename T>
  absl::Status Keep(std::vector<T>& all, const T& one) {
    std::lock_guard lock(mu_);
    if (full_) return absl::ResourceExhaustedError("no room");
    all.push_back(one);
    return absl::OkStatus();
  }

  mutable std::mutex mu_;
  bool full_ = false;
  std::vector<Completion> completions_;
  std::vector<Feedback> feedback_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_TESTING_FAKE_COMPLETION_LOG_H_
