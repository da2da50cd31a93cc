#ifndef EVALLOOP_SCORER_EXECUTION_PYTHON_CALLS_H_
#define EVALLOOP_SCORER_EXECUTION_PYTHON_CALLS_H_

#include <memory>
#include <string_view>
#include <utility>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// Hidden calls of Python candidates: one sandbox, in which nothing but the
// candidate is; answers are compared here.
class PythonCalls final : public FunctionalTests {
 public:
  // `sandbox` outlives the result.
  static absl::StatusOr<std::unique_ptr<PythonCalls>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return sandbox_.tier(); }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  PythonCalls(sandbox::Sandbox& sandbox,
              std::unique_ptr<sandbox::PythonTemplate> candidates)
      : sandbox_(sandbox), candidates_(std::move(candidates)) {}

  sandbox::Sandbox& sandbox_;
  const std::unique_ptr<sandbox::PythonTemplate> candidates_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_PYTHON_CALLS_H_
