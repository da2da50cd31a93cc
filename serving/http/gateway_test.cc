#include "serving/http/gateway.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/testing/recording_response_writer.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class GatewayTest : public ::testing::Test {
 protected:
  http::Response Send(std::string method, std::string path, std::string body,
                      http::Headers headers = {}) {
    auto out = std::make_shared<http::RecordingResponseWriter>();
    routes_({.method = std::move(method),
             .path = std::move(path),
             .query = {},
             .headers = std::move(headers),
             .body = std::move(body),
             .identity = identity_},
            out);
    EXPECT_TRUE(out->WaitDone());
    return out->response();
  }
  http::Response Complete(std::string body, http::Headers headers = {}) {
    return Send("POST", "/v1/completions", std::move(body), std::move(headers));
  }
  static json::object Json(const http::Response& response) {
    return json::parse(response.body).as_object();
  }
  static std::string Header(const http::Response& response,
                            std::string_view name) {
    return std::string(response.headers.Find(name).value_or(""));
  }

  access::Identity identity_{.name = "editor", .role = access::Role::kFeedback};
  LiveFixture fixture_;
  Gateway gateway_{fixture_.live, fixture_.feedback, fixture_.library, {2, 8}};
  http::Handler routes_ = gateway_.Routes();
};

TEST_F(GatewayTest, AnswersACompletionInOpenAisShape) {
  const auto response =
      Complete(R"({"model":"evalloop/complete","prompt":"x = "})");
  EXPECT_EQ(response.status, 200);
  const json::object body = Json(response);
  EXPECT_EQ(body.at("object"), "text_completion");
  EXPECT_EQ(body.at("model"), "evalloop/complete");
  EXPECT_TRUE(body.at("created").is_int64());
  const json::object choice = body.at("choices").at(0).as_object();
  EXPECT_EQ(choice.at("text"), "answer");
  EXPECT_EQ(choice.at("finish_reason"), "stop");
  EXPECT_TRUE(choice.at("logprobs").is_null());
  EXPECT_EQ(body.at("usage").at("total_tokens"), 9);
  EXPECT_EQ(Header(response, "x-evalloop-revision"), "complete@1");
  EXPECT_EQ(Header(response, "x-evalloop-model"), "small");
  EXPECT_EQ(Header(response, "x-evalloop-shown"), "true");
  EXPECT_FALSE(Header(response, "x-request-id").empty());
  EXPECT_TRUE(
      fixture_.ids.Check(json::value_to<std::string>(body.at("id"))).ok());
}

TEST_F(GatewayTest, HoldsTheScopeAgainstThePrompt) {
  identity_.prompts = {"comp*"};
  EXPECT_EQ(Complete(R"({"model":"evalloop/complete","prompt":"x = "})").status,
            200);
  for (const char* const other : {"evalloop/other", "small"}) {
    const auto refused =
        Complete(fmt::format(R"({{"model":"{}","prompt":"x = "}})", other));
    EXPECT_EQ(refused.status, 403) << other;
    EXPECT_EQ(Json(refused).at("error").at("code"), "forbidden");
  }
  identity_ = {.name = "dashboard", .role = access::Role::kReader};
  EXPECT_EQ(Complete(R"({"model":"small","prompt":"x"})").status, 403);
}

TEST_F(GatewayTest, HidesAsAnEmptyTextThatStopped) {
  Revision strict = TestRevision("complete", 1);
  strict.output.min_characters = 50;
  fixture_.library.Put(strict);
  const auto response =
      Complete(R"({"model":"evalloop/complete","prompt":["x"]})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "x-evalloop-shown"), "false");
  const json::object choice = Json(response).at("choices").at(0).as_object();
  EXPECT_EQ(choice.at("text"), "");
  EXPECT_EQ(choice.at("finish_reason"), "stop");
}

TEST_F(GatewayTest, TakesMetadataFromTheBodyBeforeTheHeaders) {
  Complete(R"({"model":"small","prompt":"x","user":"u",
               "metadata":{"path":"b.py","line":"7","other":{}}})",
           {{"X-Evalloop-Path", "a.py"}, {"x-evalloop-language", "python"}});
  const Completion kept = fixture_.log.completions().at(1);
  EXPECT_EQ(kept.location.path, "b.py");
  EXPECT_EQ(kept.location.language, "python");
  EXPECT_EQ(kept.location.line, 7u);
  EXPECT_EQ(kept.user, "u");
}

TEST_F(GatewayTest, PassesUnknownMembersOn) {
  Complete(R"({"model":"small","prompt":"x","best_of":1,"a\"b":{"c":[1]},
               "index_commit":"abc","temperature":0.5,"stop":"\n"})");
  const ProviderRequest request = fixture_.provider.requests().at(0);
  EXPECT_EQ(request.extra_members, R"("best_of":1,"a\"b":{"c":[1]})");
  EXPECT_EQ(request.index_commit, "abc");
  EXPECT_EQ(request.sampling.temperature, 0.5);
  EXPECT_THAT(request.sampling.stop, ElementsAre("\n"));
}

TEST_F(GatewayTest, StreamsChunksAndEndsWithDone) {
  const auto response = Complete(
      R"({"model":"small","prompt":"x","stream":true,
          "stream_options":{"include_usage":true}})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Header(response, "content-type"), "text/event-stream");
  EXPECT_THAT(response.body, HasSubstr(R"("text":"ans")"));
  EXPECT_THAT(response.body, HasSubstr(R"("finish_reason":"stop")"));
  EXPECT_THAT(response.body, HasSubstr(R"("total_tokens":9)"));
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n")) << response.body;
}

TEST_F(GatewayTest, StreamsNothingOfAHiddenSuggestion) {
  Revision strict = TestRevision("complete", 1);
  strict.output.min_characters = 50;
  fixture_.library.Put(strict);
  const auto response =
      Complete(R"({"model":"evalloop/complete","prompt":"x","stream":true})");
  EXPECT_EQ(Header(response, "x-evalloop-shown"), "false");
  EXPECT_EQ(response.body.find("ans"), std::string::npos) << response.body;
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n"));
}

TEST_F(GatewayTest, AnswersChatInItsOwnShape) {
  const auto response =
      Send("POST", "/v1/chat/completions",
           R"({"model":"small","messages":[{"role":"user","content":
               [{"type":"text","text":"hi"}]}]})");
  const json::object body = Json(response);
  EXPECT_EQ(body.at("object"), "chat.completion");
  EXPECT_EQ(body.at("choices").at(0).at("message").at("content"), "answer");
  EXPECT_EQ(fixture_.provider.requests().at(0).messages.at(0).content, "hi");
}

TEST_F(GatewayTest, ListsPromptsAndModels) {
  const json::object list = Json(Send("GET", "/v1/models", ""));
  ASSERT_THAT(list.at("data").as_array(), SizeIs(2));
  EXPECT_EQ(list.at("data").at(0).at("id"), "evalloop/complete");
  EXPECT_EQ(list.at("data").at(1).at("id"), "small");
  const json::object small = Json(Send("GET", "/v1/models/small", ""));
  EXPECT_EQ(small, list.at("data").at(1).as_object());
  EXPECT_TRUE(small.at("family").is_string());
  EXPECT_TRUE(small.at("snapshot").is_string());
  EXPECT_EQ(Json(Send("GET", "/v1/models/evalloop/complete", "")).at("object"),
            "model");
  EXPECT_EQ(Send("GET", "/v1/models/none", "").status, 404);
}

TEST_F(GatewayTest, TakesFeedbackOnceAndInLists) {
  const std::string id = fixture_.ids.New();
  const std::string event =
      R"({"completion_id":")" + id + R"(","event":"accepted","text":"x"})";
  EXPECT_EQ(Send("POST", "/v1/feedback", event).status, 200);
  EXPECT_EQ(
      Send("POST", "/v1/feedback", R"({"events":[)" + event + "]}").status,
      200);
  const auto kept = fixture_.log.feedback();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(FeedbackEventId(kept[0]), FeedbackEventId(kept[1]));
}

TEST_F(GatewayTest, TakesNothingOfAListWithAForgedId) {
  const std::string good =
      R"({"completion_id":")" + fixture_.ids.New() + R"(","event":"shown"})";
  const std::string forged = R"({"completion_id":"cmpl-AAAA","event":"shown"})";
  const auto response = Send("POST", "/v1/feedback",
                             R"({"events":[)" + good + "," + forged + "]}");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(Json(response).at("error").at("code"), "completion_not_found");
  EXPECT_THAT(fixture_.log.feedback(), SizeIs(0));
}

struct BadRequest {
  const char* path;
  const char* body;
  int status;
  const char* param;
};

class BadRequestTest : public GatewayTest,
                       public ::testing::WithParamInterface<BadRequest> {};

TEST_P(BadRequestTest, NamesTheField) {
  const auto response = Send("POST", GetParam().path, GetParam().body);
  EXPECT_EQ(response.status, GetParam().status) << response.body;
  const json::object error = Json(response).at("error").as_object();
  EXPECT_EQ(error.at("type"), "invalid_request_error");
  if (*GetParam().param == '\0') {
    EXPECT_TRUE(error.at("param").is_null()) << response.body;
  } else {
    EXPECT_EQ(error.at("param"), GetParam().param) << response.body;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Gateway, BadRequestTest,
    ::testing::Values(
        BadRequest{"/v1/completions", "{", 400, ""},
        BadRequest{"/v1/completions", "[]", 400, ""},
        BadRequest{"/v1/completions", R"({"prompt":"x"})", 400, "model"},
        BadRequest{"/v1/completions", R"({"model":"small"})", 400, "prompt"},
        BadRequest{"/v1/completions", R"({"model":"small","prompt":[1]})", 400,
                   "prompt"},
        BadRequest{"/v1/completions", R"({"model":"small","prompt":["a","b"]})",
                   400, "prompt"},
        BadRequest{"/v1/completions", R"({"model":"small","prompt":"x","n":2})",
                   400, "n"},
        BadRequest{"/v1/completions",
                   R"({"model":"small","prompt":"x","max_tokens":"many"})", 400,
                   "max_tokens"},
        BadRequest{"/v1/completions",
                   R"({"model":"small","prompt":"x","stop":[1]})", 400, "stop"},
        BadRequest{"/v1/completions",
                   R"({"model":"small","prompt":"x","metadata":{"line":-1}})",
                   400, "metadata.line"},
        BadRequest{"/v1/completions", R"({"model":"none","prompt":"x"})", 404,
                   "model"},
        BadRequest{"/v1/completions",
                   R"({"model":"evalloop/none","prompt":"x"})", 404, "model"},
        BadRequest{"/v1/chat/completions", R"({"model":"small"})", 400,
                   "messages"},
        BadRequest{"/v1/chat/completions",
                   R"({"model":"small","messages":[{"role":"user",
                       "content":[{"type":"image_url"}]}]})",
                   400, "messages[0].content"},
        BadRequest{"/v1/feedback", R"({"event":"shown"})", 400,
                   "completion_id"},
        BadRequest{"/v1/feedback",
                   R"({"completion_id":"cmpl-A","event":"loved"})", 400,
                   "event"},
        BadRequest{"/v1/feedback", R"({"events":[{"completion_id":"a"}]})", 400,
                   "events[0].event"},
        BadRequest{"/v1/feedback",
                   R"({"completion_id":"cmpl-A","event":"shown"})", 404, ""}));

struct ProviderFailure {
  absl::Status status;
  int http_status;
  const char* code;
};

class ProviderFailureTest
    : public GatewayTest,
      public ::testing::WithParamInterface<ProviderFailure> {};

TEST_P(ProviderFailureTest, HasItsOwnHttpStatus) {
  fixture_.provider.Next(GetParam().status);
  const auto response = Complete(R"({"model":"small","prompt":"x"})");
  EXPECT_EQ(response.status, GetParam().http_status);
  EXPECT_EQ(Json(response).at("error").at("code"), GetParam().code);
  if (response.status == 429) {
    EXPECT_EQ(Header(response, "retry-after"), "3");
  }
  if (response.status == 500) {
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Gateway, ProviderFailureTest,
    ::testing::Values(
        ProviderFailure{absl::UnavailableError("x"), 503,
                        "provider_unavailable"},
        ProviderFailure{base::WithRetryAfter(absl::ResourceExhaustedError("x"),
                                             std::chrono::milliseconds(2'500)),
                        429, "rate_limit_exceeded"},
        ProviderFailure{absl::DeadlineExceededError("x"), 504, "timeout"},
        ProviderFailure{absl::PermissionDeniedError("x"), 502,
                        "provider_refused"},
        ProviderFailure{absl::InternalError("secret"), 500, "internal_error"}));

}  // namespace
}  // namespace evalloop::serving
