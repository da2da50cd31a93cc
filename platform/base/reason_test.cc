#include "platform/base/reason.h"

#include <gtest/gtest.h>

#include "platform/base/access.h"

namespace evalloop::base {
namespace {

TEST(ReasonTest, ReasonAndMetadataTravelWithTheStatus) {
  const absl::Status status = WithReason(absl::NotFoundError("no run"),
                                         "RUN_NOT_FOUND", {{"run", "r1"}});
  EXPECT_EQ(ReasonOf(status), "RUN_NOT_FOUND");
  EXPECT_EQ(ReasonMetadataOf(status).at("run"), "r1");
  EXPECT_EQ(ReasonOf(absl::NotFoundError("no run")), std::nullopt);
  EXPECT_TRUE(WithReason(absl::OkStatus(), "X").ok());
}

TEST(ReasonTest, FieldErrorsNameTheirField) {
  const absl::Status status =
      FieldError("items[3].prefix", "is empty", "give the text");
  EXPECT_EQ(status.message(), "items[3].prefix: is empty; give the text");
  EXPECT_EQ(FieldOf(status), "items[3].prefix");
}

TEST(ReasonTest, RetryTimesTravelWithTheStatus) {
  const absl::Status status = WithRetryAfter(absl::UnavailableError("down"),
                                             std::chrono::milliseconds(250));
  EXPECT_EQ(RetryAfterOf(status), std::chrono::milliseconds(250));
  EXPECT_EQ(RetryAfterOf(absl::UnavailableError("down")), std::nullopt);
}

TEST(AccessTest, OnlyLoopbackIsLoopback) {
  for (const char* address :
       {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address :
       {"0.0.0.0", "::", "10.0.0.1", "", "127.0.0.1.x", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(AccessTest, OnlyTheWholeTokenMatches) {
  EXPECT_TRUE(BearerMatches("Bearer secret", "secret"));
  EXPECT_TRUE(BearerMatches("bearer secret", "secret"));
  for (const char* given : {"", "Bearer ", "Bearer secre", "Bearer secretx",
                            "Bearer secretsecret", "secret", "Basic secret"}) {
    EXPECT_FALSE(BearerMatches(given, "secret")) << given;
  }
  EXPECT_FALSE(BearerMatches("Bearer ", ""));
}

}  // namespace
}  // namespace evalloop::base
