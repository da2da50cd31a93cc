// The only file that includes Beast and Asio's SSL, which take long to compile.
//
// One coroutine a connection, on a strand of its own. g++ 12 frees an aggregate
// temporary twice when it stands in one full expression with co_await, so
// whatever is passed there is a named local or has a constructor.
#include "platform/http/session.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "platform/http/connection.h"
#include "platform/http/exchange.h"
#include "platform/http/wire.h"
#include "platform/telemetry/log.h"

namespace evalloop::http {
namespace {

namespace beast = boost::beast;
using Parser = beast::http::request_parser<beast::http::string_body>;
using std::chrono::milliseconds;

constexpr std::size_t kHeadRead = 8u << 10;
constexpr std::size_t kBodyRead = 64u << 10;
// How long, and how much, a refused request is read on, so that the client
// sees the answer rather than a reset; and how long a goodbye may take.
constexpr milliseconds kLingerTime{1'000};
constexpr std::size_t kLingerBytes = 1u << 20;
constexpr char kContinue[] = "HTTP/1.1 100 Continue\r\n\r\n";
// In place of a status: there is nobody to answer.
constexpr int kGone = -1;

std::string_view ToView(beast::string_view text) {
  return {text.data(), text.size()};
}

// What a request that can't be read is refused with, or kGone.
int StatusOf(const error_code& failure) {
  using Error = beast::http::error;
  if (failure == Error::body_limit) return 413;
  if (failure == Error::header_limit || failure == Error::buffer_overflow) {
    return 431;
  }
  // After a timeout the socket is closed.
  const error_code parsing = Error::bad_method;
  return failure.category() == parsing.category() ? 400 : kGone;
}

class HttpSession final : public Session,
                          public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(tcp::socket socket, Ssl ssl, const ServerOptions& options,
              const Handler& handler)
      : options_(options),
        handler_(handler),
        connection_(
            std::make_shared<Connection>(std::move(socket), std::move(ssl))),
        work_(connection_->executor()) {}

  asio::any_io_executor executor() { return connection_->executor(); }

  asio::awaitable<void> Run() {
    bool more = !connection_->secure() || co_await Secure();
    while (more && !stopping_) more = co_await ServeOne();
    co_await connection_->HangUp(answered_, kLingerTime);
  }

  // What is under way holds the connection, not the session: it must end.
  void Drop() { connection_->Close(); }

  void StopSoon() override {
    asio::post(executor(), [self = shared_from_this()] {
      self->stopping_ = true;
      if (!self->busy_) self->connection_->Close();
    });
  }

  void StopNow() override {
    asio::post(executor(), [self = shared_from_this()] {
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

  // False when the connection must close.
  asio::awaitable<bool> Secure() {
    connection_->Limit(options_.header_timeout);
    const error_code error = co_await connection_->Handshake();
    if (error && connection_->SpeaksPlainHttp(error)) {
      co_await Refuse(400, "this port speaks TLS: call it by https://");
    }
    co_return !error;
  }

  // Reads one request and answers it. False when the connection must close.
  asio::awaitable<bool> ServeOne() {
    busy_ = false;
    if (connection_->received().size() == 0) {
      connection_->Limit(first_ ? options_.header_timeout
                                : options_.idle_timeout);
      const error_code error = co_await connection_->Receive(kHeadRead);
      if (error) co_return false;
    }
    busy_ = true;
    first_ = false;
    answered_ = false;
    Incoming incoming;
    const int refused = co_await ReadRequest(incoming);
    if (refused == kGone) co_return false;
    if (refused > 0) {
      co_await Refuse(refused, RefusalText(refused));
      co_return false;
    }
    connection_->Unlimit();
    exchange_ = std::make_shared<Exchange>(
        options_.max_buffered, [this] {  // Valid until Detach, below.
          asio::post(executor(),
                     [self = shared_from_this()] { self->work_.Give(); });
        });
    connection_->Watch(
        [weak = weak_from_this()] {
          if (const auto self = weak.lock()) self->Leave();
        },
        kHeadRead);
    CallHandler(std::move(incoming.request));
    const bool more = co_await Answer(incoming);
    connection_->Unwatch();
    if (!more) exchange_->Cancel();  // Nothing happens if it is finished.
    exchange_->Detach();
    exchange_.reset();
    co_return more;
  }

  // 0, or the status to refuse with, or kGone.
  asio::awaitable<int> ReadRequest(Incoming& incoming) {
    Parser parser;
    parser.header_limit(options_.max_header);
    parser.body_limit(options_.max_body);
    connection_->Limit(options_.header_timeout);
    const error_code head_error = co_await Parse(parser, false);
    if (head_error) co_return StatusOf(head_error);
    const auto& message = parser.get();
    is_head_ = message.method() == beast::http::verb::head;
    if (!ParseTarget(ToView(message.target()), incoming.request)) {
      co_return 400;
    }
    // Of two, a proxy before us may have checked the other one.
    if (message.count(beast::http::field::authorization) > 1) co_return 400;
    if (!Known(ToView(message[beast::http::field::authorization]),
               incoming.request)) {
      co_return 401;
    }
    connection_->Limit(options_.body_timeout);
    if (!parser.is_done() &&
        beast::iequals(message[beast::http::field::expect], "100-continue")) {
      const Connection::Parts go_on = {
          asio::buffer(kContinue, sizeof kContinue - 1)};
      const error_code error = co_await connection_->Send(go_on);
      if (error) co_return kGone;
    }
    const error_code body_error = co_await Parse(parser, true);
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

  // Receives until the parser has the whole header, or the whole request.
  asio::awaitable<error_code> Parse(Parser& parser, bool whole) {
    parser.eager(whole);
    auto& received = connection_->received();
    while (whole ? !parser.is_done() : !parser.is_header_done()) {
      if (received.size() > 0) {
        error_code error;
        received.consume(parser.put(received.data(), error));
        if (!error) continue;
        if (error != beast::http::error::need_more) co_return error;
      }
      const error_code error =
          co_await connection_->Receive(whole ? kBodyRead : kHeadRead);
      if (error) co_return error;
    }
    co_return error_code();
  }

  // Writes what the handler gives, as it gives it.
  asio::awaitable<bool> Answer(const Incoming& incoming) {
    bool keep_alive = incoming.keep_alive;
    bool chunked = false;
    while (true) {
      if (gone_) co_return false;
      Exchange::Work work = exchange_->Take();
      if (work.empty()) {
        co_await work_.Wait();
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
        answered_ = true;
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
    const Connection::Parts parts = {asio::buffer(head),
                                     asio::buffer(chunk_head),
                                     asio::buffer(data), asio::buffer(tail)};
    connection_->Limit(options_.write_timeout);
    const error_code error = co_await connection_->Send(parts);
    if (!error) connection_->Unlimit();
    co_return !error;
  }

  // Answers a request that was not read to its end; then the connection closes.
  asio::awaitable<void> Refuse(int status, std::string words) {
    Response response = ErrorResponse(
        status,
        status == 401 ? "authentication_error" : "invalid_request_error",
        words);
    if (status == 401) response.headers.Add("www-authenticate", "Bearer");
    HeadOptions options;
    options.content_length = response.body.size();
    options.keep_alive = false;
    const std::string head = FormatHead(response, options);
    const std::string no_body;
    const std::string& body = is_head_ ? no_body : response.body;
    if (!co_await WriteParts(head, body, false, false)) co_return;
    co_await connection_->Linger(kLingerTime, kLingerBytes);
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

  // The client left, or is left.
  void Leave() {
    gone_ = true;
    connection_->Close();
    if (exchange_ != nullptr) exchange_->Cancel();
    work_.Give();
  }

  const ServerOptions& options_;
  const Handler& handler_;
  const std::shared_ptr<Connection> connection_;
  Notice work_;  // Of the exchange, or of the client that left.
  std::shared_ptr<Exchange> exchange_;
  bool first_ = true;
  bool busy_ = false;      // Within a request.
  bool answered_ = false;  // The last request, to the end.
  bool is_head_ = false;
  bool no_body_ = false;
  bool gone_ = false;
  bool stopping_ = false;
};

}  // namespace

std::shared_ptr<Session> Session::Open(tcp::socket socket, Ssl ssl,
                                       const ServerOptions& options,
                                       const Handler& handler, Closed closed) {
  auto session = std::make_shared<HttpSession>(
      std::move(socket), std::move(ssl), options, handler);
  asio::co_spawn(
      session->executor(), session->Run(),
      [session, closed = std::move(closed)](const std::exception_ptr& thrown) {
        try {
          if (thrown) std::rethrow_exception(thrown);
        } catch (const std::exception& e) {
          telemetry::LogError("a connection ended in an exception",
                              {{"what", e.what()}});
          session->Drop();
        }
        closed(session);
      });
  return session;
}

}  // namespace evalloop::http
