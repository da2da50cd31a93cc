// Long file: the only one that includes Beast and Asio, which take long to
// compile.
//
// One coroutine a connection, on a strand of its own. g++ 12 frees an aggregate
// temporary twice when it stands in one full expression with co_await, so
// whatever is passed there is a named local or has a constructor.
#include "platform/http/server.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
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
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "platform/base/access.h"
#include "platform/http/exchange.h"
#include "platform/http/wire.h"
#include "platform/telemetry/log.h"

namespace evalloop::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Parser = beast::http::request_parser<beast::http::string_body>;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
// How long, and how much, a refused request is read on, so that the client
// sees the answer rather than a reset.
constexpr std::chrono::seconds kLingerTime{1};
constexpr std::size_t kLingerBytes = 1u << 20;

class Session final : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const ServerOptions& options,
          const Handler& handler)
      : options_(options),
        handler_(handler),
        stream_(std::move(socket)),
        woken_timer_(stream_.get_executor()) {}

  asio::awaitable<void> Run() {
    bool more = true;
    while (more && !stopping_) more = co_await ServeOne();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

  // No request after the present one.
  void StopSoon() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      self->stopping_ = true;
      if (!self->busy_) self->stream_.close();
    });
  }

  // Ends the present request too.
  void StopNow() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      self->stopping_ = true;
      self->Leave();
    });
  }

 private:
  struct Incoming {
    Request request;
    bool keep_alive = false;
    bool http_1_0 = false;
  };

  // Reads one request and answers it. False when the connection must close.
  asio::awaitable<bool> ServeOne() {
    busy_ = false;
    if (buffer_.size() == 0) {
      stream_.expires_after(first_ ? options_.header_timeout
                                   : options_.idle_timeout);
      const auto space = buffer_.prepare(kReadSize);
      const auto [error, read] =
          co_await stream_.async_read_some(space, kAwait);
      if (error) co_return false;
      buffer_.commit(read);
    }
    busy_ = true;
    first_ = false;
    Incoming incoming;
    int refused = co_await ReadRequest(incoming);
    if (refused < 0) co_return false;
    if (refused > 0) {
      co_await Refuse(refused);
      co_return false;
    }
    stream_.expires_never();
    exchange_ = std::make_shared<Exchange>(
        options_.max_buffered, [this] {  // Valid until Detach, below.
          asio::post(stream_.get_executor(),
                     [self = shared_from_this()] { self->Wake(); });
        });
    WatchForLeaving();
    CallHandler(std::move(incoming.request));
    const bool more = co_await Answer(incoming);
    if (!more) exchange_->Cancel();  // Nothing happens if it is finished.
    exchange_->Detach();
    exchange_.reset();
    co_return more;
  }

  // 0, or the status to refuse with, or -1 when the client is gone.
  asio::awaitable<int> ReadRequest(Incoming& incoming) {
    Parser parser;
    parser.header_limit(options_.max_header);
    parser.body_limit(options_.max_body);
    stream_.expires_after(options_.header_timeout);
    const auto [head_error, head_size] =
        co_await beast::http::async_read_header(stream_, buffer_, parser,
                                                kAwait);
    if (head_error) co_return StatusOf(head_error);
    const auto& message = parser.get();
    const bool head = message.method() == beast::http::verb::head;
    is_head_ = head;
    if (!ParseTarget(ToView(message.target()), incoming.request)) {
      co_return 400;
    }
    if (!Known(ToView(message[beast::http::field::authorization]),
               incoming.request)) {
      co_return 401;
    }
    stream_.expires_after(options_.body_timeout);
    if (!parser.is_done() &&
        beast::iequals(message[beast::http::field::expect], "100-continue")) {
      const auto go_on = asio::buffer(kContinue, sizeof kContinue - 1);
      const auto [error, written] =
          co_await asio::async_write(stream_, go_on, kAwait);
      if (error) co_return -1;
    }
    const auto [body_error, body_size] =
        co_await beast::http::async_read(stream_, buffer_, parser, kAwait);
    if (body_error) co_return StatusOf(body_error);
    incoming.keep_alive = message.keep_alive();
    incoming.http_1_0 = message.version() < 11;
    incoming.request.method = ToView(message.method_string());
    for (const auto& field : message) {
      incoming.request.headers.Add(std::string(ToView(field.name_string())),
                                   std::string(ToView(field.value())));
    }
    incoming.request.body = std::move(parser.get().body());
    co_return 0;
  }

  // Writes what the handler gives, as it gives it.
  asio::awaitable<bool> Answer(const Incoming& incoming) {
    bool keep_alive = incoming.keep_alive;
    bool chunked = false;
    while (true) {
      if (gone_) co_return false;
      Exchange::Work work = exchange_->Take();
      if (work.empty()) {
        co_await Woken();
        continue;
      }
      std::string head;
      if (work.has_head) {
        const bool bodiless =
            work.head.status == 204 || work.head.status == 304 || is_head_;
        chunked = work.streaming && !incoming.http_1_0 && !bodiless;
        if (stopping_ || (work.streaming && !chunked && !bodiless)) {
          keep_alive = false;
        }
        HeadOptions options;
        options.chunked = chunked;
        options.keep_alive = keep_alive;
        if (!work.streaming && work.head.status != 204) {
          options.content_length = work.head.body.size();
        }
        head = FormatHead(work.head, options);
        if (!work.streaming && !bodiless) work.data = std::move(work.head.body);
        no_body_ = bodiless;
      }
      if (no_body_) work.data.clear();
      if (!co_await WriteParts(head, work.data, chunked, work.end && chunked)) {
        co_return false;
      }
      exchange_->Sent();
      if (work.broken) co_return false;
      if (work.end) {
        exchange_->Finish();
        co_return keep_alive && !stopping_;
      }
    }
  }

  asio::awaitable<bool> WriteParts(const std::string& head,
                                   const std::string& data, bool chunked,
                                   bool last) {
    const bool framed = chunked && !data.empty();
    const std::string chunk_head = framed ? ChunkHead(data.size()) : "";
    std::string tail = framed ? "\r\n" : "";
    if (last) tail += "0\r\n\r\n";
    const std::array<asio::const_buffer, 4> parts = {
        asio::buffer(head), asio::buffer(chunk_head), asio::buffer(data),
        asio::buffer(tail)};
    stream_.expires_after(options_.write_timeout);
    const auto [error, written] =
        co_await asio::async_write(stream_, parts, kAwait);
    if (!error) stream_.expires_never();
    co_return !error;
  }

  // Answers a request that was not read to its end, then closes.
  asio::awaitable<void> Refuse(int status) {
    Response response = ErrorResponse(
        status,
        status == 401 ? "authentication_error" : "invalid_request_error",
        RefusalText(status));
    if (status == 401) response.headers.Add("www-authenticate", "Bearer");
    HeadOptions options;
    options.content_length = response.body.size();
    options.keep_alive = false;
    const std::string head = FormatHead(response, options);
    const std::string no_body;
    const std::string& body = is_head_ ? no_body : response.body;
    if (!co_await WriteParts(head, body, false, false)) co_return;
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLingerTime);
    for (std::size_t total = 0; total < kLingerBytes;) {
      buffer_.clear();
      const auto space = buffer_.prepare(kReadSize);
      const auto [error, read] =
          co_await stream_.async_read_some(space, kAwait);
      if (error) co_return;
      total += read;
    }
  }

  std::string RefusalText(int status) const {
    switch (status) {
      case 401:
        return "the bearer token is missing or wrong";
      case 413:
        return fmt::format("the body is larger than {} bytes",
                           options_.max_body);
      case 431:
        return fmt::format("the header is larger than {} bytes",
                           options_.max_header);
      default:
        return "the request is not valid HTTP";
    }
  }

  static int StatusOf(const error_code& failure) {
    using Error = beast::http::error;
    if (failure == Error::body_limit) return 413;
    if (failure == Error::header_limit || failure == Error::buffer_overflow) {
      return 431;
    }
    if (failure == Error::end_of_stream || failure == Error::partial_message) {
      return -1;
    }
    // After a timeout the socket is closed: there is nobody to answer.
    const error_code parsing = Error::bad_method;
    return failure.category() == parsing.category() ? 400 : -1;
  }

  // Sets who asks. What the probes ask needs nobody.
  bool Known(std::string_view authorization, Request& request) const {
    auto identity = options_.gatekeeper->Identify(authorization);
    if (identity.ok()) {
      request.identity = *std::move(identity);
      return true;
    }
    return request.path == "/healthz" || request.path == "/readyz";
  }

  void CallHandler(Request request) {
    auto writer = std::make_shared<ExchangeWriter>(exchange_);
    try {
      handler_(std::move(request), std::move(writer));
    } catch (const std::exception& e) {  // The dropped writer answers 500.
      telemetry::LogError("an HTTP handler threw", {{"what", e.what()}});
    }
  }

  // Notices a client that leaves while the answer is being made. A client that
  // sends more instead (the next request) can no longer be watched.
  void WatchForLeaving() {
    stream_.socket().async_wait(
        tcp::socket::wait_read,
        [self = shared_from_this(), exchange = exchange_](error_code error) {
          if (exchange->finished() || exchange != self->exchange_) return;
          char byte = 0;
          const auto peeked =
              error ? -1
                    : ::recv(self->stream_.socket().native_handle(), &byte, 1,
                             MSG_PEEK | MSG_DONTWAIT);
          const bool alive =
              peeked > 0 ||
              (peeked < 0 && !error && (errno == EAGAIN || errno == EINTR));
          if (!alive) self->Leave();
        });
  }

  void Leave() {
    gone_ = true;
    stream_.close();
    if (exchange_ != nullptr) exchange_->Cancel();
    Wake();
  }

  void Wake() {
    woken_ = true;
    woken_timer_.cancel();
  }

  asio::awaitable<void> Woken() {
    while (!woken_) {
      woken_timer_.expires_at(asio::steady_timer::time_point::max());
      co_await woken_timer_.async_wait(kAwait);  // Cancelled by Wake.
    }
    woken_ = false;
  }

  static std::string_view ToView(beast::string_view text) {
    return {text.data(), text.size()};
  }

  static constexpr std::size_t kReadSize = 8192;
  static constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";

  const ServerOptions& options_;
  const Handler& handler_;
  beast::tcp_stream stream_;
  asio::steady_timer woken_timer_;
  beast::flat_buffer buffer_;
  std::shared_ptr<Exchange> exchange_;
  bool first_ = true;
  bool busy_ = false;  // Within a request.
  bool is_head_ = false;
  bool no_body_ = false;
  bool woken_ = false;
  bool gone_ = false;
  bool stopping_ = false;
};

class BeastServer final : public Server {
 public:
  BeastServer(ServerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        acceptor_(asio::make_strand(io_)) {}

  ~BeastServer() override { Stop(std::chrono::milliseconds(0)); }

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
    asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
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
    const auto executor = socket.get_executor();
    const auto session =
        std::make_shared<Session>(std::move(socket), options_, handler_);
    sessions_.insert(session);
    asio::co_spawn(executor, session->Run(),
                   [this, session](const std::exception_ptr& thrown) {
                     Closed(session, thrown);
                   });
  }

  void Closed(const std::shared_ptr<Session>& session,
              const std::exception_ptr& thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      telemetry::LogError("a connection ended in an exception",
                          {{"what", e.what()}});
    }
    std::lock_guard lock(mu_);
    sessions_.erase(session);
    if (sessions_.empty()) closed_.notify_all();
  }

  // Best effort: one short write into an empty socket buffer does not block.
  static void Shed(tcp::socket& socket) {
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
  std::mutex mu_;
  std::condition_variable closed_;
  bool stopping_ = false;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::uint16_t port_ = 0;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_{
      io_.get_executor()};
  tcp::acceptor acceptor_;
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
  auto server =
      std::make_unique<BeastServer>(std::move(options), std::move(handler));
  if (const auto status = server->Listen(); !status.ok()) return status;
  return server;
}

}  // namespace evalloop::http
