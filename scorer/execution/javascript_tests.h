#ifndef EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_TESTS_H_
#define EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_TESTS_H_

#include <memory>
#include <string_view>
#include <utility>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"
#include "scorer/execution/toolchain.h"

namespace evalloop::scorer {

// Hidden tests of JavaScript candidates, which are scripts (no modules), by
// Node. Calls: one sandbox, in which nothing but the candidate is. A script
// defines check(candidate), or asserts as it runs, console.assert included; it
// runs in a sandbox of its own (javascript_script.h).
class JavaScriptTests final : public FunctionalTests {
 public:
  // `sandbox` outlives the result. FAILED_PRECONDITION: no Node.
  static absl::StatusOr<std::unique_ptr<FunctionalTests>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return sandbox_.tier(); }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  JavaScriptTests(sandbox::Sandbox& sandbox, Tool node)
      : sandbox_(sandbox), node_(std::move(node)) {}

  FunctionalVerdict CheckCalls(const FunctionalCase& functional_case,
                               std::chrono::milliseconds timeout);
  // A job that runs one of our scripts.
  sandbox::Job JobOf(std::string_view script,
                     std::chrono::milliseconds timeout) const;

  sandbox::Sandbox& sandbox_;
  const Tool node_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_JAVASCRIPT_TESTS_H_
