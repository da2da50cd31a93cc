#include "scorer/service/execute_call.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "code_analysis/language.h"
#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

constexpr double kDefaultTimeout = 3;
constexpr double kLongestTimeout = 60;
constexpr std::size_t kLargestText = std::size_t{1} << 20;

absl::Status ReadCalls(const v1::ExecuteRequest& request,
                       std::vector<HiddenCall>& calls) {
  std::size_t size = 0;
  for (int i = 0; i < request.calls_size(); ++i) {
    const v1::HiddenCall& given = request.calls(i);
    size += given.arguments().size() + given.expected().size();
    if (size > kLargestText) {
      return base::FieldError("calls", "over 1 MiB in all");
    }
    auto call =
        MakeHiddenCall(given.arguments(), given.expected(), given.tolerance());
    if (!call.ok()) {
      return base::FieldError(fmt::format("calls[{}]", i),
                              std::string(call.status().message()));
    }
    calls.push_back(*std::move(call));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ExecuteTests(const v1::ExecuteRequest& request,
                          v1::ExecuteResponse& response,
                          std::chrono::milliseconds left,
                          FunctionalTests& tests, CheckSlots& slots) {
  if (!request.has_candidate()) {
    return base::FieldError("candidate", "missing");
  }
  if (request.entry_point().empty()) {
    return base::FieldError("entry_point", "missing");
  }
  const double seconds = request.timeout_seconds() == 0
                             ? kDefaultTimeout
                             : request.timeout_seconds();
  if (!(seconds >= 1 && seconds <= kLongestTimeout)) {
    return base::FieldError("timeout_seconds", "not within 1 to 60");
  }
  const std::string completion =
      request.candidate().text() + request.candidate().suffix();
  if (completion.size() + request.candidate().prefix().size() > kLargestText ||
      request.tests().size() > kLargestText) {
    return base::FieldError("candidate", "program or tests over 1 MiB");
  }
  std::vector<HiddenCall> calls;
  if (auto status = ReadCalls(request, calls); !status.ok()) return status;
  const auto language =
      code_analysis::ParseLanguage(request.candidate().language());
  const std::chrono::milliseconds timeout(std::llround(seconds * 1000));
  if (left < timeout + (IsCompiled(language) ? kCompileTime
                                             : std::chrono::seconds(0))) {
    return absl::DeadlineExceededError(
        "the call's deadline is shorter than timeout_seconds and compiling");
  }
  if (!slots.try_acquire()) {
    return absl::ResourceExhaustedError("as many checks run as may; try later");
  }
  FunctionalCase functional_case;
  functional_case.language = language;
  functional_case.prompt = request.candidate().prefix();
  functional_case.completion = completion;
  functional_case.tests = request.tests();
  functional_case.calls = calls;
  functional_case.entry_point = request.entry_point();
  const auto verdict = tests.Check(functional_case, timeout);
  slots.release();
  if (!verdict.ok()) return verdict.status();
  response.set_passed(verdict->result == FunctionalResult::kPassed);
  response.set_result(ResultText(*verdict));
  response.set_tier(verdict->tier);
  return absl::OkStatus();
}

}  // namespace evalloop::scorer
