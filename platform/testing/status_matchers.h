#ifndef EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_
#define EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// EXPECT_THAT(result, IsOk());
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).ok();
}

// EXPECT_THAT(result, HasCode(absl::StatusCode::kNotFound));
MATCHER_P(HasCode, code, "has status code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg);
  return StatusOf(arg).code() == code;
}

}  // namespace evalloop::testing

#endif  // EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_
