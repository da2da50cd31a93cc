#ifndef EVALLOOP_SCORER_EXECUTION_PYTHON_TESTS_H_
#define EVALLOOP_SCORER_EXECUTION_PYTHON_TESTS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"
#include "scorer/execution/plain_tests.h"

namespace evalloop::scorer {

// Hidden tests of Python candidates. Tests that are no more than calls with
// literal arguments and literal answers (plain_tests.h) are not run at all: the
// arguments go into the candidate's sandbox, answers come out and are compared
// here. Where that decides nothing, and for all other tests, a check takes two
// sandboxes: one holds the candidate, the other the tests, which call it
// through a proxy. Only plain values cross between them
// (execution/python/plain_values.py), and the verdict comes from the tests'
// process by a descriptor that the candidate's never had, so that the candidate
// can pass by answering rightly and in no other way.
class PythonTests final : public FunctionalTests {
 public:
  // `sandbox` outlives the result.
  static absl::StatusOr<std::unique_ptr<PythonTests>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return tier_; }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  // Asks the candidate the tests' questions. False: undecided.
  absl::StatusOr<bool> Ask(const FunctionalCase& functional_case,
                           const std::vector<PlainTest>& tests,
                           std::chrono::milliseconds timeout,
                           FunctionalVerdict& verdict);
  // Runs the tests.
  absl::Status Try(const FunctionalCase& functional_case,
                   std::chrono::milliseconds timeout,
                   FunctionalVerdict& verdict);

  PythonTests(std::string tier,
              std::unique_ptr<sandbox::PythonTemplate> candidates,
              std::unique_ptr<sandbox::PythonTemplate> checks)
      : tier_(std::move(tier)),
        candidates_(std::move(candidates)),
        checks_(std::move(checks)) {}

  const std::string tier_;
  const std::unique_ptr<sandbox::PythonTemplate> candidates_;
  const std::unique_ptr<sandbox::PythonTemplate> checks_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_PYTHON_TESTS_H_
