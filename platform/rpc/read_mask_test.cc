#include "platform/rpc/read_mask.h"

#include <gmock/gmock.h>
#include <google/api/http.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::rpc {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::HasSubstr;

google::api::HttpRule Rule() {
  google::api::HttpRule rule;
  rule.set_selector("s");
  rule.set_body("*");
  rule.mutable_custom()->set_kind("HEAD");
  rule.mutable_custom()->set_path("/x");
  return rule;
}

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

TEST(ReadMaskTest, KeepsWhatItNamesAtAnyDepth) {
  google::protobuf::RepeatedPtrField<google::api::HttpRule> rules;
  *rules.Add() = Rule();
  *rules.Add() = Rule();
  ASSERT_THAT(ApplyReadMask(Mask({"selector", "custom.path"}), rules), IsOk());
  for (const auto& rule : rules) {
    EXPECT_EQ(rule.selector(), "s");
    EXPECT_EQ(rule.body(), "");
    EXPECT_EQ(rule.custom().path(), "/x");
    EXPECT_EQ(rule.custom().kind(), "");
  }
}

TEST(ReadMaskTest, AnEmptyMaskAndAStarKeepAll) {
  for (const auto& mask : {Mask({}), Mask({"*"})}) {
    google::protobuf::RepeatedPtrField<google::api::HttpRule> rules;
    *rules.Add() = Rule();
    ASSERT_THAT(ApplyReadMask(mask, rules), IsOk());
    EXPECT_EQ(rules[0].SerializeAsString(), Rule().SerializeAsString());
  }
}

TEST(ReadMaskTest, AnUnknownPathIsAnsweredWithThoseThatAre) {
  google::protobuf::RepeatedPtrField<google::rpc::Status> none;
  for (const char* path : {"mesage", "details.value", "", "code.x"}) {
    const auto status = ApplyReadMask(Mask({path}), none);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                 HasSubstr("code, message, details")))
        << path;
    EXPECT_EQ(base::FieldOf(status), "read_mask");
  }
  google::protobuf::FieldMask many;
  for (int i = 0; i < 101; ++i) many.add_paths("code");
  EXPECT_THAT(ApplyReadMask(many, none),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace evalloop::rpc
