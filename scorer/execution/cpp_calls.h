#ifndef EVALLOOP_SCORER_EXECUTION_CPP_CALLS_H_
#define EVALLOOP_SCORER_EXECUTION_CPP_CALLS_H_

#include <memory>
#include <string_view>
#include <utility>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"
#include "scorer/execution/toolchain.h"

namespace evalloop::scorer {

// Hidden calls of C++ candidates (C++20, g++): compiled in one sandbox, run in
// another, compared here (execution/native/calls.h).
class CppCalls final : public FunctionalTests {
 public:
  // `sandbox` outlives the result. FAILED_PRECONDITION: no g++.
  static absl::StatusOr<std::unique_ptr<FunctionalTests>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return sandbox_.tier(); }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  CppCalls(sandbox::Sandbox& sandbox, Tool compiler)
      : sandbox_(sandbox), compiler_(std::move(compiler)) {}

  sandbox::Sandbox& sandbox_;
  const Tool compiler_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_CPP_CALLS_H_
