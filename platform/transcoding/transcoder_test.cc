// The transcoder between an HTTP client and a gRPC server, over loopback.
#include "platform/transcoding/transcoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <future>

#include "platform/base/reason.h"
#include "platform/http/client.h"
#include "platform/rpc/handler.h"
#include "platform/rpc/probe.grpc.pb.h"
#include "platform/rpc/server.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::transcoding {
namespace {

namespace probe = rpc::probe::v1;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class Probe final : public probe::ProbeService::CallbackService {
 public:
  explicit Probe(rpc::Executor& executor) : executor_(executor) {}

  std::function<absl::Status(const probe::AskRequest&, probe::AskResponse&,
                             const rpc::Call&)>
      ask;
  std::function<absl::Status(const probe::WatchRequest&,
                             rpc::StreamWriter<probe::WatchResponse>&)>
      watch;

  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context,
                                const probe::AskRequest* request,
                                probe::AskResponse* response) override {
    return rpc::Unary(
        context, executor_, request, response,
        [this](const probe::AskRequest& in, probe::AskResponse& out,
               const rpc::Call& call) { return ask(in, out, call); });
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

class TranscoderTest : public ::testing::Test {
 protected:
  void Serve(std::string token = "") {
    executor_ = std::make_unique<rpc::Executor>(
        rpc::ExecutorOptions{.auth_token = std::move(token)}, registry_);
    probe_ = std::make_unique<Probe>(*executor_);
    probe_->ask = [](const auto& in, auto& out, const rpc::Call&) {
      out.set_text("heard " + in.text());
      return absl::OkStatus();
    };
    probe_->watch = [](const auto& in, auto& out) {
      for (int i = 0; in.count() == 0 || i < in.count(); ++i) {
        probe::WatchResponse answer;
        answer.set_number(i);
        if (!out.Write(answer)) break;
      }
      return absl::OkStatus();
    };
    auto server = rpc::Server::Start({}, *executor_, {probe_.get()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    auto made =
        Transcoder::Make(server_->services(), server_->InProcessChannel());
    ASSERT_TRUE(made.ok()) << made.status();
    transcoder_ = *std::move(made);
    auto http = http::Server::Start(
        {}, [this](http::Request request,
                   std::shared_ptr<http::ResponseWriter> out) {
          transcoder_->Handle(std::move(request), std::move(out));
        });
    ASSERT_TRUE(http.ok()) << http.status();
    http_ = *std::move(http);
  }

  http::ClientRequest Request(std::string method, const std::string& path,
                              std::string body = "") const {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = "http://127.0.0.1:" + std::to_string(http_->port()) + path;
    request.body = std::move(body);
    return request;
  }

  http::ClientResponse Send(http::ClientRequest request) {
    const auto got = client_.Fetch(std::move(request));
    EXPECT_TRUE(got.ok()) << got.status();
    return got.ok() ? *got : http::ClientResponse{};
  }

  static boost::json::object ErrorOf(const http::ClientResponse& answer) {
    return boost::json::parse(answer.body).at("error").as_object();
  }

  telemetry::Registry registry_;
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<Probe> probe_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<Transcoder> transcoder_;
  std::unique_ptr<http::Server> http_;
  http::Client client_;
};

TEST_F(TranscoderTest, AUnaryCallIsAnsweredInJson) {
  Serve();
  const auto answer =
      Send(Request("POST", "/v1/questions", R"({"text":"\"é"})"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"text":"heard \"é"})");
  EXPECT_EQ(answer.headers.Find("content-type"), "application/json");
}

TEST_F(TranscoderTest, AStreamIsAnsweredInLines) {
  Serve();
  const auto answer = Send(Request("GET", "/v1/numbers/3:watch"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"number\":0}\n{\"number\":1}\n{\"number\":2}\n");
  EXPECT_EQ(answer.headers.Find("content-type"), "application/x-ndjson");
}

TEST_F(TranscoderTest, AStreamWithoutAMessageIsEmpty) {
  Serve();
  probe_->watch = [](const auto&, auto&) { return absl::OkStatus(); };
  const auto answer = Send(Request("GET", "/v1/numbers/3:watch"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "");
}

TEST_F(TranscoderTest, AStreamThatIsRefusedHasItsOwnCode) {
  Serve();
  probe_->watch = [](const auto&, auto&) {
    return absl::NotFoundError("no such thing");
  };
  const auto answer = Send(Request("GET", "/v1/numbers/3:watch"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(ErrorOf(answer).at("message").as_string(), "no such thing");
}

TEST_F(TranscoderTest, AStreamThatBreaksEndsWithTheError) {
  Serve();
  probe_->watch = [](const auto&, auto& out) {
    probe::WatchResponse one;
    one.set_number(1);
    out.Write(one);
    return absl::AbortedError("broke off");
  };
  const auto answer = Send(Request("GET", "/v1/numbers/3:watch"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("{\"number\":1}\n{\"error\":"));
  EXPECT_THAT(answer.body, HasSubstr("broke off"));
}

TEST_F(TranscoderTest, AnErrorKeepsItsReasonAndField) {
  Serve();
  probe_->ask = [](const auto&, auto&, const rpc::Call&) {
    return base::FieldError("text", "is too short", "say more");
  };
  const auto answer = Send(Request("POST", "/v1/questions", "{}"));
  EXPECT_EQ(answer.status, 400);
  const auto error = ErrorOf(answer);
  EXPECT_EQ(error.at("status").as_string(), "INVALID_ARGUMENT");
  EXPECT_THAT(boost::json::serialize(error.at("details")),
              HasSubstr(R"("field":"text")"));
  EXPECT_THAT(boost::json::serialize(error.at("details")),
              HasSubstr("google.rpc.ErrorInfo"));
}

TEST_F(TranscoderTest, BadRequestsNeverReachTheService) {
  Serve();
  probe_->ask = [](const auto&, auto&, const rpc::Call&) -> absl::Status {
    ADD_FAILURE() << "was called";
    return absl::OkStatus();
  };
  EXPECT_EQ(Send(Request("POST", "/v1/questions", "{\"text\":1")).status, 400);
  EXPECT_EQ(Send(Request("POST", "/v1/questions", R"({"txt":"a"})")).status,
            400);
  EXPECT_EQ(Send(Request("GET", "/v1/numbers/many:watch")).status, 400);
  EXPECT_EQ(Send(Request("GET", "/v1/nowhere")).status, 404);
  const auto wrong_verb = Send(Request("GET", "/v1/questions"));
  EXPECT_EQ(wrong_verb.status, 405);
  EXPECT_EQ(wrong_verb.headers.Find("allow"), "POST");
}

TEST_F(TranscoderTest, TheTokenIsAskedForAsInGrpc) {
  Serve("secret");
  auto request = Request("POST", "/v1/questions", "{}");
  EXPECT_EQ(Send(request).status, 401);
  request.headers.Add("Authorization", "Bearer secret");
  EXPECT_EQ(Send(request).status, 200);
}

TEST_F(TranscoderTest, AClientCanAskForAShorterDeadline) {
  Serve();
  probe_->ask = [](const auto&, auto&, const rpc::Call& call) {
    while (!call.cancelled()) std::this_thread::yield();
    return absl::CancelledError("left");
  };
  auto request = Request("POST", "/v1/questions", "{}");
  request.headers.Add("X-Server-Timeout", "0.05");
  EXPECT_EQ(Send(request).status, 504);
  auto wrong = Request("POST", "/v1/questions", "{}");
  wrong.headers.Add("X-Server-Timeout", "soon");
  EXPECT_EQ(Send(wrong).status, 400);
}

TEST_F(TranscoderTest, AClientThatLeavesEndsTheStream) {
  Serve();
  std::promise<void> ended;
  probe_->watch = [&](const auto&, auto& out) {
    probe::WatchResponse answer;
    while (out.Write(answer)) {
    }
    ended.set_value();
    return absl::OkStatus();
  };
  std::promise<void> first, done;
  std::once_flag once;
  const auto call =
      client_.Send(Request("GET", "/v1/numbers/0:watch"),
                   {.on_chunk =
                        [&](std::string_view) {
                          std::call_once(once, [&] { first.set_value(); });
                        },
                    .on_done = [&](auto) { done.set_value(); }});
  first.get_future().wait();
  call->Cancel();
  ended.get_future().wait();
  done.get_future().wait();
}

}  // namespace
}  // namespace evalloop::transcoding
