#ifndef EVALLOOP_PLATFORM_TESTING_FAKE_TRANSACTOR_H_
#define EVALLOOP_PLATFORM_TESTING_FAKE_TRANSACTOR_H_

#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/outbox.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::testing {

// A unit of work whose effects wait until commit. Fakes of stores that care
// about rollback enlist their effects; those that don't may apply at once.
class FakeUnitOfWork final : public base::UnitOfWork {
 public:
  // `effect` runs at commit, in the order of enlisting.
  void OnCommit(std::function<void()> effect) {
    effects_.push_back(std::move(effect));
  }

 private:
  friend class FakeTransactor;
  std::vector<std::function<void()>> effects_;
};

// Runs bodies one at a time; what they enlisted happens only when they answer
// OK. Thread-safe.
class FakeTransactor final : public base::Transactor {
 public:
  absl::Status Run(
      const std::function<absl::Status(base::UnitOfWork&)>& body) override {
    std::lock_guard lock(mu_);
    if (!failures_.empty()) {
      absl::Status next = failures_.front();
      failures_.pop_front();
      if (!next.ok()) return next;
    }
    FakeUnitOfWork work;
    if (auto status = body(work); !status.ok()) return status;
    for (const auto& effect : work.effects_) effect();
    ++commits_;
    return absl::OkStatus();
  }

  // The next Run answers `status` without running its body.
  void FailNext(absl::Status status) {
    std::lock_guard lock(mu_);
    failures_.push_back(std::move(status));
  }
  int commits() const {
    std::lock_guard lock(mu_);
    return commits_;
  }

 private:
  mutable std::mutex mu_;
  std::deque<absl::Status> failures_;
  int commits_ = 0;
};

// Keeps committed events, once per event_id, in order. Works with
// FakeTransactor; thread-safe.
class FakeOutbox final : public base::Outbox {
 public:
  absl::Status Add(base::UnitOfWork& work,
                   std::span<const base::OutgoingEvent> events) override {
    std::vector<base::OutgoingEvent> added(events.begin(), events.end());
    dynamic_cast<FakeUnitOfWork&>(work).OnCommit([this, added] {
      std::lock_guard lock(mu_);
      for (const auto& event : added) {
        if (ids_.insert(event.event_id).second) events_.push_back(event);
      }
    });
    return absl::OkStatus();
  }

  std::vector<base::OutgoingEvent> events() const {
    std::lock_guard lock(mu_);
    return events_;
  }

 private:
  mutable std::mutex mu_;
  std::set<std::string> ids_;
  std::vector<base::OutgoingEvent> events_;
};

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_FAKE_TRANSACTOR_H_
