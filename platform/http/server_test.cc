#include "platform/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

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

}  // namespace
}  // namespace evalloop::http
