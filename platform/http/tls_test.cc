// The server and the client by TLS, with certificates of an authority of the
// test's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "platform/http/admin.h"
#include "platform/http/client.h"
#include "platform/http/server.h"
#include "platform/testing/certificates.h"
#include "platform/testing/raw_connection.h"
#include "platform/testing/status_matchers.h"
#include "platform/testing/tls_connection.h"

namespace evalloop::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;
using evalloop::testing::Certificates;
using evalloop::testing::IsOk;
using evalloop::testing::RawConnection;
using evalloop::testing::StatusIs;
using evalloop::testing::TlsConnection;

constexpr auto kLong = 10s;
constexpr std::string_view kGet = "GET /g HTTP/1.1\r\nhost: x\r\n\r\n";
constexpr std::string_view kGetAndClose =
    "GET /g HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

void Echo(const Request& request, const std::shared_ptr<ResponseWriter>& out) {
  Response response;
  response.body = request.path + " " + request.body;
  out->Send(std::move(response));
}

class HttpTlsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    files_ = new Certificates;
    files_->Make("good", "IP:127.0.0.1");
    files_->Make("elsewhere", "DNS:elsewhere.example");
  }
  static void TearDownTestSuite() { delete files_; }

  static TlsFiles Files(const std::string& name) {
    return {.certificate_file = files_->Path(name + ".pem"),
            .key_file = files_->Path(name + ".key")};
  }

  void Serve(Handler handler, ServerOptions options = {}) {
    if (options.tls.empty()) options.tls = Files("good");
    auto server = Server::Start(std::move(options), std::move(handler));
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
  }

  ClientRequest To(std::string_view path) const {
    ClientRequest request;
    request.url = "https://127.0.0.1:" + std::to_string(server_->port()) +
                  std::string(path);
    request.deadline = kLong;
    return request;
  }

  static Certificates* files_;
  std::unique_ptr<Server> server_;
  Client client_{{.ca_file = files_->Path("ca.pem")}};
};
Certificates* HttpTlsTest::files_ = nullptr;

TEST_F(HttpTlsTest, ClientsTakeTheAuthoritysCertificateForItsNameOnly) {
  Serve(Echo);
  const auto answer = client_.Fetch(To("/a"));
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->body, "/a ");
  Client trusts_nobody_of_ours;
  EXPECT_THAT(trusts_nobody_of_ours.Fetch(To("/")),
              StatusIs(absl::StatusCode::kUnavailable));
  const Certificates others;
  Client trusts_others({.ca_file = others.Path("ca.pem")});
  EXPECT_THAT(trusts_others.Fetch(To("/")),
              StatusIs(absl::StatusCode::kUnavailable));
  ServerOptions options;
  options.tls = Files("elsewhere");
  Serve(Echo, options);
  EXPECT_THAT(client_.Fetch(To("/")), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(HttpTlsTest, LargeBodiesArriveWholeBothWays) {
  Serve(Echo);
  ClientRequest request = To("/");
  request.method = "POST";
  for (int i = 0; i < 200'000; ++i) request.body += std::to_string(i);
  const auto answer = client_.Fetch(request);
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(answer->body, "/ " + request.body);
}

TEST_F(HttpTlsTest, PiecesOfAStreamArriveBeforeItsEnd) {
  std::promise<void> first_seen;
  auto first = first_seen.get_future().share();
  std::thread producer;
  Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
    producer = std::thread([first, out = std::move(out)] {
      out->StartStream(200, {{"content-type", "text/event-stream"}});
      out->Write("data: one\n\n");
      first.wait_for(kLong);  // The end waits for the client's first piece.
      for (int i = 0; i < 1000; ++i) {
        while (out->Write("data: more\n\n") == WriteResult::kFull) {
          ASSERT_TRUE(out->WaitWritable(kLong));
        }
      }
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
  EXPECT_THAT(done.get_future().get(), IsOk());
  producer.join();
  EXPECT_THAT(seen, StartsWith("data: one\n\n"));
  EXPECT_EQ(seen.size(), 11 + 1000 * 12u);
}

TEST_F(HttpTlsTest, RequestsSentTogetherAreAnsweredInOrderAndBidGoodbye) {
  Serve(Echo);
  TlsConnection peer(server_->port());
  ASSERT_TRUE(peer.connected());
  ASSERT_TRUE(peer.Say(std::string(kGet) + std::string(kGetAndClose)));
  const std::string heard = peer.HearAll();
  EXPECT_NE(heard.find("/g "), heard.rfind("/g "));
  EXPECT_TRUE(peer.HeardGoodbye());
}

TEST_F(HttpTlsTest, AStreamThatBreaksOffBidsNoGoodbye) {
  Serve([](const Request&, const std::shared_ptr<ResponseWriter>& out) {
    out->StartStream(200, {});
    out->Write("half");
  });
  TlsConnection peer(server_->port());
  ASSERT_TRUE(peer.Say("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(peer.HearAll(), EndsWith("half"));
  EXPECT_FALSE(peer.HeardGoodbye());
}

TEST_F(HttpTlsTest, AClientThatLeavesWithOrWithoutAGoodbyeCancelsItsRequest) {
  for (const bool polite : {true, false}) {
    std::promise<void> cancelled;
    std::promise<void> called;
    std::shared_ptr<ResponseWriter> held;
    Serve([&](const Request&, std::shared_ptr<ResponseWriter> out) {
      out->OnCancel([&cancelled] { cancelled.set_value(); });
      held = std::move(out);
      called.set_value();
    });
    auto peer = std::make_unique<TlsConnection>(server_->port());
    ASSERT_TRUE(peer->Say(kGet));
    ASSERT_EQ(called.get_future().wait_for(kLong), std::future_status::ready);
    if (polite) {
      peer->SayGoodbye();
    } else {
      peer.reset();
    }
    EXPECT_EQ(cancelled.get_future().wait_for(kLong),
              std::future_status::ready);
  }
}

TEST_F(HttpTlsTest, PlainHttpIsToldToUseTls) {
  bool called = false;
  Serve([&](const Request&, const std::shared_ptr<ResponseWriter>&) {
    called = true;
  });
  RawConnection peer(server_->port());
  peer.Say(kGet);
  const std::string heard = peer.HearAll();
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(heard, HasSubstr("https://"));
  RawConnection nonsense(server_->port());
  nonsense.Say("SSH-2.0-none\r\n");
  EXPECT_TRUE(nonsense.PeerCloses());
  server_->Stop(kLong);
  EXPECT_FALSE(called);
}

TEST_F(HttpTlsTest, AClientThatDripsItsHandshakeIsClosed) {
  ServerOptions options;
  options.header_timeout = 200ms;
  Serve(Echo, options);
  RawConnection silent(server_->port());
  RawConnection dripping(server_->port());
  dripping.Say("\x16\x03\x01");
  EXPECT_TRUE(silent.PeerCloses());
  EXPECT_TRUE(dripping.PeerCloses());
}

TEST_F(HttpTlsTest, TimersAndBoundsHoldAsWithoutTls) {
  ServerOptions options;
  options.header_timeout = options.body_timeout = options.idle_timeout = 300ms;
  options.max_body = 10;
  Serve(Echo, options);
  const auto heard_of = [this](std::string_view said) {
    TlsConnection peer(server_->port());
    EXPECT_TRUE(peer.Say(said));
    return peer.HearAll();
  };
  EXPECT_EQ(heard_of("GET / HT"), "");
  EXPECT_EQ(heard_of("POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nabc"), "");
  EXPECT_THAT(heard_of(kGet), EndsWith("/g "));
  EXPECT_THAT(heard_of("POST / HTTP/1.1\r\ncontent-length: 11\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
}

TEST_F(HttpTlsTest, OldVersionsAndOtherProtocolsAreRefused) {
  Serve(Echo);
  EXPECT_FALSE(
      TlsConnection(server_->port(), {.newest = TLS1_1_VERSION}).connected());
  EXPECT_TRUE(
      TlsConnection(server_->port(), {.newest = TLS1_2_VERSION}).connected());
  EXPECT_FALSE(TlsConnection(server_->port(), {.alpn = "\x02h2"}).connected());
  TlsConnection both(server_->port(), {.alpn = "\x02h2\x08http/1.1"});
  EXPECT_EQ(both.Protocol(), "http/1.1");
}

TEST_F(HttpTlsTest, FilesOfNoUseAreNamed) {
  const auto start = [](TlsFiles files) {
    ServerOptions options;
    options.tls = std::move(files);
    return Server::Start(options, Echo).status();
  };
  const auto code = absl::StatusCode::kFailedPrecondition;
  TlsFiles files = Files("good");
  files.key_file = "none.key";
  EXPECT_THAT(start(files), StatusIs(code, HasSubstr("none.key")));
  files.key_file = "";
  EXPECT_THAT(start(files), StatusIs(code, HasSubstr("can't be read")));
  files.key_file = Files("elsewhere").key_file;
  EXPECT_THAT(start(files), StatusIs(code, HasSubstr("elsewhere.key")));
  files = Files("good");
  files.certificate_file = files.key_file;
  EXPECT_THAT(start(files), StatusIs(code, HasSubstr("no PEM certificate")));
}

// Whole or not at all, as the kubelet and certbot do it.
void Replace(const std::string& from, const std::string& to) {
  std::filesystem::copy_file(from, to + ".new",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::rename(to + ".new", to);
}

TEST_F(HttpTlsTest, RenewalsUnderLoadFailNoCallAndBreakNoConnection) {
  files_->Make("first", "IP:127.0.0.1");
  files_->Make("second", "IP:127.0.0.1");
  const auto put = [](const std::string& name) {
    Replace(files_->Path(name + ".key"), files_->Path("now.key"));
    Replace(files_->Path(name + ".pem"), files_->Path("now.pem"));
  };
  put("first");
  ServerOptions options;
  options.tls = Files("now");
  options.tls_refresh = 2ms;
  Serve(Echo, options);
  const auto await = [this](const std::string& subject) {
    const auto end = std::chrono::steady_clock::now() + kLong;
    while (TlsConnection(server_->port()).Subject() != subject) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << subject;
    }
  };
  TlsConnection old(server_->port());
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  std::vector<std::thread> load;
  for (int i = 0; i < 3; ++i) {
    load.emplace_back([&] {
      while (!stop) {
        Client fresh({.ca_file = files_->Path("ca.pem")});
        for (int n = 0; n < 5; ++n, ++calls) {
          EXPECT_THAT(fresh.Fetch(To("/")), IsOk());
        }
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    put("second");
    await("/CN=second");
    put("first");
    await("/CN=first");
  }
  stop = true;
  for (std::thread& thread : load) thread.join();
  EXPECT_GT(calls, 0);
  EXPECT_TRUE(old.Say(kGetAndClose));
  EXPECT_THAT(old.HearAll(), EndsWith("/g "));
  // A broken pair leaves the one before; the next good one is taken.
  std::ofstream(files_->Path("now.key")) << "no key";
  std::ofstream(files_->Path("now.pem")) << "no certificate";
  await("/CN=first");
  put("second");
  await("/CN=second");
}

TEST_F(HttpTlsTest, TheAdminServerSpeaksItToo) {
  telemetry::Registry registry;
  const auto admin = AdminServer::Start({.tls = Files("good")}, registry, {});
  ASSERT_THAT(admin, IsOk());
  TlsConnection peer((*admin)->port());
  ASSERT_TRUE(peer.Say("GET /readyz HTTP/1.1\r\nconnection: close\r\n\r\n"));
  EXPECT_THAT(peer.HearAll(), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace evalloop::http
