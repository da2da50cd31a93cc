#include "platform/http/server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "platform/base/access.h"
#include "platform/http/session.h"
#include "platform/http/tls.h"
#include "platform/http/wire.h"
#include "platform/telemetry/log.h"

namespace evalloop::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

class AsioServer final : public Server {
 public:
  AsioServer(ServerOptions options, Handler handler,
             std::unique_ptr<TlsIdentity> identity)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        identity_(std::move(identity)),
        acceptor_(asio::make_strand(io_)),
        renewal_(acceptor_.get_executor()) {}

  ~AsioServer() override { Stop(std::chrono::milliseconds(0)); }

  absl::Status Listen() {
    error_code error;
    const std::string numeric =
        options_.address == "localhost" ? "127.0.0.1" : options_.address;
    const auto address = asio::ip::make_address(numeric, error);
    if (error) {
      return absl::InvalidArgumentError(
          fmt::format("\"{}\" is not a numeric address", options_.address));
    }
    const tcp::endpoint endpoint(address, options_.port);
    acceptor_.open(endpoint.protocol(), error);
    // On Linux this skips old connections in TIME_WAIT, not live listeners.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
      return absl::AlreadyExistsError(
          fmt::format("port {} on {} is taken: stop what listens there, or "
                      "choose another port",
                      options_.port, options_.address));
    }
    if (error) {
      return absl::UnavailableError(fmt::format("cannot listen on {}:{}: {}",
                                                options_.address, options_.port,
                                                error.message()));
    }
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(acceptor_.get_executor(), Accept(), asio::detached);
    if (identity_ != nullptr) {
      asio::co_spawn(acceptor_.get_executor(), Renew(), asio::detached);
    }
    for (int i = 0; i < options_.io_threads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
    return absl::OkStatus();
  }

  std::uint16_t port() const override { return port_; }

  void Stop(std::chrono::milliseconds grace) override {
    {
      std::lock_guard lock(mu_);
      if (std::exchange(stopping_, true)) return;
      for (const auto& session : sessions_) session->StopSoon();
    }
    asio::post(acceptor_.get_executor(), [this] {
      acceptor_.close();
      renewal_.cancel();
    });
    {
      std::unique_lock lock(mu_);
      closed_.wait_for(lock, grace, [this] { return sessions_.empty(); });
      for (const auto& session : sessions_) session->StopNow();
      closed_.wait(lock, [this] { return sessions_.empty(); });
    }
    work_.reset();
    for (auto& thread : threads_) thread.join();
  }

 private:
  asio::awaitable<void> Accept() {
    asio::steady_timer pause(acceptor_.get_executor());
    while (acceptor_.is_open()) {
      const auto strand = asio::make_strand(io_);
      auto [error, socket] = co_await acceptor_.async_accept(strand, kAwait);
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // Out of files, most likely: wait for some to close.
        telemetry::LogWarning("cannot accept a connection",
                              {{"error", error.message()}});
        pause.expires_after(std::chrono::milliseconds(100));
        co_await pause.async_wait(kAwait);
        continue;
      }
      Open(std::move(socket));
    }
  }

  // Looks whether the certificate was renewed, from time to time.
  asio::awaitable<void> Renew() {
    while (acceptor_.is_open()) {
      renewal_.expires_after(options_.tls_refresh);
      co_await renewal_.async_wait(kAwait);  // Cancelled by Stop.
      if (acceptor_.is_open()) identity_->Renew();
    }
  }

  void Open(tcp::socket socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    std::unique_lock lock(mu_);
    if (stopping_) return;
    if (sessions_.size() >=
        static_cast<std::size_t>(options_.max_connections)) {
      lock.unlock();
      Shed(socket);
      return;
    }
    auto ssl = identity_ == nullptr ? Ssl() : identity_->NewConnection();
    if (identity_ != nullptr && ssl == nullptr) return;  // Out of memory.
    // Not closed before it is known: Closed waits for the lock.
    sessions_.insert(Session::Open(
        std::move(socket), std::move(ssl), options_, handler_,
        [this](const std::shared_ptr<Session>& session) { Closed(session); }));
  }

  void Closed(const std::shared_ptr<Session>& session) {
    std::lock_guard lock(mu_);
    sessions_.erase(session);
    if (sessions_.empty()) closed_.notify_all();
  }

  // Best effort: one short write into an empty socket buffer does not block.
  // By TLS nothing can be said without a handshake.
  void Shed(tcp::socket& socket) const {
    if (identity_ != nullptr) return;
    const Response response =
        ErrorResponse(503, "overloaded_error", "too many connections");
    HeadOptions options;
    options.content_length = response.body.size();
    options.keep_alive = false;
    const std::string text = FormatHead(response, options) + response.body;
    const auto sent = ::send(socket.native_handle(), text.data(), text.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    static_cast<void>(sent);
    error_code ignored;
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  const ServerOptions options_;
  const Handler handler_;
  const std::unique_ptr<TlsIdentity> identity_;  // Null: no TLS.
  std::mutex mu_;
  std::condition_variable closed_;
  bool stopping_ = false;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::uint16_t port_ = 0;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{
      io_.get_executor()};
  tcp::acceptor acceptor_;
  asio::steady_timer renewal_;
  std::vector<std::thread> threads_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options,
                                                      Handler handler) {
  if (options.gatekeeper == nullptr) {
    options.gatekeeper = access::NewTokenGatekeeper(options.auth_token);
  }
  if (options.gatekeeper->open() && !base::IsLoopback(options.address)) {
    return absl::FailedPreconditionError(fmt::format(
        "refusing to listen on {} without authentication: set a token, or "
        "listen on 127.0.0.1",
        options.address));
  }
  std::unique_ptr<TlsIdentity> identity;
  if (!options.tls.empty()) {
    auto read = TlsIdentity::Of(options.tls);
    if (!read.ok()) return read.status();
    identity = *std::move(read);
  }
  auto server = std::make_unique<AsioServer>(
      std::move(options), std::move(handler), std::move(identity));
  if (const auto status = server->Listen(); !status.ok()) return status;
  return server;
}

}  // namespace evalloop::http
