#include "platform/http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "platform/http/server.h"
#include "platform/testing/raw_connection.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::http {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;
using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;

constexpr auto kLong = 10s;

class HttpClientTest : public ::testing::Test {
 protected:
  void Serve(Handler handler) {
    auto server = Server::Start({}, std::move(handler));
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }

  ClientRequest To(std::string_view path) const {
    ClientRequest request;
    request.url = "http://127.0.0.1:" + std::to_string(server_->port()) +
                  std::string(path);
    request.deadline = kLong;
    return request;
  }

  std::unique_ptr<Server> server_;
  Client client_;
};

TEST_F(HttpClientTest, SendsMethodHeadersAndBodyAndReturnsTheAnswer) {
  Serve([](const Request& request, const std::shared_ptr<ResponseWriter>& out) {
    Response response;
    response.status = 429;
    response.headers.Add("retry-after", "2");
    response.body = request.method + request.path + "|" +
                    std::string(*request.headers.Find("X-Key")) + "|" +
                    std::to_string(request.headers.Find("expect").has_value()) +
                    std::to_string(request.body.size());
    out->Send(std::move(response));
  });
  ClientRequest request = To("/x");
  request.method = "POST";
  request.headers.Add("x-key", "k");
  request.body = std::string(100'000, 'b');
  const auto response = client_.Fetch(request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->headers.Find("Retry-After"), "2");
  EXPECT_EQ(response->body, "POST/x|k|0100000");
}

TEST_F(HttpClientTest, PiecesOfAStreamArriveBeforeItsEnd) {
  std::promise<void> first_seen;
  auto first = first_seen.get_future().share();
  std::thread producer;
  Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
    producer = std::thread([first, out = std::move(out)] {
      out->StartStream(200, {});
      out->Write("one");
      first.wait_for(kLong);  // The end waits for the client's first piece.
      out->Write("two");
      out->End();
    });
  });
  std::string seen;
  std::promise<absl::StatusOr<ClientResponse>> done;
  ClientCallbacks callbacks;
  callbacks.on_chunk = [&](std::string_view piece) {
    if (seen.empty()) first_seen.set_value();
    seen += piece;
  };
  callbacks.on_done = [&](absl::StatusOr<ClientResponse> response) {
    done.set_value(std::move(response));
  };
  client_.Send(To("/"), std::move(callbacks));
  const auto response = done.get_future().get();
  producer.join();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->body, "");
  EXPECT_EQ(seen, "onetwo");
}

TEST_F(HttpClientTest, AnErrorsBodyIsCollectedEvenWhenStreaming) {
  Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    out->Send(ErrorResponse(400, "invalid_request_error", "no such model"));
  });
  std::promise<absl::StatusOr<ClientResponse>> done;
  ClientCallbacks callbacks;
  callbacks.on_chunk = [](std::string_view) { ADD_FAILURE(); };
  callbacks.on_done = [&](absl::StatusOr<ClientResponse> response) {
    done.set_value(std::move(response));
  };
  client_.Send(To("/"), std::move(callbacks));
  const auto response = done.get_future().get();
  ASSERT_THAT(response, IsOk());
  EXPECT_THAT(response->body, HasSubstr("no such model"));
}

TEST_F(HttpClientTest, CancelEndsTheCallAtBothEnds) {
  std::promise<void> called;
  std::promise<void> server_saw;
  std::shared_ptr<ResponseWriter> held;
  Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
    out->OnCancel([&] { server_saw.set_value(); });
    held = std::move(out);
    called.set_value();
  });
  std::promise<absl::StatusOr<ClientResponse>> done;
  ClientCallbacks callbacks;
  callbacks.on_done = [&](absl::StatusOr<ClientResponse> response) {
    done.set_value(std::move(response));
  };
  const auto call = client_.Send(To("/"), std::move(callbacks));
  called.get_future().wait();
  call->Cancel();
  EXPECT_THAT(done.get_future().get(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(server_saw.get_future().wait_for(kLong), std::future_status::ready);
  call->Cancel();  // Harmless.
}

TEST_F(HttpClientTest, TheDeadlineHoldsForAServerThatDoesNotAnswer) {
  std::shared_ptr<ResponseWriter> held;
  Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
    held = std::move(out);
  });
  ClientRequest request = To("/");
  request.deadline = 100ms;
  EXPECT_THAT(client_.Fetch(request),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  request.deadline = kLong;
  request.stall_timeout = 100ms;
  EXPECT_THAT(client_.Fetch(request),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  server_.reset();  // Its threads know `held`.
}

TEST_F(HttpClientTest, AnAnswerPastTheBoundIsRefused) {
  Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    Response response;
    response.body = std::string(1001, 'x');
    out->Send(std::move(response));
  });
  ClientRequest request = To("/");
  request.max_response = 1000;
  EXPECT_THAT(client_.Fetch(request),
              StatusIs(absl::StatusCode::kResourceExhausted));
  request.max_response = 1001;
  EXPECT_THAT(client_.Fetch(request), IsOk());
}

TEST_F(HttpClientTest, NobodyListeningIsUnavailable) {
  Serve([](const Request&, const std::shared_ptr<ResponseWriter>&) {});
  const ClientRequest request = To("/");
  server_->Stop(0ms);
  EXPECT_THAT(client_.Fetch(request), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(HttpClientTest, AStreamThatBreaksOffIsUnavailable) {
  Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    out->StartStream(200, {});
    out->Write("half");
  });
  EXPECT_THAT(client_.Fetch(To("/")), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(HttpClientTest, RedirectsAreNotFollowed) {
  int calls = 0;
  Serve([&](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    ++calls;
    out->Send({302, {{"location", "/elsewhere"}}, ""});
  });
  const auto response = client_.Fetch(To("/"));
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(calls, 1);
}

TEST_F(HttpClientTest, OnlyHttpUrlsAndCleanHeadersAreSent) {
  for (const char* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "",
                          "unix:/tmp/x", "http://"}) {
    ClientRequest request;
    request.url = url;
    EXPECT_THAT(client_.Fetch(request),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << url;
  }
  ClientRequest request;
  request.url = "http://127.0.0.1:1/";
  request.headers.Add("x", "1\r\ny: 2");
  EXPECT_THAT(client_.Fetch(request),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(HttpClientTest, CallsPastTheBoundAreRefusedAndTheRestAreCancelled) {
  std::mutex mu;
  std::vector<std::shared_ptr<ResponseWriter>> held;
  Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
    std::lock_guard lock(mu);
    held.push_back(std::move(out));
  });
  std::promise<absl::Status> first;
  std::promise<absl::Status> second;
  {
    ClientOptions options;
    options.max_calls = 1;
    Client client(options);
    const auto tell = [](std::promise<absl::Status>& promise) {
      ClientCallbacks callbacks;
      callbacks.on_done = [&](const absl::StatusOr<ClientResponse>& response) {
        promise.set_value(response.status());
      };
      return callbacks;
    };
    client.Send(To("/"), tell(first));
    client.Send(To("/"), tell(second));
    EXPECT_THAT(second.get_future().get(),
                StatusIs(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_THAT(first.get_future().get(), StatusIs(absl::StatusCode::kCancelled));
}

}  // namespace
}  // namespace evalloop::http
