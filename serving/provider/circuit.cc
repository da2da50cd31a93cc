#include "serving/provider/circuit.h"

#include <algorithm>

namespace evalloop::serving {

bool Circuit::Allow(Time now) {
  std::lock_guard lock(mu_);
  if (failures_ < kFailures) return true;
  if (trying_ || now < open_until_) return false;
  trying_ = true;
  return true;
}

void Circuit::Succeeded() {
  std::lock_guard lock(mu_);
  failures_ = 0;
  trying_ = false;
  pause_ = kFirstPause;
}

void Circuit::Failed(Time now) {
  std::lock_guard lock(mu_);
  // Calls that were under way when it opened say nothing new.
  if (failures_ >= kFailures && !trying_) return;
  trying_ = false;
  if (++failures_ < kFailures) return;
  open_until_ = now + pause_;
  pause_ = std::min(2 * pause_, kMaxPause);
}

void Circuit::Abandoned() {
  std::lock_guard lock(mu_);
  trying_ = false;
}

void RetryBudget::Called() {
  std::lock_guard lock(mu_);
  saved_ = std::min(kMost, saved_ + kShare);
}

bool RetryBudget::TryRetry() {
  std::lock_guard lock(mu_);
  if (saved_ < 1) return false;
  saved_ -= 1;
  return true;
}

}  // namespace evalloop::serving
