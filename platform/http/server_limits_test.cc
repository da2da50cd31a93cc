// What the server refuses, and when it hangs up. Also the admin server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "platform/http/admin.h"
#include "platform/http/server.h"
#include "platform/testing/raw_connection.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using evalloop::testing::IsOk;
using evalloop::testing::RawConnection;
using evalloop::testing::StatusIs;

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
  EXPECT_EQ(ask("/v1",
                "authorization: Bearer secret\r\n"
                "authorization: Bearer secret\r\n"),
            "HTTP/1.1 400");
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
