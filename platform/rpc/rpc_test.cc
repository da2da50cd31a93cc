// Long file: its tests share one server with its handlers and channels.
//
// Server, handlers and channels together, over loopback.
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "platform/base/reason.h"
#include "platform/rpc/channel.h"
#include "platform/rpc/handler.h"
#include "platform/rpc/probe.grpc.pb.h"
#include "platform/rpc/server.h"
#include "platform/testing/certificates.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::rpc {
namespace {

using evalloop::testing::Certificates;
using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using probe::v1::AskRequest;
using probe::v1::AskResponse;
using probe::v1::ProbeService;
using probe::v1::WatchRequest;
using probe::v1::WatchResponse;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

constexpr auto kLong = 10s;

class Probe final : public ProbeService::CallbackService {
 public:
  explicit Probe(Executor& executor) : executor_(executor) {}

  std::function<absl::Status(const AskRequest&, AskResponse&, const rpc::Call&)>
      ask;
  std::function<absl::Status(const WatchRequest&, StreamWriter<WatchResponse>&)>
      watch;

  grpc::ServerUnaryReactor* Ask(grpc::CallbackServerContext* context,
                                const AskRequest* request,
                                AskResponse* response) override {
    return Unary(context, executor_, request, response,
                 [this](const AskRequest& in, AskResponse& out,
                        const rpc::Call& call) { return ask(in, out, call); });
  }
  grpc::ServerWriteReactor<WatchResponse>* Watch(
      grpc::CallbackServerContext* context,
      const WatchRequest* request) override {
    return ServerStream<WatchResponse>(
        context, executor_, request,
        [this](const WatchRequest& in, StreamWriter<WatchResponse>& out) {
          return watch(in, out);
        });
  }

 private:
  Executor& executor_;
};

class RpcTest : public ::testing::Test {
 protected:
  void Serve(ExecutorOptions options = {}) {
    server_.reset();
    executor_ = std::make_unique<Executor>(options, registry_);
    probe_ = std::make_unique<Probe>(*executor_);
    probe_->ask = [](const AskRequest& in, AskResponse& out, const rpc::Call&) {
      out.set_text("heard " + in.text());
      return absl::OkStatus();
    };
    probe_->watch = [](const WatchRequest& in,
                       StreamWriter<WatchResponse>& out) {
      for (int i = 0; in.count() == 0 || i < in.count(); ++i) {
        WatchResponse message;
        message.set_number(i);
        if (!out.Write(std::move(message))) break;
      }
      return absl::OkStatus();
    };
    auto server = Server::Start(listen_, *executor_, {probe_.get()});
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    stub_ = Stub({});
  }

  std::unique_ptr<ProbeService::Stub> Stub(ChannelOptions options) const {
    options.target = "127.0.0.1:" + std::to_string(server_->port());
    return ProbeService::NewStub(NewChannel(options));
  }

  absl::StatusOr<AskResponse> Ask(std::chrono::milliseconds deadline = kLong) {
    AskRequest request;
    request.set_text("x");
    return CallUnary(*stub_, &ProbeService::Stub::Ask, request, deadline);
  }

  telemetry::Registry registry_;
  ServerOptions listen_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<Probe> probe_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<ProbeService::Stub> stub_;
};

TEST_F(RpcTest, AUnaryCallIsAnsweredCountedAndTimed) {
  Serve();
  const auto response = Ask();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->text(), "heard x");
  const std::string metrics = registry_.Serialize();
  EXPECT_THAT(
      metrics,
      HasSubstr(
          R"(evalloop_rpc_server_calls_total{code="OK",method="Ask"} 1)"));
  EXPECT_THAT(
      metrics,
      HasSubstr(
          R"(evalloop_rpc_server_duration_seconds_count{method="Ask"} 1)"));
}

TEST_F(RpcTest, ErrorsReachTheClientWithReasonAndField) {
  Serve();
  probe_->ask = [](const AskRequest&, AskResponse&, const rpc::Call&) {
    return base::WithReason(base::FieldError("text", "is empty"), "NO_TEXT");
  };
  const auto response = Ask();
  EXPECT_THAT(response, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::ReasonOf(response.status()), "NO_TEXT");
  EXPECT_EQ(base::FieldOf(response.status()), "text");
}

TEST_F(RpcTest, AnExceptionIsAnInternalErrorWithoutItsText) {
  Serve();
  probe_->ask = [](const AskRequest&, AskResponse&,
                   const rpc::Call&) -> absl::Status {
    throw std::runtime_error("dsn=secret");
  };
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kInternal, "internal error"));
}

TEST_F(RpcTest, AFullExecutorRefusesAndSaysWhenToTryAgain) {
  ExecutorOptions options;
  options.threads = 1;
  options.max_queued = 1;
  Serve(options);
  std::promise<void> release;
  auto released = release.get_future().share();
  std::promise<void> running;
  std::atomic<int> calls{0};
  probe_->ask = [&](const AskRequest&, AskResponse&, const rpc::Call&) {
    if (calls++ == 0) running.set_value();
    released.wait_for(kLong);
    return absl::OkStatus();
  };
  auto first = std::async(std::launch::async, [&] { return Ask().status(); });
  running.get_future().wait();
  // Of the next two, one waits in the queue and one finds it full.
  auto second = std::async(std::launch::async, [&] { return Ask().status(); });
  auto third = std::async(std::launch::async, [&] { return Ask().status(); });
  while (second.wait_for(1ms) != std::future_status::ready &&
         third.wait_for(1ms) != std::future_status::ready) {
  }
  release.set_value();
  EXPECT_THAT(first.get(), IsOk());
  const absl::Status a = second.get();
  const absl::Status b = third.get();
  EXPECT_NE(a.ok(), b.ok());
  const absl::Status& refused = a.ok() ? b : a;
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(base::ReasonOf(refused), "OVERLOADED");
  EXPECT_TRUE(base::RetryAfterOf(refused).has_value());
}

TEST_F(RpcTest, ABodySeesThatItsClientGaveUp) {
  Serve();
  std::promise<bool> seen;
  probe_->ask = [&](const AskRequest&, AskResponse&, const rpc::Call& call) {
    const auto until = std::chrono::steady_clock::now() + kLong;
    while (!call.cancelled() && std::chrono::steady_clock::now() < until) {
      std::this_thread::yield();
    }
    seen.set_value(call.cancelled());
    return absl::OkStatus();
  };
  EXPECT_THAT(Ask(50ms), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_TRUE(seen.get_future().get());
}

TEST_F(RpcTest, OnlyTheTokenOpensTheService) {
  ExecutorOptions options;
  options.auth_token = "secret";
  Serve(options);
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kUnauthenticated));
  ChannelOptions channel;
  channel.auth_token = "secret";
  stub_ = Stub(channel);
  EXPECT_THAT(Ask(), IsOk());
  grpc::ClientContext context;
  WatchResponse message;
  channel.auth_token = "wrong";
  const auto other = Stub(channel);
  const auto stream = other->Watch(&context, WatchRequest());
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

// Lets everybody in as the one that the test wants.
class Keeper final : public access::Gatekeeper {
 public:
  bool open() const override { return false; }
  absl::StatusOr<access::Identity> Identify(std::string_view) const override {
    return identity;
  }
  access::Identity identity;
};

class Ledger final : public access::Auditor {
 public:
  absl::Status Asked(const access::AuditedCall& call) override {
    calls.push_back(call);
    return answer;
  }
  void Ended(const access::AuditedCall& call, absl::StatusCode code) override {
    EXPECT_EQ(call.call_id, calls.back().call_id);
    codes.push_back(code);
  }
  absl::Status answer;
  std::vector<access::AuditedCall> calls;
  std::vector<absl::StatusCode> codes;
};

TEST_F(RpcTest, TheOptionOfAMethodSaysWhoMayCallIt) {
  const auto keeper = std::make_shared<Keeper>();
  ExecutorOptions options;
  options.gatekeeper = keeper;
  Serve(options);
  probe_->ask = [](const AskRequest&, AskResponse& out, const rpc::Call& call) {
    out.set_text(call.identity().name);
    return absl::OkStatus();
  };
  const auto watch = [&] {
    grpc::ClientContext context;
    WatchRequest request;
    request.set_count(1);
    const auto stream = stub_->Watch(&context, request);
    WatchResponse message;
    while (stream->Read(&message)) {
    }
    return stream->Finish().error_code();
  };
  // Ask is for runners and names a prompt by its text, Watch for readers.
  keeper->identity = {.name = "r", .role = access::Role::kReader};
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(watch(), grpc::StatusCode::OK);
  keeper->identity.role = access::Role::kFeedback;
  EXPECT_EQ(watch(), grpc::StatusCode::PERMISSION_DENIED);
  keeper->identity.role = access::Role::kNone;
  EXPECT_EQ(watch(), grpc::StatusCode::PERMISSION_DENIED);
  keeper->identity.role = access::Role::kRunner;
  EXPECT_THAT(Ask(), IsOk());
  EXPECT_EQ(watch(), grpc::StatusCode::OK);
  keeper->identity.prompts = {"elsewhere"};
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(watch(), grpc::StatusCode::OK);
}

TEST_F(RpcTest, TheAuthorOfARequestIsWhoCalls) {
  const auto keeper = std::make_shared<Keeper>();
  ExecutorOptions options;
  options.gatekeeper = keeper;
  Serve(options);
  probe_->ask = [](const AskRequest& in, AskResponse& out, const rpc::Call&) {
    out.set_text(in.text() + " by " + in.author());
    return absl::OkStatus();
  };
  AskRequest request;
  request.set_text("x");
  request.set_author("somebody else");
  const auto ask = [&] {
    const auto answer =
        CallUnary(*stub_, &ProbeService::Stub::Ask, request, kLong);
    return answer.ok() ? answer->text() : answer.status().ToString();
  };
  keeper->identity = {.name = "key/a", .role = access::Role::kRunner};
  EXPECT_EQ(ask(), "x by key/a");
  keeper->identity.speaks_for_others = true;
  EXPECT_EQ(ask(), "x by somebody else");
}

TEST_F(RpcTest, AnAuditedCallRunsOnlyOnceItIsWrittenDown) {
  Ledger ledger;
  ExecutorOptions options;
  options.auditor = &ledger;
  Serve(options);
  int ran = 0;
  probe_->ask = [&ran](const AskRequest&, AskResponse&, const rpc::Call&) {
    ++ran;
    return absl::NotFoundError("no");
  };
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kNotFound));
  ASSERT_EQ(ledger.calls.size(), 1u);
  EXPECT_EQ(ledger.calls[0].method, "Ask");
  EXPECT_EQ(ledger.calls[0].identity.name, "anonymous");
  EXPECT_THAT(ledger.codes, ElementsAre(absl::StatusCode::kNotFound));
  ledger.answer = absl::UnavailableError("no database");
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ran, 1);
  server_->Shutdown();
}

TEST(RulesTest, SayWhatARequestNamesAndHowItReads) {
  const Rule rule = RuleOf(*AskRequest::descriptor());
  AskRequest request;
  request.set_text("line " + std::string(300, 'x'));
  EXPECT_EQ(rule.NeedOf(request).prompt, request.text());
  EXPECT_TRUE(rule.audited);
  const std::string plain = PlainFields(request);
  EXPECT_EQ(plain, R"({"text":")" + request.text().substr(0, 200) + "\"}");
  // A message that no method takes is asked for by nobody.
  EXPECT_EQ(RuleOf(*AskResponse::descriptor()).role, access::Role::kNone);
  EXPECT_THAT(CheckRules(std::vector<std::string>{"no.such.Service"}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(RpcTest, AStreamArrivesWholeAndInOrder) {
  Serve();
  grpc::ClientContext context;
  WatchRequest request;
  request.set_count(500);
  const auto stream = stub_->Watch(&context, request);
  WatchResponse message;
  int expected = 0;
  while (stream->Read(&message)) EXPECT_EQ(message.number(), expected++);
  EXPECT_EQ(expected, 500);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(RpcTest, AStreamEndsWhenItsClientLeaves) {
  Serve();
  std::promise<void> ended;
  const auto send = probe_->watch;
  probe_->watch = [&](const WatchRequest& in,
                      StreamWriter<WatchResponse>& out) {
    const absl::Status status = send(in, out);
    EXPECT_TRUE(out.cancelled());
    EXPECT_FALSE(out.SleepFor(kLong));  // Returns at once.
    ended.set_value();
    return status;
  };
  grpc::ClientContext context;
  const auto stream = stub_->Watch(&context, WatchRequest());
  WatchResponse message;
  ASSERT_TRUE(stream->Read(&message));
  context.TryCancel();
  EXPECT_EQ(ended.get_future().wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(RpcTest, StreamsHaveABoundOfTheirOwn) {
  ExecutorOptions options;
  options.threads = 1;
  options.max_streams = 1;
  Serve(options);
  grpc::ClientContext first_context;
  const auto first = stub_->Watch(&first_context, WatchRequest());
  WatchResponse message;
  ASSERT_TRUE(first->Read(&message));
  grpc::ClientContext second_context;
  const auto second = stub_->Watch(&second_context, WatchRequest());
  EXPECT_FALSE(second->Read(&message));
  EXPECT_EQ(second->Finish().error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(Ask(), IsOk());  // The open stream holds no worker.
}

TEST_F(RpcTest, ShutdownEndsStreamsSoonAndSaysTheyAreNotWhole) {
  Serve();
  probe_->watch = [](const WatchRequest&, StreamWriter<WatchResponse>& out) {
    while (out.Write(WatchResponse()) && out.SleepFor(1ms)) {
    }
    return absl::OkStatus();
  };
  grpc::ClientContext context;
  const auto stream = stub_->Watch(&context, WatchRequest());
  WatchResponse message;
  ASSERT_TRUE(stream->Read(&message));
  const auto before = std::chrono::steady_clock::now();
  server_->Shutdown();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 1500ms);
  while (stream->Read(&message)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(RpcTest, ATakenPortIsAnErrorAndNeverShared) {
  Serve();
  ServerOptions options;
  options.port = server_->port();
  Executor executor({}, registry_);
  Probe probe(executor);
  EXPECT_THAT(Server::Start(options, executor, {&probe}),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       HasSubstr(std::to_string(server_->port()))));
}

TEST_F(RpcTest, OtherAddressesNeedAToken) {
  ServerOptions options;
  options.address = "0.0.0.0";
  Executor open({}, registry_);
  EXPECT_THAT(Server::Start(options, open, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ExecutorOptions guarded;
  guarded.auth_token = "secret";
  Executor executor(guarded, registry_);
  Probe probe(executor);
  EXPECT_THAT(Server::Start(options, executor, {&probe}), IsOk());
}

TEST_F(RpcTest, TlsSpeaksOnlyToWhomTheAuthorityVouchesFor) {
  const Certificates files;
  files.Make("good", "IP:127.0.0.1");
  files.Make("elsewhere", "DNS:evil.example");
  ChannelOptions trusting;
  trusting.ca_file = files.Path("ca.pem");
  const auto serve = [&](const std::string& name) {
    listen_ = {.certificate_file = files.Path(name + ".pem"),
               .key_file = files.Path(name + ".key")};
    Serve();
    stub_ = Stub(trusting);
  };
  serve("good");
  EXPECT_THAT(Ask(), IsOk());
  stub_ = Stub({});  // Without TLS.
  EXPECT_THAT(Ask(2s), ::testing::Not(IsOk()));
  const Certificates others;
  stub_ = Stub({.ca_file = others.Path("ca.pem")});
  EXPECT_THAT(Ask(2s), ::testing::Not(IsOk()));
  serve("elsewhere");
  EXPECT_THAT(Ask(2s), ::testing::Not(IsOk()));
  EXPECT_THAT(
      Server::Start({.certificate_file = "none", .key_file = "none"},
                    *executor_, {}),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("none")));
}

// One call by its name, in bytes: needs no generated stub.
std::pair<grpc::Status, std::string> CallByName(std::uint16_t port,
                                                const std::string& method,
                                                const std::string& request) {
  grpc::GenericStub stub(
      NewChannel({.target = "127.0.0.1:" + std::to_string(port)}));
  grpc::ClientContext context;
  const grpc::Slice slice(request);
  const grpc::ByteBuffer in(&slice, 1);
  grpc::ByteBuffer out;
  std::promise<grpc::Status> done;
  stub.UnaryCall(
      &context, method, grpc::StubOptions(), &in, &out,
      [&done](grpc::Status status) { done.set_value(std::move(status)); });
  grpc::Status status = done.get_future().get();
  grpc::Slice answer;
  if (status.ok()) out.DumpToSingleSlice(&answer).ok();
  return {std::move(status),
          std::string(reinterpret_cast<const char*>(answer.begin()),
                      answer.size())};
}

TEST_F(RpcTest, HealthAnswersForTheServerAndForEachServiceWithoutAToken) {
  ExecutorOptions options;
  options.auth_token = "secret";
  Serve(options);
  const std::string check = "/grpc.health.v1.Health/Check";
  const std::string service = "evalloop.rpc.probe.v1.ProbeService";
  const std::string serving = "\x08\x01";  // status = SERVING
  EXPECT_EQ(CallByName(server_->port(), check, "").second, serving);
  // HealthCheckRequest.service has AskRequest.text's field number and type.
  AskRequest request;
  request.set_text(service);
  EXPECT_EQ(
      CallByName(server_->port(), check, request.SerializeAsString()).second,
      serving);
  request.set_text("no.such.Service");
  EXPECT_EQ(CallByName(server_->port(), check, request.SerializeAsString())
                .first.error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(RpcTest, ReflectionNamesTheServices) {
  Serve();
  const std::string list_services("\x3a\x00", 2);
  EXPECT_THAT(
      CallByName(
          server_->port(),
          "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
          list_services)
          .second,
      HasSubstr("evalloop.rpc.probe.v1.ProbeService"));
}

TEST_F(RpcTest, NobodyListeningIsUnavailableWithinTheDeadline) {
  Serve();
  server_->Shutdown();
  server_.reset();
  EXPECT_THAT(Ask(2s), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace evalloop::rpc
