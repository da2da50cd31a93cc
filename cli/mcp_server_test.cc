// The protocol, without any service behind it.
#include "cli/mcp_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <future>
#include <random>

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

// "echo" gives its arguments back, "wait" waits for its cancellation, "fail"
// fails, "count" tells progress.
class FakeTools final : public Toolbox {
 public:
  FakeTools() {
    for (const char* const name : {"echo", "wait", "fail", "count"}) {
      tools_.push_back({.name = name,
                        .title = "Title",
                        .description = "Words.",
                        .input_schema = {{"type", "object"}},
                        .read_only = tools_.empty(),
                        .destructive = tools_.size() == 1});
    }
  }

  const std::vector<Tool>& tools() const override { return tools_; }

  ToolAnswer Call(
      const Tool& tool, const json::object& arguments, std::stop_token stop,
      const std::function<void(const ToolProgress&)>& report) override {
    if (tool.name == "wait") {
      waiting.set_value();
      std::promise<void> stopped;
      const std::stop_callback on_stop(stop, [&] { stopped.set_value(); });
      stopped.get_future().wait();
      ++stops;
    }
    if (tool.name == "count" && report) {
      report({.done = 1, .total = 2, .words = "half"});
      report({.done = 1, .total = 2, .words = "not more"});
    }
    const std::string text = json::serialize(arguments);
    return {.is_error = tool.name == "fail", .text = text, .structured = text};
  }

  std::promise<void> waiting;
  std::atomic<int> stops = 0;

 private:
  std::vector<Tool> tools_;
};

class McpServerTest : public ::testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.version = "1.2.3";
    server_ = std::make_unique<Server>(
        tools_,
        [this](std::string_view line) {
          const std::lock_guard lock(mu_);
          said_.push_back(json::parse(std::string(line)));
        },
        options);
  }

  // With the handshake behind it.
  void Open(const std::string& revision = "2025-06-18",
            ServerOptions options = {}) {
    Start(options);
    Say(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{)"
        R"("protocolVersion":")" +
        revision + R"(","capabilities":{}}})");
    Say(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    hello_ = Said().at(0).at("result");
    said_.clear();
  }

  void Say(std::string_view line) { server_->Handle(line); }

  // All that it said, once no call is under way.
  std::vector<json::value> Said() {
    server_->Drain(10s);
    const std::lock_guard lock(mu_);
    return said_;
  }

  // The only thing that it says to `line`.
  json::value Answer(std::string_view line) {
    Say(line);
    auto said = Said();
    EXPECT_EQ(said.size(), 1u) << line;
    const std::lock_guard lock(mu_);
    said_.clear();
    return said.empty() ? json::value() : said.front();
  }

  static std::int64_t CodeOf(const json::value& answer) {
    return answer.at("error").at("code").as_int64();
  }

  FakeTools tools_;
  std::mutex mu_;
  std::vector<json::value> said_;
  json::value hello_;
  std::unique_ptr<Server> server_;
};

TEST_F(McpServerTest, TheRevisionIsTheClientsWhereItIsKnownElseTheNewest) {
  for (const auto& [asked, got] : {std::pair{"2024-11-05", "2024-11-05"},
                                   {"2025-03-26", "2025-03-26"},
                                   {"2025-06-18", "2025-06-18"},
                                   {"2025-11-25", "2025-11-25"},
                                   {"1999-01-01", "2025-11-25"}}) {
    Open(asked);
    EXPECT_EQ(hello_.at("protocolVersion").as_string(), got);
    EXPECT_TRUE(hello_.at("capabilities").as_object().contains("tools"));
    EXPECT_EQ(hello_.at("serverInfo").at("version").as_string(), "1.2.3");
  }
}

TEST_F(McpServerTest, OnlyAPingIsAnsweredBeforeTheHandshake) {
  Start();
  EXPECT_TRUE(Answer(R"({"jsonrpc":"2.0","id":"p","method":"ping"})")
                  .at("result")
                  .as_object()
                  .empty());
  EXPECT_EQ(CodeOf(Answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})")),
            -32600);
  EXPECT_EQ(
      CodeOf(Answer(
          R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})")),
      -32602);
}

TEST_F(McpServerTest, ASecondHandshakeIsRefused) {
  Open();
  EXPECT_EQ(
      CodeOf(Answer(
          R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18"}})")),
      -32600);
}

TEST_F(McpServerTest, WhatIsNoMessageIsAnsweredAndTheNextOneIsHeard) {
  Open();
  const std::pair<const char*, int> cases[] = {
      {"{", -32700},
      {"{}{}", -32700},
      {"\xff\xfe", -32700},
      {"3", -32600},
      {"[]", -32600},
      {"{}", -32600},
      {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":7})", -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})", -32601},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call"})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"no"}})",
       -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[]}})",
       -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}})",
       -32602},
  };
  for (const auto& [line, code] : cases) {
    EXPECT_EQ(CodeOf(Answer(line)), code) << line;
  }
  server_->RefuseLong();
  EXPECT_EQ(CodeOf(Said().at(0)), -32600);
  said_.clear();
  EXPECT_EQ(Answer(R"({"jsonrpc":"2.0","id":9,"method":"ping"})").at("id"), 9);
}

TEST_F(McpServerTest, NotificationsResponsesAndBlankLinesAreNotAnswered) {
  Open();
  for (
      const char* const line :
      {"", "  ", R"({"jsonrpc":"2.0","method":"notifications/unheard-of"})",
       R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":[]})",
       R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}})",
       R"({"jsonrpc":"2.0","id":4,"result":{}})"}) {
    Say(line);
  }
  EXPECT_TRUE(Said().empty());
}

TEST_F(McpServerTest, ToolsComeInPages) {
  Open("2025-06-18", {.page = 3});
  const auto first =
      Answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})").at("result");
  ASSERT_EQ(first.at("tools").as_array().size(), 3u);
  const auto& echo = first.at("tools").at(0);
  EXPECT_EQ(echo.at("name").as_string(), "echo");
  EXPECT_EQ(echo.at("title").as_string(), "Title");
  EXPECT_TRUE(echo.at("annotations").at("readOnlyHint").as_bool());
  EXPECT_TRUE(first.at("tools")
                  .at(1)
                  .at("annotations")
                  .at("destructiveHint")
                  .as_bool());
  const auto second =
      Answer(
          R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":")" +
          std::string(first.at("nextCursor").as_string()) + R"("}})")
          .at("result");
  EXPECT_EQ(second.at("tools").as_array().size(), 1u);
  EXPECT_FALSE(second.as_object().contains("nextCursor"));
}

TEST_F(McpServerTest, OldRevisionsHearNothingThatTheyDoNotKnow) {
  Open("2024-11-05");
  const auto tool = Answer(R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})")
                        .at("result")
                        .at("tools")
                        .at(0);
  EXPECT_FALSE(tool.as_object().contains("annotations"));
  EXPECT_FALSE(tool.as_object().contains("title"));
  const auto answer = Answer(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}})");
  EXPECT_FALSE(answer.at("result").as_object().contains("structuredContent"));
}

TEST_F(McpServerTest, AnAnswerIsTextAndStructured) {
  Open();
  const auto result =
      Answer(
          R"({"jsonrpc":"2.0","id":"c","method":"tools/call","params":{"name":"echo","arguments":{"a":"\"\n"}}})")
          .at("result");
  EXPECT_EQ(result.at("structuredContent").at("a").as_string(), "\"\n");
  EXPECT_EQ(result.at("content").at(0).at("text").as_string(),
            R"({"a":"\"\n"})");
  EXPECT_FALSE(result.as_object().contains("isError"));
}

TEST_F(McpServerTest, AToolThatFailsIsAResultAndNoProtocolError) {
  Open();
  const auto answer = Answer(
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"fail"}})");
  EXPECT_TRUE(answer.at("result").at("isError").as_bool());
}

TEST_F(McpServerTest, ProgressIsToldWhereThereIsATokenAndOnlyWhenItRises) {
  Open();
  Say(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count","_meta":{"progressToken":"t"}}})");
  const auto said = Said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].at("method").as_string(), "notifications/progress");
  EXPECT_EQ(said[0].at("params").at("progressToken").as_string(), "t");
  EXPECT_EQ(said[0].at("params").at("message").as_string(), "half");
  EXPECT_EQ(said[1].at("id"), 1);
  said_.clear();
  Answer(
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"count"}})");
}

TEST_F(McpServerTest, ACancelledCallEndsUnansweredWhileOthersAreHeard) {
  Open();
  Say(R"({"jsonrpc":"2.0","id":"w","method":"tools/call","params":{"name":"wait"}})");
  tools_.waiting.get_future().wait();
  Say(R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
  Say(R"({"jsonrpc":"2.0","id":"w","method":"tools/call","params":{"name":"echo"}})");
  Say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"w"}})");
  const auto said = Said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].at("id"), 2);
  EXPECT_EQ(CodeOf(said[1]), -32600);  // The id is in use.
  EXPECT_EQ(tools_.stops, 1);
}

TEST_F(McpServerTest, CallsThatAreUnderWayEndWithTheServer) {
  Open();
  Say(R"({"jsonrpc":"2.0","id":"w","method":"tools/call","params":{"name":"wait"}})");
  tools_.waiting.get_future().wait();
  server_.reset();
  EXPECT_EQ(tools_.stops, 1);
  EXPECT_TRUE(said_.empty());
}

TEST_F(McpServerTest, TooManyCallsAreRefusedOneByOne) {
  Open("2025-06-18", {.threads = 1, .max_queued = 1});
  Say(R"({"jsonrpc":"2.0","id":"w","method":"tools/call","params":{"name":"wait"}})");
  tools_.waiting.get_future().wait();
  for (const char* const id : {"1", "2"}) {
    Say(std::string(R"({"jsonrpc":"2.0","id":)") + id +
        R"(,"method":"tools/call","params":{"name":"echo"}})");
  }
  Say(R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"w"}})");
  const auto said = Said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].at("id"), 2);
  EXPECT_TRUE(said[0].at("result").at("isError").as_bool());
  EXPECT_EQ(said[1].at("id"), 1);
}

TEST_F(McpServerTest, ABatchIsAnsweredWholeInTheOneRevisionThatHasBatches) {
  const std::string batch =
      R"([{"jsonrpc":"2.0","id":1,"method":"ping"},)"
      R"({"jsonrpc":"2.0","method":"notifications/initialized"},)"
      R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo"}},)"
      R"(4])";
  Open("2025-03-26", {.max_batch = 4});
  Say(batch);
  server_->Drain(10s);
  server_.reset();  // The last of the batch is let go by then.
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_EQ(said_[0].as_array().size(), 3u);
  said_.clear();
  Open("2025-03-26", {.max_batch = 3});
  EXPECT_EQ(CodeOf(Answer(batch)), -32600);
  Open("2025-06-18");
  EXPECT_EQ(CodeOf(Answer(batch)), -32600);
}

// Every line is answered by JSON or not at all, and the session goes on.
TEST_F(McpServerTest, NoGarbageEndsTheSession) {
  Open("2025-03-26");
  const std::string seed =
      R"([{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":)"
      R"("echo","arguments":{"a":[1,null,"\u00e9"]},"_meta":{"progressToken":2}}}])";
  std::mt19937 random(7);
  const std::string bytes = "{}[]\",:\\0u\xff\x01 e-.";
  for (int round = 0; round < 20'000; ++round) {
    std::string line = seed;
    for (int change = random() % 4; change >= 0; --change) {
      const std::size_t at = random() % line.size();
      switch (random() % 3) {
        case 0:
          line[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          line.erase(at, random() % 8 + 1);
          break;
        default:
          line.insert(at, line.substr(random() % line.size(), random() % 12));
      }
      if (line.empty()) line = "x";
    }
    Say(line);
  }
  Say(std::string(100'000, '['));
  Said();
  said_.clear();
  EXPECT_EQ(Answer(R"({"jsonrpc":"2.0","id":"z","method":"ping"})").at("id"),
            "z");
}

}  // namespace
}  // namespace evalloop::cli::mcp
