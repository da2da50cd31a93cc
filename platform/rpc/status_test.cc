#include "platform/rpc/status.h"

#include <gmock/gmock.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "platform/base/reason.h"

namespace evalloop::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <class Detail>
std::vector<Detail> DetailsOf(const grpc::Status& status) {
  google::rpc::Status whole;
  EXPECT_TRUE(whole.ParseFromString(status.error_details()));
  EXPECT_EQ(whole.code(), status.error_code());
  EXPECT_EQ(whole.message(), status.error_message());
  std::vector<Detail> found;
  for (const auto& detail : whole.details()) {
    Detail message;
    if (detail.UnpackTo(&message)) found.push_back(message);
  }
  return found;
}

TEST(RpcStatusTest, OkStaysOkBothWays) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

TEST(RpcStatusTest, EveryErrorCarriesExactlyOneErrorInfo) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "text");
    const auto infos = DetailsOf<google::rpc::ErrorInfo>(ToGrpcStatus(status));
    ASSERT_EQ(infos.size(), 1u) << status;
    EXPECT_EQ(infos[0].domain(), "evalloop.dev");
    EXPECT_EQ(infos[0].reason(), absl::StatusCodeToString(status.code()));
  }
}

TEST(RpcStatusTest, ReasonsAndMetadataReachTheClient) {
  const absl::Status status = base::WithReason(
      absl::NotFoundError("no run r1"), "RUN_NOT_FOUND", {{"run", "r1"}});
  const grpc::Status sent = ToGrpcStatus(status);
  const auto infos = DetailsOf<google::rpc::ErrorInfo>(sent);
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].reason(), "RUN_NOT_FOUND");
  const absl::Status received = FromGrpcStatus(sent);
  EXPECT_EQ(received.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(received.message(), "no run r1");
  EXPECT_EQ(base::ReasonOf(received), "RUN_NOT_FOUND");
  EXPECT_EQ(base::ReasonMetadataOf(received).at("run"), "r1");
}

TEST(RpcStatusTest, ANamedFieldBecomesABadRequest) {
  const grpc::Status sent =
      ToGrpcStatus(base::FieldError("items[2].prefix", "is empty"));
  const auto bad = DetailsOf<google::rpc::BadRequest>(sent);
  ASSERT_EQ(bad.size(), 1u);
  EXPECT_EQ(bad[0].field_violations(0).field(), "items[2].prefix");
  EXPECT_EQ(base::FieldOf(FromGrpcStatus(sent)), "items[2].prefix");
}

TEST(RpcStatusTest, WhatMayBeTriedAgainSaysWhen) {
  const auto given = ToGrpcStatus(base::WithRetryAfter(
      absl::ResourceExhaustedError("full"), std::chrono::milliseconds(1250)));
  const auto retries = DetailsOf<google::rpc::RetryInfo>(given);
  ASSERT_EQ(retries.size(), 1u);
  EXPECT_EQ(retries[0].retry_delay().seconds(), 1);
  EXPECT_EQ(retries[0].retry_delay().nanos(), 250'000'000);
  EXPECT_EQ(base::RetryAfterOf(FromGrpcStatus(given)),
            std::chrono::milliseconds(1250));
  EXPECT_EQ(DetailsOf<google::rpc::RetryInfo>(
                ToGrpcStatus(absl::UnavailableError("down")))
                .size(),
            1u);
  EXPECT_EQ(DetailsOf<google::rpc::RetryInfo>(
                ToGrpcStatus(absl::NotFoundError("none")))
                .size(),
            0u);
}

TEST(RpcStatusTest, TextFromWithinDoesNotLeaveTheProcess) {
  ::testing::internal::CaptureStderr();
  for (const absl::Status& status :
       {absl::InternalError("dsn=secret"), absl::UnknownError("dsn=secret"),
        absl::DataLossError("dsn=secret")}) {
    const grpc::Status sent = ToGrpcStatus(status);
    EXPECT_THAT(sent.error_message(), Not(HasSubstr("secret")));
    EXPECT_THAT(sent.error_details(), Not(HasSubstr("secret")));
  }
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("secret"));
}

TEST(RpcStatusTest, DetailsThatAreNotOursAreIgnored) {
  const grpc::Status foreign(grpc::StatusCode::ABORTED, "text", "\x01garbage");
  EXPECT_EQ(FromGrpcStatus(foreign).code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace evalloop::rpc
