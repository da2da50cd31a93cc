#include "scorer/execution/local_tests.h"

#include <utility>

namespace evalloop::scorer {

std::string_view LocalTests::tier() const {
  const std::lock_guard lock(mutex_);
  return sandbox_ != nullptr ? sandbox_->tier() : "";
}

absl::StatusOr<LanguageTests*> LocalTests::Open() {
  const std::lock_guard lock(mutex_);
  if (tests_ != nullptr) return tests_.get();
  auto sandbox = sandbox::OpenSandbox("");
  if (!sandbox.ok()) return sandbox.status();
  auto tests = LanguageTests::Open(**sandbox);
  if (!tests.ok()) return tests.status();
  sandbox_ = *std::move(sandbox);
  tests_ = *std::move(tests);
  return tests_.get();
}

absl::StatusOr<FunctionalVerdict> LocalTests::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  const auto tests = Open();
  if (!tests.ok()) return tests.status();
  return (*tests)->Check(functional_case, timeout);
}

}  // namespace evalloop::scorer
