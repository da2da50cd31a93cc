#include "model_server/http/model_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "model_server/domain/index_builder.h"
#include "model_server/domain/trainer.h"
#include "model_server/store/folder_artefact_store.h"
#include "model_server/testing/temporary_repository.h"
#include "platform/http/client.h"
#include "platform/http/json.h"
#include "platform/http/server.h"
#include "platform/http/sse.h"

namespace evalloop::model_server {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

// A server on a free port, with one model of a small repository: its first
// commit is trained on, the second adds a line.
class ModelRoutesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string text;
    for (int i = 0; i < 5; ++i) text += "total = add(total, value);\n";
    first_ = repository_.Commit("a.cc", text);
    second_ = repository_.Commit(
        "a.cc", text + "planted = secret(later);\nplanted = secret(later);\n");
    auto opened = code_analysis::Repository::Open(repository_.path());
    ASSERT_TRUE(opened.ok());
    auto trained = Train(*opened,
                         {.repository_name = repository_.path(),
                          .commit = first_,
                          .fit_commits = 10},
                         [](std::string_view, double) {});
    ASSERT_TRUE(trained.ok()) << trained.status();
    auto saved = store_.Save(*trained->base);
    ASSERT_TRUE(saved.ok());
    digest_ = saved->digest;
    http::Router router;
    routes_.AddTo(router);
    auto server =
        http::Server::Start({.port = 0}, std::move(router).AsHandler());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  void TearDown() override {
    if (server_) server_->Stop(std::chrono::seconds(1));
  }

  http::ClientResponse Call(std::string method, const std::string& path,
                            const json::object& body = {}) {
    http::ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path;
    if (method == "POST") {
      request.headers.Add("content-type", "application/json");
      request.body = json::serialize(body);
    }
    request.method = std::move(method);
    auto response = client_.Fetch(std::move(request));
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(http::ClientResponse());
  }
  json::object Answer(const http::ClientResponse& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    auto parsed = http::ParseJsonObject(response.body);
    EXPECT_TRUE(parsed.ok()) << response.body;
    return parsed.value_or(json::object());
  }
  json::object Question(std::string prompt) {
    return {{"model", "ngram-" + digest_.substr(0, 12)},
            {"prompt", std::move(prompt)},
            {"logprobs", 1},
            {"metadata", json::object{{"path", "open.cc"}}}};
  }
  std::string Text(const json::object& answer) {
    return std::string(answer.at("choices").at(0).at("text").as_string());
  }

  testing::TemporaryRepository repository_;
  testing::TemporaryFolder folder_;
  FolderArtefactStore store_{folder_.path()};
  ModelLibrary library_{store_};
  telemetry::Registry registry_;
  ModelRoutes routes_{library_, registry_};
  std::unique_ptr<http::Server> server_;
  http::Client client_;
  std::string first_;
  std::string second_;
  std::string digest_;
};

TEST_F(ModelRoutesTest, CompletesWithTokenLogprobsThatAddUp) {
  const auto answer =
      Answer(Call("POST", "/v1/completions", Question("x;\ntotal = ad")));
  EXPECT_EQ(Text(answer), "d(total, value);");
  EXPECT_EQ(answer.at("index_commit").as_string(), first_);
  EXPECT_EQ(answer.at("system_fingerprint").as_string(), digest_);
  const auto& choice = answer.at("choices").at(0).as_object();
  EXPECT_EQ(choice.at("finish_reason").as_string(), "stop");
  const auto& logprobs = choice.at("logprobs").as_object();
  const auto& tokens = logprobs.at("tokens").as_array();
  ASSERT_EQ(tokens.size(), logprobs.at("token_logprobs").as_array().size());
  const auto& extension = logprobs.at("evalloop").as_object();
  EXPECT_EQ(tokens.size(), extension.at("order").as_array().size());
  EXPECT_EQ(tokens.size(), extension.at("support").as_array().size());
  std::string joined;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    EXPECT_EQ(logprobs.at("text_offset").at(i).to_number<std::size_t>(),
              joined.size());
    joined += std::string_view(tokens[i].as_string());
    EXPECT_LE(logprobs.at("token_logprobs").at(i).to_number<double>(), 1e-9);
  }
  EXPECT_EQ(joined, Text(answer));
  EXPECT_EQ(answer.at("usage").at("completion_tokens").to_number<int>(),
            static_cast<int>(tokens.size()));
}

TEST_F(ModelRoutesTest, StreamsTheSameTextAndEndsWithDone) {
  auto question = Question("x;\ntotal = ");
  const std::string whole =
      Text(Answer(Call("POST", "/v1/completions", question)));
  question["stream"] = true;
  const auto response = Call("POST", "/v1/completions", question);
  EXPECT_EQ(response.status, 200);
  std::vector<std::string> events;
  http::SseParser parser;
  ASSERT_TRUE(parser
                  .Feed(response.body,
                        [&](const http::SseEvent& event) {
                          events.push_back(event.data);
                        })
                  .ok());
  ASSERT_GT(events.size(), 2U);
  EXPECT_EQ(events.back(), "[DONE]");
  events.pop_back();
  std::string text;
  for (const std::string& event : events) {
    text += Text(*http::ParseJsonObject(event));
  }
  EXPECT_EQ(text, whole);
  EXPECT_EQ(http::ParseJsonObject(events.back())
                ->at("choices")
                .at(0)
                .at("finish_reason")
                .as_string(),
            "stop");
}

TEST_F(ModelRoutesTest, AnIndexAtTheParentNeverKnowsTheLaterLine) {
  auto question = Question("x;\nplanted = ");
  question["index_commit"] = second_;
  const auto later = Answer(Call("POST", "/v1/completions", question));
  EXPECT_EQ(Text(later), "secret(later);");
  EXPECT_EQ(later.at("index_commit").as_string(), second_);
  question["index_commit"] = first_;
  question["n"] = 8;
  const auto response = Call("POST", "/v1/completions", question);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("secret")));
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("later")));
}

TEST_F(ModelRoutesTest, IndexingMovesTheFollowingIndex) {
  const json::object move = {{"model", digest_},
                             {"repository", repository_.path()},
                             {"commit", "HEAD"}};
  for (int again = 0; again < 2; ++again) {
    const auto moved = Answer(Call("POST", "/v1/index", move));
    EXPECT_EQ(moved.at("index_commit").as_string(), second_);
  }
  const auto answer =
      Answer(Call("POST", "/v1/completions", Question("x;\nplanted = ")));
  EXPECT_EQ(Text(answer), "secret(later);");
  EXPECT_EQ(answer.at("index_commit").as_string(), second_);
}

TEST_F(ModelRoutesTest, AnUnknownCommitIsAConflict) {
  auto question = Question("total = ");
  question["index_commit"] = std::string(40, '1');
  const auto response = Call("POST", "/v1/completions", question);
  EXPECT_EQ(response.status, 409) << response.body;
  EXPECT_THAT(response.body, HasSubstr("index_commit_unknown"));
}

TEST_F(ModelRoutesTest, AnUnknownModelIs404AndABadBody400) {
  auto question = Question("total = ");
  question["model"] = "gpt-17";
  EXPECT_EQ(Call("POST", "/v1/completions", question).status, 404);
  question["model"] = "ngram-0123456789ab";
  EXPECT_EQ(Call("POST", "/v1/completions", question).status, 404);
  question["prompt"] = 7;
  EXPECT_EQ(Call("POST", "/v1/completions", question).status, 400);
  EXPECT_EQ(Call("POST", "/v1/completions").status, 400);
  EXPECT_EQ(Call("POST", "/v1/models/load", {{"digest", "zz"}}).status, 404);
}

TEST_F(ModelRoutesTest, ListsAndLoadsModels) {
  auto listed = Answer(Call("GET", "/v1/models"));
  EXPECT_FALSE(listed.at("data").at(0).at("loaded").as_bool());
  Answer(Call("POST", "/v1/models/load", {{"digest", digest_}}));
  listed = Answer(Call("GET", "/v1/models"));
  EXPECT_TRUE(listed.at("data").at(0).at("loaded").as_bool());
  EXPECT_EQ(listed.at("data").at(0).at("id").as_string(),
            "ngram-" + digest_.substr(0, 12));
}

TEST_F(ModelRoutesTest, AStopTextEndsTheAnswer) {
  auto question = Question("x;\ntotal = ");
  question["stop"] = json::array{", "};
  const auto answer = Answer(Call("POST", "/v1/completions", question));
  EXPECT_EQ(Text(answer), "add(total");
}

TEST_F(ModelRoutesTest, BestOfGivesTheBeamsBestFirst) {
  auto question = Question("x;\n");
  question["best_of"] = 4;
  const auto answer = Answer(Call("POST", "/v1/completions", question));
  const auto& choices = answer.at("choices").as_array();
  EXPECT_GT(choices.size(), 1U);
  EXPECT_LE(choices.size(), 4U);
}

}  // namespace
}  // namespace evalloop::model_server
