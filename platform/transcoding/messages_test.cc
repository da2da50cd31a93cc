#include "platform/transcoding/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "evalloop/v1/evaluator.pb.h"
#include "evalloop/v1/scorer.pb.h"
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
  const auto request = Read<v1::ListRunsRequest>(
      "", "prompt=complete&page.page_size=20&page.page_token=t");
  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->prompt(), "complete");
  EXPECT_EQ(request->page().page_size(), 20u);
  EXPECT_EQ(request->page().page_token(), "t");
}

TEST(RequestBytesTest, ARepeatedFieldTakesEachValue) {
  const auto request =
      Read<v1::ScoreRequest>("{}", "metrics=chrf&metrics=bleu");
  ASSERT_THAT(request, IsOk());
  EXPECT_THAT(request->metrics(), ElementsAre("chrf", "bleu"));
}

TEST(RequestBytesTest, ThePathWinsOverTheBody) {
  const auto request =
      Read<v1::GetRunRequest>(R"({"run_id":"body"})", "", {{"run_id", "path"}});
  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(request->run_id(), "path");
}

TEST(RequestBytesTest, WhatIsWrongIsNamed) {
  EXPECT_THAT(Read<v1::GetRunRequest>(R"({"runid":"x"})", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("runid")));
  EXPECT_THAT(Read<v1::GetRunRequest>("{", ""),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("body")));
  EXPECT_THAT(Read<v1::ListRunsRequest>("", "promt=x"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("promt: is no field of the request")));
  EXPECT_THAT(
      Read<v1::ListRunsRequest>("", "page.page_size=many"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_size")));
  EXPECT_THAT(
      Read<v1::ListRunsRequest>("", "prompt=a&prompt=b"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("given twice")));
}

TEST(RequestBytesTest, DeepNestingIsRefusedAndNotFollowed) {
  std::string body = R"({"candidate":)";
  for (int i = 0; i < 100'000; ++i) body += R"({"candidate":)";
  EXPECT_THAT(Read<v1::ScoreRequest>(body, ""),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(JsonOfTest, ZerosArePrintedUnderTheirProtoNames) {
  v1::ListRunsResponse response;
  response.add_runs()->set_run_id("r1");
  const auto text =
      JsonOf(*response.GetDescriptor(), response.SerializeAsString());
  ASSERT_THAT(text, IsOk());
  const auto json = boost::json::parse(*text).as_object();
  EXPECT_EQ(json.at("next_page_token").as_string(), "");
  EXPECT_EQ(json.at("runs").at(0).at("run_id").as_string(), "r1");
  EXPECT_EQ(text->find('\n'), std::string::npos);
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
