#include "scorer/execution/language_tests.h"

#include <fmt/format.h>

#include <utility>

#include "scorer/execution/cpp_calls.h"
#include "scorer/execution/go_calls.h"
#include "scorer/execution/javascript_tests.h"
#include "scorer/execution/python_calls.h"
#include "scorer/execution/python_tests.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Language;

template <class T>
absl::StatusOr<std::unique_ptr<FunctionalTests>> Widened(
    absl::StatusOr<std::unique_ptr<T>> opened) {
  if (!opened.ok()) return opened.status();
  return std::unique_ptr<FunctionalTests>(*std::move(opened));
}

}  // namespace

absl::StatusOr<std::unique_ptr<LanguageTests>> LanguageTests::Open(
    sandbox::Sandbox& sandbox) {
  std::unique_ptr<LanguageTests> tests(new LanguageTests(sandbox));
  const auto python = tests->Get(Kind::kPythonScript);
  if (!python.ok()) return python.status();
  return tests;
}

absl::StatusOr<FunctionalVerdict> LanguageTests::Check(
    const FunctionalCase& functional_case, std::chrono::milliseconds timeout) {
  if (functional_case.entry_point.empty()) {
    return absl::InvalidArgumentError("entry_point: required");
  }
  if (functional_case.calls.size() > kMostHiddenCalls) {
    return absl::InvalidArgumentError(
        fmt::format("calls: more than {}", kMostHiddenCalls));
  }
  const auto kind = KindOf(functional_case);
  if (!kind.ok()) return kind.status();
  const auto tests = Get(*kind);
  if (!tests.ok()) return tests.status();
  return (*tests)->Check(functional_case, timeout);
}

absl::StatusOr<LanguageTests::Kind> LanguageTests::KindOf(
    const FunctionalCase& functional_case) {
  const bool script = functional_case.calls.empty();
  if (!script && !functional_case.tests.empty()) {
    return absl::InvalidArgumentError("calls: not together with a test script");
  }
  switch (functional_case.language) {
    case Language::kPython:
      return script ? Kind::kPythonScript : Kind::kPythonCalls;
    case Language::kJavaScript:
      return Kind::kJavaScript;
    case Language::kCpp:
      if (!script) return Kind::kCpp;
      break;
    case Language::kGo:
      if (!script) return Kind::kGo;
      break;
    default:
      return absl::InvalidArgumentError(fmt::format(
          "language: tests of {} can't be run; python, javascript, cpp and go "
          "can",
          NameOf(functional_case.language)));
  }
  return absl::InvalidArgumentError(fmt::format(
      "tests: a script that is compiled together with a candidate can be "
      "forged by it; for {} give calls: arguments and what is expected",
      NameOf(functional_case.language)));
}

absl::StatusOr<FunctionalTests*> LanguageTests::Get(Kind kind) {
  Slot& slot = slots_[static_cast<std::size_t>(kind)];
  const std::lock_guard lock(slot.mutex);
  if (slot.tests != nullptr) return slot.tests.get();
  absl::StatusOr<std::unique_ptr<FunctionalTests>> opened;
  switch (kind) {
    case Kind::kPythonScript:
      opened = Widened(PythonTests::Open(sandbox_));
      break;
    case Kind::kPythonCalls:
      opened = Widened(PythonCalls::Open(sandbox_));
      break;
    case Kind::kJavaScript:
      opened = JavaScriptTests::Open(sandbox_);
      break;
    case Kind::kCpp:
      opened = CppCalls::Open(sandbox_);
      break;
    case Kind::kGo:
      opened = GoCalls::Open(sandbox_);
      break;
    case Kind::kCount:
      break;
  }
  if (!opened.ok()) return opened.status();
  slot.tests = *std::move(opened);
  return slot.tests.get();
}

}  // namespace evalloop::scorer
