#ifndef EVALLOOP_SCORER_EXECUTION_LOCAL_TESTS_H_
#define EVALLOOP_SCORER_EXECUTION_LOCAL_TESTS_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"
#include "scorer/execution/language_tests.h"

namespace evalloop::scorer {

// Hidden tests in this machine's fastest sandbox, which is opened by the first
// check. FAILED_PRECONDITION where none works: nothing runs without.
class LocalTests final : public FunctionalTests {
 public:
  std::string_view tier() const override;
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  absl::StatusOr<LanguageTests*> Open();

  mutable std::mutex mutex_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<LanguageTests> tests_;  // After sandbox_, which it uses.
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_LOCAL_TESTS_H_
