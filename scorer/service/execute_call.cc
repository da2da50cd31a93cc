#include "scorer/service/execute_call.h"

#include <cmath>
#include <string>

#include "code_analysis/language.h"
#include "platform/base/reason.h"

namespace evalloop::scorer {
namespace {

constexpr double kDefaultTimeout = 3;
constexpr double kLongestTimeout = 60;
constexpr std::size_t kLargestText = std::size_t{1} << 20;

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
  const std::chrono::milliseconds timeout(std::llround(seconds * 1000));
  if (left < timeout) {
    return absl::DeadlineExceededError(
        "the call's deadline is shorter than timeout_seconds");
  }
  if (!slots.try_acquire()) {
    return absl::ResourceExhaustedError("as many checks run as may; try later");
  }
  FunctionalCase functional_case;
  functional_case.language =
      code_analysis::ParseLanguage(request.candidate().language());
  functional_case.prompt = request.candidate().prefix();
  functional_case.completion = completion;
  functional_case.tests = request.tests();
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
