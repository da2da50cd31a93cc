#include "serving/provider/openai_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"
#include "serving/testing/fixtures.h"

namespace evalloop::serving {
namespace {

using testing::StatusIs;

TEST(OpenAiBodyTest, SaysWhatTheRequestHolds) {
  ProviderRequest request;
  request.prompt = "a\n\"b";
  request.suffix = "c";
  request.sampling.max_tokens = 9;
  request.sampling.stop = {"\n"};
  request.token_probabilities = true;
  request.index_commit = "not for this provider";
  request.extra_members = R"("best_of":1)";
  const auto body =
      boost::json::parse(OpenAiBody(TestModel(), request, false)).as_object();
  EXPECT_EQ(body.at("model"), "small-id");
  EXPECT_EQ(body.at("prompt"), "a\n\"b");
  EXPECT_EQ(body.at("suffix"), "c");
  EXPECT_EQ(body.at("max_tokens"), 9);
  EXPECT_EQ(body.at("logprobs"), 1);
  EXPECT_EQ(body.at("best_of"), 1);
  EXPECT_FALSE(body.contains("index_commit"));
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_FALSE(body.contains("stream"));
}

TEST(OpenAiBodyTest, TellsTheEmbeddedModelWhereTheCursorStands) {
  Model model = TestModel();
  model.provider = ProviderKind::kEmbedded;
  ProviderRequest request;
  request.index_commit = "abc";
  request.location = {.repository = "r", .path = "p.py", .language = "python"};
  const auto body =
      boost::json::parse(OpenAiBody(model, request, true)).as_object();
  EXPECT_EQ(body.at("index_commit"), "abc");
  EXPECT_EQ(body.at("metadata").at("path"), "p.py");
  EXPECT_EQ(body.at("stream"), true);
}

TEST(OpenAiAnswerTest, ReadsTextTokensAndUsage) {
  ASSERT_OK_AND_ASSIGN(const ProviderAnswer answer, ParseOpenAiAnswer(R"({
    "index_commit":"abc","model":"small-2","system_fingerprint":"fp_1",
    "choices":[{"text":"a b","finish_reason":"length","logprobs":{
      "tokens":["a"," b"],"token_logprobs":[-0.5,null],
      "evalloop":{"order":[3,null],"support":[7,0]}}}],
    "usage":{"prompt_tokens":4,"completion_tokens":2}})"));
  EXPECT_EQ(answer.text, "a b");
  EXPECT_EQ(answer.reported_model, "small-2");
  EXPECT_EQ(answer.system_fingerprint, "fp_1");
  EXPECT_EQ(answer.finish_reason, "length");
  EXPECT_EQ(answer.index_commit, "abc");
  EXPECT_EQ(answer.prompt_tokens, 4u);
  ASSERT_EQ(answer.tokens.size(), 2u);
  EXPECT_EQ(answer.tokens[0].log_probability, -0.5);
  EXPECT_EQ(answer.tokens[0].order, 3u);
  EXPECT_EQ(answer.tokens[0].support, 7u);
  EXPECT_FALSE(answer.tokens[1].order.has_value());
  EXPECT_LT(answer.tokens[1].log_probability, -100);
}

TEST(OpenAiAnswerTest, ReadsChatsForm) {
  ASSERT_OK_AND_ASSIGN(const ProviderAnswer answer, ParseOpenAiAnswer(R"({
    "choices":[{"message":{"content":"hi"},"logprobs":{"content":[
      {"token":"hi","logprob":-1}]}}]})"));
  EXPECT_EQ(answer.text, "hi");
  EXPECT_EQ(answer.tokens.size(), 1u);
  EXPECT_EQ(answer.completion_tokens, 1u);
}

TEST(OpenAiAnswerTest, RefusesWhatIsNoAnswer) {
  for (const char* body : {"", "<html>", "[]", "{}", R"({"choices":[]})"}) {
    EXPECT_THAT(ParseOpenAiAnswer(body), StatusIs(absl::StatusCode::kInternal))
        << body;
  }
}

TEST(OpenAiErrorTest, TellsTheCallersFaultFromTheServers) {
  const auto code = [](int status) {
    return StatusOfOpenAiError({.status = status, .headers = {}, .body = "x"})
        .code();
  };
  EXPECT_EQ(code(400), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(401), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(500), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(302), absl::StatusCode::kUnavailable);
  const absl::Status limited =
      StatusOfOpenAiError({.status = 429,
                           .headers = {{"Retry-After", "7"}},
                           .body = R"({"error":{"message":"slow down"}})"});
  EXPECT_THAT(limited, StatusIs(absl::StatusCode::kResourceExhausted,
                                ::testing::HasSubstr("slow down")));
  EXPECT_EQ(base::RetryAfterOf(limited), std::chrono::seconds(7));
}

constexpr char kStream[] =
    "data: {\"choices\":[{\"text\":\"re\"}]}\r\n\r\n"
    ": ping\n\n"
    "data: {\"choices\":[{\"text\":\"turn\",\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
    "\"completion_tokens\":2}}\n\n"
    "data: [DONE]\n\n";

TEST(OpenAiStreamTest, IsTheSameHoweverItIsCut) {
  const std::string_view all = kStream;
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    OpenAiStream stream;
    std::string text;
    for (const auto part : {all.substr(0, cut), all.substr(cut)}) {
      const auto piece = stream.Feed(part);
      ASSERT_TRUE(piece.ok()) << piece.status();
      text += *piece;
    }
    ASSERT_OK_AND_ASSIGN(const ProviderAnswer answer,
                         std::move(stream).Finish());
    EXPECT_EQ(text, "return");
    EXPECT_EQ(answer.text, "return");
    EXPECT_EQ(answer.prompt_tokens, 3u);
  }
}

TEST(OpenAiStreamTest, NoticesABrokenStreamAndAReportedError) {
  OpenAiStream broken;
  ASSERT_TRUE(broken.Feed("data: {\"choices\":[{\"text\":\"re\"}]}\n\n").ok());
  EXPECT_THAT(std::move(broken).Finish(),
              StatusIs(absl::StatusCode::kUnavailable));
  OpenAiStream failed;
  EXPECT_THAT(failed.Feed("data: {\"error\":{\"message\":\"oom\"}}\n\n"),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace evalloop::serving
