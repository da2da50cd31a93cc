#include "cli/gateway_suggester.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "platform/http/server.h"

namespace evalloop::cli {
namespace {

using ::testing::ElementsAre;

// A gateway that answers from a list and keeps what it was sent.
class GatewaySuggesterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = http::Server::Start(
        {}, [this](http::Request request,
                   std::shared_ptr<http::ResponseWriter> out) {
          const std::lock_guard lock(mutex_);
          bodies_.push_back(request.path + " " + request.body);
          if (next_ < answers_.size()) {
            out->Send(answers_[next_++]);
          } else {
            out->Send(http::JsonResponse(200, "{}"));
          }
        });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    GatewaySuggester::Options options;
    options.gateway_url = "http://127.0.0.1:" + std::to_string(server_->port());
    options.model = "evalloop/complete-line@3";
    options.repository = "/r";
    options.user = "u";
    options.session = "s";
    options.pin_index = true;
    suggester_.emplace(options, client_, terminal_);
    suggester_->StandAt("abc");
  }
  void TearDown() override { server_->Stop(std::chrono::milliseconds(100)); }

  void Answer(int status, std::string body, std::string shown) {
    http::Response response = http::JsonResponse(status, std::move(body));
    if (!shown.empty()) response.headers.Add("x-evalloop-shown", shown);
    response.headers.Add("x-evalloop-revision", "complete-line@3");
    answers_.push_back(std::move(response));
  }
  boost::json::value Sent(std::size_t index) {
    const std::string& body = bodies_.at(index);
    return boost::json::parse(body.substr(body.find(' ') + 1));
  }

  static replay::Cursor At() {
    replay::Cursor cursor;
    cursor.path = "a.cc";
    cursor.language = "cpp";
    cursor.line = 3;
    cursor.column = 4;
    cursor.prefix = "int ";
    cursor.suffix = "int z;\n";
    return cursor;
  }

  std::mutex mutex_;
  std::vector<http::Response> answers_;
  std::size_t next_ = 0;
  std::vector<std::string> bodies_;
  std::unique_ptr<http::Server> server_;
  http::Client client_;
  Terminal terminal_;
  std::optional<GatewaySuggester> suggester_;
};

TEST_F(GatewaySuggesterTest, SendsTheCursorAndReadsTheSuggestion) {
  Answer(200, R"({"id":"cmpl-1","choices":[{"text":"x = 1;"}]})", "true");
  const auto suggestion = suggester_->Suggest(At());
  ASSERT_TRUE(suggestion.ok()) << suggestion.status();
  EXPECT_EQ(suggestion->completion_id, "cmpl-1");
  EXPECT_EQ(suggestion->text, "x = 1;");
  EXPECT_TRUE(suggestion->shown);
  EXPECT_EQ(suggester_->answered(), 1);
  const auto body = Sent(0);
  EXPECT_EQ(body.at("model").as_string(), "evalloop/complete-line@3");
  EXPECT_EQ(body.at("prompt").as_string(), "int ");
  EXPECT_EQ(body.at("suffix").as_string(), "int z;\n");
  EXPECT_EQ(body.at("metadata").at("commit").as_string(), "abc");
  EXPECT_EQ(body.at("index_commit").as_string(), "abc");
  EXPECT_EQ(body.at("metadata").at("path").as_string(), "a.cc");
  EXPECT_EQ(body.at("metadata").at("line").to_number<int>(), 3);
  EXPECT_EQ(body.at("metadata").at("session").as_string(), "s");
}

TEST_F(GatewaySuggesterTest, TakesAHiddenSuggestionAsNotShown) {
  Answer(200, R"({"id":"cmpl-1","choices":[{"text":""}]})", "false");
  const auto suggestion = suggester_->Suggest(At());
  ASSERT_TRUE(suggestion.ok());
  EXPECT_FALSE(suggestion->shown);
}

TEST_F(GatewaySuggesterTest, ReportsLikeAnEditor) {
  ASSERT_TRUE(suggester_->Report({"c1", true, true, "x = 1;"}).ok());
  ASSERT_TRUE(suggester_->Report({"c2", true, false, "x = 2;"}).ok());
  ASSERT_TRUE(suggester_->Report({"c3", false, false, "x = 3;"}).ok());
  std::vector<std::string> events;
  for (std::size_t i = 0; i < bodies_.size(); ++i) {
    const auto body = Sent(i);
    events.emplace_back(body.at("event").as_string());
    const bool has_text = body.as_object().contains("text");
    EXPECT_EQ(has_text, events.back() != "shown");
  }
  EXPECT_THAT(events,
              ElementsAre("shown", "accepted", "shown", "rejected", "typed"));
}

TEST_F(GatewaySuggesterTest, AsksAgainWhileTheModelIsAway) {
  Answer(503, "{}", "");
  Answer(200, R"({"id":"cmpl-1","choices":[{"text":"x"}]})", "true");
  EXPECT_TRUE(suggester_->Suggest(At()).ok());
  EXPECT_EQ(bodies_.size(), 2u);
}

TEST_F(GatewaySuggesterTest, NamesARefusal) {
  Answer(400, R"({"error":{"message":"bad suffix"}})", "");
  const auto refused = suggester_->Suggest(At());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(std::string(refused.status().message()).find("bad suffix"),
            std::string::npos);
}

TEST_F(GatewaySuggesterTest, ReadsWhichRevisionAnswers) {
  Answer(200, R"({"id":"cmpl-1","choices":[{"text":"x"}]})", "true");
  const auto version = suggester_->RevisionInForce();
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(*version, 3u);
}

}  // namespace
}  // namespace evalloop::cli
