#ifndef EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_
#define EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::testing {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

// EXPECT_THAT(status_or_statusor, IsOk());
MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// EXPECT_THAT(status_or_statusor, StatusIs(absl::StatusCode::kNotFound));
MATCHER_P(StatusIs, code, "has code " + absl::StatusCodeToString(code)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// ... and whose message matches too: StatusIs(code, HasSubstr("why")).
MATCHER_P2(StatusIs, code, message,
           "has code " + absl::StatusCodeToString(code) + " and its message " +
               ::testing::DescribeMatcher<std::string>(message)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code &&
         ::testing::Matches(message)(std::string(StatusOf(arg).message()));
}

}  // namespace evalloop::testing

#define EVALLOOP_CONCAT_INNER(a, b) a##b
#define EVALLOOP_CONCAT(a, b) EVALLOOP_CONCAT_INNER(a, b)

// ASSERT_OK_AND_ASSIGN(auto value, FunctionThatAnswersAStatusOr());
#define ASSERT_OK_AND_ASSIGN(declaration, expression)                         \
  ASSERT_OK_AND_ASSIGN_AS(EVALLOOP_CONCAT(status_or_, __LINE__), declaration, \
                          expression)
#define ASSERT_OK_AND_ASSIGN_AS(name, declaration, expression) \
  auto name = (expression);                                    \
  ASSERT_TRUE(name.ok()) << name.status();                     \
  declaration = *std::move(name)

#endif  // EVALLOOP_PLATFORM_TESTING_STATUS_MATCHERS_H_
