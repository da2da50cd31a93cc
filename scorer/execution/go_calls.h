#ifndef EVALLOOP_SCORER_EXECUTION_GO_CALLS_H_
#define EVALLOOP_SCORER_EXECUTION_GO_CALLS_H_

#include <memory>
#include <string_view>
#include <utility>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"
#include "scorer/execution/go_packages.h"

namespace evalloop::scorer {

// Hidden calls of Go candidates, which use the standard library alone: compiled
// and linked in one sandbox, run in another, compared here
// (execution/native/calls.go).
class GoCalls final : public FunctionalTests {
 public:
  // `sandbox` outlives the result. FAILED_PRECONDITION: no Go.
  static absl::StatusOr<std::unique_ptr<FunctionalTests>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return sandbox_.tier(); }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  GoCalls(sandbox::Sandbox& sandbox, std::unique_ptr<GoPackages> packages)
      : sandbox_(sandbox), packages_(std::move(packages)) {}

  sandbox::Sandbox& sandbox_;
  const std::unique_ptr<GoPackages> packages_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_GO_CALLS_H_
