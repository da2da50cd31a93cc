#include "platform/transcoding/messages.h"

#include <gmock/gmock.h>
#include <google/api/http.pb.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "platform/rpc/probe.pb.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::transcoding {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

template <class Message>
absl::StatusOr<Message> Read(std::string_view body, std::string_view query,
                             std::vector<Binding> path = {}) {
  auto bindings = ParseQuery(query);
  if (!bindings.ok()) return bindings.status();
  bindings->insert(bindings->end(), path.begin(), path.end());
  const auto bytes = RequestBytes(*Message::descriptor(), body, *bindings);
  if (!bytes.ok()) return bytes.status();
  Message message;
  EXPECT_TRUE(message.ParseFromString(*bytes));
  return message;
}

TEST(ParseQueryTest, DecodesNamesAndValues) {
  const auto read = ParseQuery("a=1&b.c=x%20y+z&&flag&a=%26");
  ASSERT_THAT(read, IsOk());
  EXPECT_THAT(*read, ElementsAre(Pair("a", "1"), Pair("b.c", "x y z"),
                                 Pair("flag", ""), Pair("a", "&")));
  EXPECT_THAT(ParseQuery("a=%z1"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(RequestBytesTest, QueryFillsFieldsAtAnyDepth) {
  const auto rule = Read<google::api::HttpRule>(
      "", "selector=s&custom.kind=HEAD&custom.path=%2Fx");
  ASSERT_THAT(rule, IsOk());
  EXPECT_EQ(rule->selector(), "s");
  EXPECT_EQ(rule->custom().kind(), "HEAD");
  EXPECT_EQ(rule->custom().path(), "/x");
}

TEST(RequestBytesTest, QueryFillsNumbersDurationsAndTruthValues) {
  const auto status = Read<google::rpc::Status>("", "code=5");
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->code(), 5);
  const auto retry = Read<google::rpc::RetryInfo>("", "retry_delay=1.5s");
  ASSERT_THAT(retry, IsOk());
  EXPECT_EQ(retry->retry_delay().nanos(), 500'000'000);
  const auto http =
      Read<google::api::Http>("", "fully_decode_reserved_expansion=true");
  ASSERT_THAT(http, IsOk());
  EXPECT_TRUE(http->fully_decode_reserved_expansion());
}

TEST(RequestBytesTest, AListsQueryFillsItsPageAndItsReadMask) {
  for (const char* query :
       {"read_mask=run_id,metrics.p10&page.page_size=7&page.page_token=a-_b",
        "read_mask=runId%2Cmetrics.p10&page.page_token=a-_b&page.page_size="
        "7"}) {
    const auto list = Read<rpc::probe::v1::NameRequest>("", query);
    ASSERT_THAT(list, IsOk()) << query;
    EXPECT_THAT(list->read_mask().paths(),
                ElementsAre("run_id", "metrics.p10"));
    EXPECT_EQ(list->page().page_size(), 7u);
    EXPECT_EQ(list->page().page_token(), "a-_b");
  }
}

TEST(RequestBytesTest, ARepeatedFieldTakesEachValue) {
  const auto info =
      Read<google::rpc::DebugInfo>("{}", "stack_entries=a&stack_entries=b");
  ASSERT_THAT(info, IsOk());
  EXPECT_THAT(info->stack_entries(), ElementsAre("a", "b"));
}

TEST(RequestBytesTest, ThePathWinsOverTheBody) {
  const auto status = Read<google::rpc::Status>(R"({"message":"body"})", "",
                                                {{"message", "path"}});
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->message(), "path");
}

TEST(RequestBytesTest, WhatIsWrongIsNamed) {
  const auto refused = [](std::string_view body, std::string_view query) {
    const auto read = Read<google::rpc::Status>(body, query);
    EXPECT_THAT(read, StatusIs(absl::StatusCode::kInvalidArgument));
    return std::string(read.status().message());
  };
  EXPECT_THAT(refused(R"({"mesage":"x"})", ""), HasSubstr("mesage"));
  EXPECT_THAT(refused("{", ""), HasSubstr("body"));
  EXPECT_THAT(refused("", "mesage=x"),
              HasSubstr("mesage: is no field of the request"));
  EXPECT_THAT(refused("", "code=many"), HasSubstr("code"));
  EXPECT_THAT(refused("", "code=1&code=2"), HasSubstr("given twice"));
}

TEST(RequestBytesTest, DeepNestingIsRefusedAndNotFollowed) {
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += R"({"additional_bindings":[)";
  EXPECT_THAT(Read<google::api::HttpRule>(body, ""),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JsonOfTest, ZerosArePrintedUnderTheirProtoNames) {
  google::rpc::DebugInfo info;
  info.add_stack_entries("a");
  const auto text = JsonOf(*info.GetDescriptor(), info.SerializeAsString());
  ASSERT_THAT(text, IsOk());
  EXPECT_EQ(*text, R"({"stack_entries":["a"],"detail":""})");
}

TEST(ErrorJsonTest, HasTheCodesOfBothWorlds) {
  const auto json =
      boost::json::parse(ErrorJson({grpc::NOT_FOUND, "run r1: not found"}))
          .at("error")
          .as_object();
  EXPECT_EQ(json.at("code").as_int64(), 404);
  EXPECT_EQ(json.at("status").as_string(), "NOT_FOUND");
  EXPECT_EQ(json.at("message").as_string(), "run r1: not found");
}

}  // namespace
}  // namespace evalloop::transcoding
