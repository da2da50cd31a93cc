// Tools over a real gRPC server, on loopback.
#include "cli/mcp_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/handler.h"
#include "platform/rpc/probe.grpc.pb.h"
#include "platform/rpc/server.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
namespace probe = rpc::probe::v1;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class Probe final : public probe::ProbeService::CallbackService {
 public:
  explicit Probe(rpc::Executor& executor) : executor_(executor) {}

  std::function<absl::Status(const probe::AskRequest&, probe::AskResponse&)>
      ask;
  std::function<absl::Status(const probe::WatchRequest&,
                             rpc::StreamWriter<probe::WatchResponse>&)>
      watch;

  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context,
                                const probe::AskRequest* request,
                                probe::AskResponse* response) override {
    return rpc::Unary(context, executor_, request, response,
                      [this](const probe::AskRequest& in,
                             probe::AskResponse& out) { return ask(in, out); });
  }
  grpc::ServerWriteReactor<probe::WatchResponse>* Watch(
      grpc::CallbackServerContext* context,
      const probe::WatchRequest* request) override {
    return rpc::ServerStream<probe::WatchResponse>(
        context, executor_, request,
        [this](const probe::WatchRequest& in,
               rpc::StreamWriter<probe::WatchResponse>& out) {
          return watch(in, out);
        });
  }

 private:
  rpc::Executor& executor_;
};

class McpApiTest : public ::testing::Test {
 protected:
  McpApiTest() {
    probe_.ask = [](const auto& in, auto& out) {
      out.set_text("heard " + in.text());
      return absl::OkStatus();
    };
    probe_.watch = [](const auto& in, auto& out) {
      for (int i = 1; i <= in.count(); ++i) {
        probe::WatchResponse answer;
        answer.set_number(i);
        if (!out.Write(answer)) break;
      }
      return absl::OkStatus();
    };
  }

  void SetUp() override {
    auto server = rpc::Server::Start({}, executor_, {&probe_});
    ASSERT_THAT(server, testing::IsOk());
    server_ = *std::move(server);
  }

  void Make(ApiOptions options = {}) {
    if (!options.choose) options.choose = [](const auto&) { return true; };
    auto made = ApiTools::Make(
        {{.descriptor =
              google::protobuf::DescriptorPool::generated_pool()
                  ->FindServiceByName("evalloop.rpc.probe.v1.ProbeService"),
          .channel = rpc::NewChannel(
              {.target = "127.0.0.1:" + std::to_string(server_->port()),
               .max_attempts = 1}),
          .name = "probe at 127.0.0.1:1"}},
        options);
    ASSERT_THAT(made, testing::IsOk());
    tools_ = *std::move(made);
  }

  ToolAnswer Call(const std::string& name, const json::object& arguments = {},
                  std::stop_token stop = {},
                  const std::function<void(const ToolProgress&)>& report = {}) {
    for (const Tool& tool : tools_->tools()) {
      if (tool.name == name) {
        return tools_->Call(tool, arguments, stop, report);
      }
    }
    ADD_FAILURE() << name << " is no tool";
    return {};
  }

  telemetry::Registry registry_;
  rpc::Executor executor_{{}, registry_};
  Probe probe_{executor_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<ApiTools> tools_;
};

TEST_F(McpApiTest, ToolsAreTheChosenMethodsWithWhatTheirAccessSays) {
  Make();
  ASSERT_THAT(tools_->tools(), SizeIs(3));
  const Tool& ask = tools_->tools()[0];
  EXPECT_EQ(ask.name, "ask");
  EXPECT_EQ(ask.title, "ProbeService.Ask");
  EXPECT_THAT(ask.description, HasSubstr("Needs the role runner."));
  EXPECT_FALSE(ask.read_only);
  EXPECT_FALSE(ask.destructive);
  EXPECT_TRUE(tools_->tools()[1].read_only);
  Make({.choose = IsReadOnly});
  EXPECT_THAT(tools_->tools(), SizeIs(2));
}

TEST_F(McpApiTest, AnAnswerIsTheResponseInJson) {
  Make();
  const auto answer = Call("ask", {{"text", "\"é\n"}});
  EXPECT_FALSE(answer.is_error) << answer.text;
  EXPECT_EQ(answer.text, R"({"text":"heard \"é\n"})");
  EXPECT_EQ(answer.structured, answer.text);
}

TEST_F(McpApiTest, WrongArgumentsNeverReachTheService) {
  Make();
  probe_.ask = [](const auto&, auto&) -> absl::Status {
    ADD_FAILURE() << "was called";
    return absl::OkStatus();
  };
  for (const json::object& wrong :
       {json::object{{"txt", "a"}}, json::object{{"text", json::array()}}}) {
    const auto answer = Call("ask", wrong);
    EXPECT_TRUE(answer.is_error);
    EXPECT_THAT(answer.text, HasSubstr("inputSchema"));
  }
}

TEST_F(McpApiTest, AnErrorKeepsItsCodeReasonAndRemedy) {
  Make();
  probe_.ask = [](const auto&, auto&) {
    return base::FieldError("text", "is too short", "say more");
  };
  const auto answer = Call("ask");
  EXPECT_TRUE(answer.is_error);
  EXPECT_EQ(answer.text, "INVALID_ARGUMENT: text: is too short; say more");
  const auto error = json::parse(answer.structured).at("error");
  EXPECT_EQ(error.at("status").as_string(), "INVALID_ARGUMENT");
  EXPECT_THAT(json::serialize(error), HasSubstr("google.rpc.ErrorInfo"));
}

TEST_F(McpApiTest, AServiceThatIsDownIsNamed) {
  Make();
  server_->Shutdown();
  const auto answer = Call("ask");
  EXPECT_TRUE(answer.is_error);
  EXPECT_THAT(answer.text, HasSubstr("UNAVAILABLE"));
  EXPECT_THAT(answer.text, HasSubstr("probe at 127.0.0.1:1"));
}

TEST_F(McpApiTest, AStreamIsAnsweredWithItsLastMessageAndTheRestIsProgress) {
  Make();
  std::vector<double> done;
  const auto answer = Call(
      "watch", {{"count", 3}}, {},
      [&](const ToolProgress& progress) { done.push_back(progress.done); });
  EXPECT_EQ(answer.text, R"({"number":3})");
  EXPECT_THAT(done, ::testing::ElementsAre(1, 2, 3));
}

TEST_F(McpApiTest, AStreamThatBreaksIsAnError) {
  Make();
  probe_.watch = [](const auto&, auto& out) {
    out.Write({});
    return absl::AbortedError("broke off");
  };
  const auto answer = Call("watch");
  EXPECT_TRUE(answer.is_error);
  EXPECT_EQ(answer.text, "ABORTED: broke off");
}

TEST_F(McpApiTest, WhileNothingComesASignOfLifeDoes) {
  Make({.heartbeat = 1ms});
  std::promise<void> seen;
  std::once_flag once;
  probe_.ask = [&](const auto&, auto&) {
    seen.get_future().wait();
    return absl::OkStatus();
  };
  const auto answer = Call("ask", {}, {}, [&](const ToolProgress& progress) {
    EXPECT_GE(progress.done, 1);
    if (progress.done >= 3) std::call_once(once, [&] { seen.set_value(); });
  });
  EXPECT_FALSE(answer.is_error) << answer.text;
}

TEST_F(McpApiTest, ACancelledCallEndsAtTheServiceToo) {
  Make();
  std::promise<void> begun, ended;
  probe_.watch = [&](const auto&, auto& out) {
    begun.set_value();
    while (!out.cancelled()) std::this_thread::yield();
    ended.set_value();
    return absl::CancelledError("left");
  };
  std::stop_source stop;
  std::thread client([&] { Call("watch", {}, stop.get_token()); });
  begun.get_future().wait();
  stop.request_stop();
  client.join();
  ended.get_future().wait();
}

TEST_F(McpApiTest, ACallThatTakesTooLongIsCutOff) {
  Make({.deadline = 50ms});
  std::promise<void> over;
  probe_.ask = [&](const auto&, auto&) {
    over.get_future().wait();
    return absl::OkStatus();
  };
  const auto answer = Call("ask");
  over.set_value();
  EXPECT_TRUE(answer.is_error);
  EXPECT_THAT(answer.text, HasSubstr("DEADLINE_EXCEEDED"));
}

TEST_F(McpApiTest, AnAnswerThatIsTooLongSaysHowToAskForLess) {
  Make({.longest_answer = 1000});
  probe_.ask = [](const auto&, auto& out) {
    out.set_text(std::string(2000, 'x'));
    return absl::OkStatus();
  };
  const auto answer = Call("ask");
  EXPECT_TRUE(answer.is_error);
  EXPECT_THAT(answer.text, HasSubstr("page_size"));
}

}  // namespace
}  // namespace evalloop::cli::mcp
