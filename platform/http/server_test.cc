#include "platform/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/http/admin.h"
#include "platform/testing/raw_connection.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using evalloop::testing::IsOk;
using evalloop::testing::RawConnection;
using evalloop::testing::StatusIs;

constexpr auto kLong = 10s;

std::unique_ptr<Server> Serve(Handler handler, ServerOptions options = {}) {
  auto server = Server::Start(std::move(options), std::move(handler));
  EXPECT_THAT(server, IsOk());
  return *std::move(server);
}

void Echo(const Request& request, const std::shared_ptr<ResponseWriter>& out) {
  Response response;
  response.body = request.method + " " + request.path + "?" + request.query +
                  " " + request.body;
  out->Send(std::move(response));
}

std::string Post(std::string_view body, std::string_view more = "") {
  return "POST /p HTTP/1.1\r\nhost: x\r\ncontent-length: " +
         std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" +
         std::string(body);
}

constexpr std::string_view kGet = "GET /g HTTP/1.1\r\nhost: x\r\n\r\n";

TEST(HttpServerTest, OneConnectionServesManyRequests) {
  const auto server = Serve(Echo);
  RawConnection peer(server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        peer.Say("POST /a%20b?q=1 HTTP/1.1\r\nhost: x\r\n"
                 "content-length: 2\r\n\r\nhi"));
    const std::string heard = peer.HearUntil("POST /a b?q=1 hi");
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(heard, HasSubstr("content-length: 16\r\n"));
  }
}

TEST(HttpServerTest, RequestsSentTogetherAreAnsweredInOrder) {
  const auto server = Serve(Echo);
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(Post("one") + Post("two", "connection: close\r\n")));
  const std::string heard = peer.HearAll();
  EXPECT_LT(heard.find("one"), heard.find("two"));
  EXPECT_THAT(heard, EndsWith("two"));
}

TEST(HttpServerTest, ChunkedRequestsArriveWhole) {
  const auto server = Serve(Echo);
  RawConnection peer(server->port());
  ASSERT_TRUE(
      peer.Say("POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
               "transfer-encoding: chunked\r\n\r\n"
               "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"));
  EXPECT_THAT(peer.HearAll(), EndsWith("POST /? abcde"));
}

TEST(HttpServerTest, AClientThatAsksFirstIsToldToContinue) {
  const auto server = Serve(Echo);
  RawConnection peer(server->port());
  ASSERT_TRUE(
      peer.Say("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n"
               "expect: 100-continue\r\n\r\n"));
  EXPECT_EQ(peer.HearUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(peer.Say("ok"));
  EXPECT_THAT(peer.HearUntil("? ok"), HasSubstr("200 OK"));
}

TEST(HttpServerTest, StreamsAreChunkedAndTheConnectionLivesOn) {
  const auto server =
      Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->StartStream(200, {{"content-type", "text/event-stream"}});
        EXPECT_EQ(out->Write("data: 1\n\n"), WriteResult::kOk);
        EXPECT_EQ(out->Write("data: 2\n\n"), WriteResult::kOk);
        out->End();
        EXPECT_EQ(out->Write("late"), WriteResult::kGone);
      });
  RawConnection peer(server->port());
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(peer.Say(kGet));
    const std::string heard = peer.HearUntil("0\r\n\r\n");
    EXPECT_THAT(heard, HasSubstr("transfer-encoding: chunked\r\n"));
    EXPECT_THAT(heard, HasSubstr("data: 2\n\n"));
  }
}

TEST(HttpServerTest, OldClientsGetAStreamThatEndsWithTheConnection) {
  const auto server =
      Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->StartStream(200, {});
        out->Write("abc");
        out->End();
      });
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say("GET / HTTP/1.0\r\n\r\n"));
  const std::string heard = peer.HearAll();
  EXPECT_THAT(heard, Not(HasSubstr("chunked")));
  EXPECT_THAT(heard, EndsWith("\r\n\r\nabc"));
}

TEST(HttpServerTest, PiecesWrittenFromOtherThreadsArriveInOrder) {
  std::vector<std::thread> threads;
  const auto server =
      Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
        threads.emplace_back([out = std::move(out)] {
          out->StartStream(200, {});
          for (int i = 0; i < 1000; ++i) {
            while (out->Write(std::to_string(i) + ",") == WriteResult::kFull) {
              ASSERT_TRUE(out->WaitWritable(kLong));
            }
          }
          out->End();
        });
      });
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say("GET / HTTP/1.0\r\n\r\n"));
  const std::string heard = peer.HearAll();
  std::string expected = "\r\n\r\n";
  for (int i = 0; i < 1000; ++i) expected += std::to_string(i) + ",";
  EXPECT_THAT(heard, EndsWith(expected));
  for (auto& thread : threads) thread.join();
}

TEST(HttpServerTest, AClientThatReadsNothingFillsTheBoundNotTheMemory) {
  std::promise<std::size_t> taken;
  std::thread writer;
  ServerOptions options;
  options.max_buffered = 64 << 10;
  options.write_timeout = 300ms;
  const auto server = Serve(
      [&](const Request&, std::shared_ptr<ResponseWriter> out) {
        writer = std::thread([&taken, out = std::move(out)] {
          out->StartStream(200, {});
          std::size_t total = 0;
          const std::string piece(16 << 10, 'x');
          while (true) {
            const WriteResult result = out->Write(piece);
            if (result == WriteResult::kOk) total += piece.size();
            if (result == WriteResult::kGone) break;
            if (result == WriteResult::kFull && !out->WaitWritable(kLong)) {
              break;
            }
          }
          taken.set_value(total);
        });
      },
      options);
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  auto total = taken.get_future();
  // The write timeout ends the stream; the kernel's buffers took the most.
  ASSERT_EQ(total.wait_for(kLong), std::future_status::ready);
  EXPECT_LT(total.get(), 64u << 20);
  writer.join();
}

TEST(HttpServerTest, AClientThatLeavesWhileItWaitsCancelsItsRequest) {
  std::promise<void> cancelled;
  std::promise<void> called;
  std::shared_ptr<ResponseWriter> held;
  const auto server =
      Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
        out->OnCancel([&cancelled] { cancelled.set_value(); });
        held = std::move(out);
        called.set_value();
      });
  {
    RawConnection peer(server->port());
    ASSERT_TRUE(peer.Say(Post("x")));
    ASSERT_EQ(called.get_future().wait_for(kLong), std::future_status::ready);
    EXPECT_FALSE(held->cancelled());
  }
  ASSERT_EQ(cancelled.get_future().wait_for(kLong), std::future_status::ready);
  EXPECT_TRUE(held->cancelled());
  held->Send(Response());  // Too late, and harmless.
}

TEST(HttpServerTest, AClientThatLeavesWithinAStreamCancelsIt) {
  std::promise<void> cancelled;
  std::shared_ptr<ResponseWriter> held;
  const auto server =
      Serve([&](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        held = out;
        out->StartStream(200, {});
        out->Write("first");
        out->OnCancel([&cancelled] { cancelled.set_value(); });
      });
  {
    RawConnection peer(server->port());
    ASSERT_TRUE(peer.Say(kGet));
    EXPECT_THAT(peer.HearUntil("first"), HasSubstr("200 OK"));
  }
  ASSERT_EQ(cancelled.get_future().wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(held->Write("more"), WriteResult::kGone);
}

TEST(HttpServerTest, AnAnsweredRequestIsNeverCancelled) {
  bool cancelled = false;
  const auto server =
      Serve([&](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->OnCancel([&cancelled] { cancelled = true; });
        out->Send(Response());
      });
  {
    RawConnection peer(server->port());
    ASSERT_TRUE(peer.Say(kGet));
    EXPECT_THAT(peer.HearUntil("\r\n\r\n"), HasSubstr("200 OK"));
  }
  server->Stop(kLong);
  EXPECT_FALSE(cancelled);
}

TEST(HttpServerTest, AWriterDroppedWithoutAnAnswerAnswers500) {
  const auto server =
      Serve([](const Request&, const std::shared_ptr<ResponseWriter>&) {});
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  EXPECT_THAT(peer.HearUntil("\r\n\r\n"), StartsWith("HTTP/1.1 500"));
}

TEST(HttpServerTest, ADroppedStreamIsBrokenOffSoThatItDoesNotLookWhole) {
  const auto server =
      Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->StartStream(200, {});
        out->Write("half");
      });
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  EXPECT_THAT(peer.HearAll(), EndsWith("\r\n4\r\nhalf\r\n"));
}

TEST(HttpServerTest, ABodyPastTheBoundIs413) {
  ServerOptions options;
  options.max_body = 10;
  const auto server = Serve(Echo, options);
  RawConnection fixed(server->port());
  ASSERT_TRUE(fixed.Say(Post("01234567890")));
  EXPECT_THAT(fixed.HearAll(), StartsWith("HTTP/1.1 413"));
  RawConnection chunked(server->port());
  ASSERT_TRUE(
      chunked.Say("POST / HTTP/1.1\r\nhost: x\r\n"
                  "transfer-encoding: chunked\r\n\r\n"
                  "b\r\n01234567890\r\n0\r\n\r\n"));
  EXPECT_THAT(chunked.HearAll(), StartsWith("HTTP/1.1 413"));
  RawConnection fits(server->port());
  ASSERT_TRUE(fits.Say(Post("0123456789")));
  EXPECT_THAT(fits.HearUntil("0123456789"), StartsWith("HTTP/1.1 200"));
}

TEST(HttpServerTest, AHeaderPastTheBoundIs431AndNonsenseIs400) {
  ServerOptions options;
  options.max_header = 512;
  const auto server = Serve(Echo, options);
  RawConnection large(server->port());
  large.Say("GET / HTTP/1.1\r\nx: " + std::string(4000, 'x') + "\r\n\r\n");
  EXPECT_THAT(large.HearAll(), StartsWith("HTTP/1.1 431"));
  for (const char* nonsense :
       {"\x16\x03\x01 tls\r\n\r\n", "GET nothing HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc",
        "POST / HTTP/1.1\r\ncontent-length: 3\r\n"
        "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    RawConnection peer(server->port());
    peer.Say(nonsense);
    EXPECT_THAT(peer.HearAll(), StartsWith("HTTP/1.1 400")) << nonsense;
  }
}

TEST(HttpServerTest, AClientThatDripsItsHeaderIsClosed) {
  ServerOptions options;
  options.header_timeout = 200ms;
  const auto server = Serve(Echo, options);
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say("GET / HT"));
  EXPECT_TRUE(peer.PeerCloses());
}

TEST(HttpServerTest, AClientThatDripsItsBodyIsClosed) {
  ServerOptions options;
  options.body_timeout = 200ms;
  const auto server = Serve(Echo, options);
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say("POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc"));
  EXPECT_TRUE(peer.PeerCloses());
}

TEST(HttpServerTest, AnIdleConnectionIsClosed) {
  ServerOptions options;
  options.idle_timeout = 200ms;
  const auto server = Serve(Echo, options);
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  EXPECT_TRUE(peer.PeerCloses());
}

TEST(HttpServerTest, OneConnectionTooManyIsToldSo) {
  ServerOptions options;
  options.max_connections = 1;
  const auto server = Serve(Echo, options);
  RawConnection first(server->port());
  ASSERT_TRUE(first.Say(kGet));
  EXPECT_THAT(first.HearUntil("/g? "), HasSubstr("200 OK"));
  RawConnection second(server->port());
  EXPECT_THAT(second.HearAll(), StartsWith("HTTP/1.1 503"));
}

TEST(HttpServerTest, ATakenPortIsAClearError) {
  const auto server = Serve(Echo);
  ServerOptions options;
  options.port = server->port();
  const auto second = Server::Start(options, Echo);
  EXPECT_THAT(second, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(std::to_string(server->port())));
}

TEST(HttpServerTest, OtherAddressesNeedAToken) {
  ServerOptions options;
  options.address = "0.0.0.0";
  EXPECT_THAT(Server::Start(options, Echo),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  options.auth_token = "secret";
  EXPECT_THAT(Server::Start(options, Echo), IsOk());
  options.address = "not an address";
  EXPECT_THAT(Server::Start(options, Echo),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(HttpServerTest, OnlyTheTokenOpensAllButTheProbes) {
  ServerOptions options;
  options.auth_token = "secret";
  const auto server = Serve(Echo, options);
  const auto ask = [&](std::string_view path, std::string_view field) {
    RawConnection peer(server->port());
    peer.Say("GET " + std::string(path) + " HTTP/1.1\r\nconnection: close\r\n" +
             std::string(field) + "\r\n");
    return peer.HearAll().substr(0, 12);
  };
  EXPECT_EQ(ask("/v1", ""), "HTTP/1.1 401");
  EXPECT_EQ(ask("/v1", "authorization: Bearer wrong\r\n"), "HTTP/1.1 401");
  EXPECT_EQ(ask("/v1", "authorization: Bearer secret\r\n"), "HTTP/1.1 200");
  EXPECT_EQ(ask("/healthz", ""), "HTTP/1.1 200");
  EXPECT_EQ(ask("/healthz/../v1", ""), "HTTP/1.1 401");
}

TEST(HttpServerTest, AHandlersHeaderCannotForgeAnother) {
  const auto server =
      Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->Send({200, {{"x-a", "1\r\nx-b: 2"}, {"content-length", "9"}}, ""});
      });
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  const std::string heard = peer.HearUntil("\r\n\r\n");
  EXPECT_THAT(heard, HasSubstr("x-a: 1  x-b: 2\r\n"));
  EXPECT_THAT(heard, HasSubstr("content-length: 0\r\n"));
}

TEST(HttpServerTest, StopLetsARunningRequestFinish) {
  std::promise<std::shared_ptr<ResponseWriter>> called;
  const auto server =
      Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
        called.set_value(std::move(out));
      });
  RawConnection idle(server->port());
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  auto out = called.get_future().get();
  std::thread stopping([&] { server->Stop(kLong); });
  EXPECT_TRUE(idle.PeerCloses());  // So it is stopping by now.
  Response response;
  response.body = "done";
  out->Send(std::move(response));
  const std::string heard = peer.HearAll();
  EXPECT_THAT(heard, EndsWith("done"));
  EXPECT_THAT(heard, HasSubstr("connection: close"));
  stopping.join();
}

TEST(HttpServerTest, StopCancelsWhatDoesNotFinishInTime) {
  std::promise<void> called;
  std::shared_ptr<ResponseWriter> held;
  bool cancelled = false;
  const auto server =
      Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
        out->OnCancel([&cancelled] { cancelled = true; });
        held = std::move(out);
        called.set_value();
      });
  RawConnection peer(server->port());
  ASSERT_TRUE(peer.Say(kGet));
  called.get_future().wait();
  server->Stop(1ms);
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(peer.PeerCloses());
}

TEST(AdminServerTest, TellsAliveReadyAndMetrics) {
  telemetry::Registry registry;
  registry.GetCounter("evalloop_unit_things_total", "Things.").Add(3);
  absl::Status database = absl::UnavailableError("no connection");
  const auto admin =
      AdminServer::Start({}, registry,
                         {{"postgres", [&] { return database; }},
                          {"kafka", [] { return absl::OkStatus(); }}});
  ASSERT_THAT(admin, IsOk());
  const auto ask = [&](std::string_view path) {
    RawConnection peer((*admin)->port());
    peer.Say("GET " + std::string(path) +
             " HTTP/1.1\r\nconnection: close\r\n\r\n");
    return peer.HearAll();
  };
  EXPECT_THAT(ask("/healthz"), StartsWith("HTTP/1.1 200"));
  const std::string unready = ask("/readyz");
  EXPECT_THAT(unready, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(unready, HasSubstr("no connection"));
  database = absl::OkStatus();
  EXPECT_THAT(ask("/readyz"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask("/metrics"), HasSubstr("evalloop_unit_things_total 3"));
  EXPECT_THAT(ask("/other"), StartsWith("HTTP/1.1 404"));
}

}  // namespace
}  // namespace evalloop::http
