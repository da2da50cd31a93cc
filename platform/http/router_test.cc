#include "platform/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "platform/testing/recording_response_writer.h"

namespace evalloop::http {
namespace {

using ::testing::HasSubstr;

Handler Says(std::string text) {
  return [text](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    Response response;
    response.body = text;
    out->Send(std::move(response));
  };
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/v1/models", access::Role::kReader, Says("list"));
    router_.Add("POST", "/v1/models", access::Role::kAdmin, Says("add"));
    router_.AddPrefix("GET", "/v1/", access::Role::kReader, Says("v1"));
    router_.AddPrefix("GET", "/v1/models/", access::Role::kReader, Says("one"));
  }

  Response Ask(std::string method, std::string path,
               access::Role role = access::Role::kAdmin) {
    const auto out = std::make_shared<RecordingResponseWriter>();
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.identity = {.name = "somebody", .role = role};
    router_.Handle(std::move(request), out);
    return out->response();
  }

  Router router_;
};

TEST_F(RouterTest, ExactPathsWinOverPrefixesAndLongPrefixesOverShort) {
  EXPECT_EQ(Ask("GET", "/v1/models").body, "list");
  EXPECT_EQ(Ask("POST", "/v1/models").body, "add");
  EXPECT_EQ(Ask("GET", "/v1/models/x").body, "one");
  EXPECT_EQ(Ask("GET", "/v1/other").body, "v1");
}

TEST_F(RouterTest, UnknownPathsAre404) {
  const Response response = Ask("GET", "/v2/models");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("/v2/models"));
}

TEST_F(RouterTest, OtherMethodsAre405AndNameTheAllowedOnes) {
  const Response response = Ask("DELETE", "/v1/models");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Find("Allow"), "GET, POST");
}

TEST_F(RouterTest, ARoleThatIsNotEnoughIs403AndNamesTheNeededOne) {
  EXPECT_EQ(Ask("GET", "/v1/models", access::Role::kReader).status, 200);
  EXPECT_EQ(Ask("GET", "/v1/models/x", access::Role::kNone).status, 403);
  EXPECT_EQ(Ask("HEAD", "/v1/models", access::Role::kFeedback).status, 403);
  const Response response = Ask("POST", "/v1/models", access::Role::kPublisher);
  EXPECT_EQ(response.status, 403);
  EXPECT_THAT(response.body,
              HasSubstr("somebody is publisher; this asks for admin"));
}

TEST_F(RouterTest, OpenRoutesAskNobody) {
  router_.AddOpen("GET", "/healthz", Says("alive"));
  EXPECT_EQ(Ask("GET", "/healthz", access::Role::kNone).body, "alive");
}

TEST_F(RouterTest, HeadIsServedByGet) {
  EXPECT_EQ(Ask("HEAD", "/v1/models").status, 200);
}

TEST(MessageTest, QueryParametersAreDecoded) {
  EXPECT_EQ(QueryParameter("a=1&b=x%20y&c", "b"), "x y");
  EXPECT_EQ(QueryParameter("a=1&b=x%20y&c", "c"), "");
  EXPECT_EQ(QueryParameter("a=1", "d"), std::nullopt);
  EXPECT_EQ(QueryParameter("a=%zz", "a"), std::nullopt);
  EXPECT_EQ(PercentDecode("%2"), std::nullopt);
  EXPECT_EQ(PercentDecode("%2F"), "/");
}

TEST(MessageTest, ErrorsHaveTheShapeThatOpenAiClientsRead) {
  EXPECT_EQ(ErrorResponse(400, "invalid_request_error", "say \"what\"",
                          "missing", "prompt")
                .body,
            R"({"error":{"message":"say \"what\"",)"
            R"("type":"invalid_request_error","param":"prompt",)"
            R"("code":"missing"}})");
}

}  // namespace
}  // namespace evalloop::http
