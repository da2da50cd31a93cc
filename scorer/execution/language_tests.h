#ifndef EVALLOOP_SCORER_EXECUTION_LANGUAGE_TESTS_H_
#define EVALLOOP_SCORER_EXECUTION_LANGUAGE_TESTS_H_

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>

#include "platform/sandbox/sandbox.h"
#include "scorer/domain/functional.h"

namespace evalloop::scorer {

// Hidden tests of every language and form, each opened by the first check that
// needs it:
//
//               script  calls
//   Python      yes     yes
//   JavaScript  yes     yes
//   C++, Go     no      yes
class LanguageTests final : public FunctionalTests {
 public:
  // Opens Python's; `sandbox` outlives the result.
  static absl::StatusOr<std::unique_ptr<LanguageTests>> Open(
      sandbox::Sandbox& sandbox);

  std::string_view tier() const override { return sandbox_.tier(); }
  absl::StatusOr<FunctionalVerdict> Check(
      const FunctionalCase& functional_case,
      std::chrono::milliseconds timeout) override;

 private:
  enum class Kind {
    kPythonScript,
    kPythonCalls,
    kJavaScript,
    kCpp,
    kGo,
    kCount
  };
  struct Slot {
    std::mutex mutex;  // Held while it is opened.
    std::unique_ptr<FunctionalTests> tests;
  };

  explicit LanguageTests(sandbox::Sandbox& sandbox) : sandbox_(sandbox) {}

  // INVALID_ARGUMENT: none can run these tests.
  static absl::StatusOr<Kind> KindOf(const FunctionalCase& functional_case);
  absl::StatusOr<FunctionalTests*> Get(Kind kind);

  sandbox::Sandbox& sandbox_;
  std::array<Slot, static_cast<std::size_t>(Kind::kCount)> slots_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_EXECUTION_LANGUAGE_TESTS_H_
