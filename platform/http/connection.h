#ifndef EVALLOOP_PLATFORM_HTTP_CONNECTION_H_
#define EVALLOOP_PLATFORM_HTTP_CONNECTION_H_

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "platform/http/tls.h"

namespace evalloop::http {

// Private to session.cc, which alone includes it: SSL's and Beast's headers
// take long to compile.

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

inline constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Wakes the one coroutine that waits. A notice that comes before is kept.
class Notice {
 public:
  explicit Notice(const asio::any_io_executor& executor) : timer_(executor) {}

  void Give() {
    given_ = true;
    timer_.cancel();
  }

  asio::awaitable<void> Wait() {
    while (!given_) {
      timer_.expires_at(asio::steady_timer::time_point::max());
      co_await timer_.async_wait(kAwait);  // Cancelled by Give.
    }
    given_ = false;
  }

 private:
  asio::steady_timer timer_;
  bool given_ = false;
};

// The bytes of one connection, in the clear or by TLS, and the time they may
// take. Used on its socket's strand only; held by shared_ptr.
//
// While an answer is made a read is under way too (Watch): by TLS nothing else
// tells a client that leaves, with a goodbye of its own, from one that sends.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  using Parts = std::array<asio::const_buffer, 4>;

  // ssl: null without TLS.
  Connection(tcp::socket socket, Ssl ssl)
      : socket_(std::move(socket)),
        limit_(socket_.get_executor()),
        arrival_(socket_.get_executor()) {
    if (ssl != nullptr) tls_.emplace(socket_, ssl.release());
  }

  asio::any_io_executor executor() { return socket_.get_executor(); }
  bool secure() const { return tls_.has_value(); }

  // Ends the connection when `time` from now has passed, in place of the limit
  // before. To move it later costs no timer: the one that runs looks again.
  void Limit(std::chrono::milliseconds time) {
    deadline_ = Clock::now() + time;
    if (!armed_ || deadline_ < limit_.expiry()) Arm();
  }
  void Unlimit() { deadline_ = Clock::time_point::max(); }

  // Of TLS; the first thing to do. A client that speaks plain HTTP can still be
  // answered so: see SpeaksPlainHttp.
  asio::awaitable<error_code> Handshake() {
    const auto [error] =
        co_await tls_->async_handshake(asio::ssl::stream_base::server, kAwait);
    co_return error;
  }

  // After a failed handshake. When true, Send and Receive are plain from now.
  bool SpeaksPlainHttp(const error_code& handshake) {
    const bool plain =
        handshake.category() == asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned>(handshake.value())) ==
            SSL_R_HTTP_REQUEST;
    if (plain) tls_.reset();
    return plain;
  }

  // What came and was not consumed yet. Consume only between Receives.
  boost::beast::flat_buffer& received() { return received_; }

  // Waits until more was received, at most `most` bytes more.
  asio::awaitable<error_code> Receive(std::size_t most) {
    if (!reading_ && !failed_) Read(most);
    while (reading_) co_await arrival_.Wait();
    co_return failed_;
  }

  // From now, until Unwatch, calls `gone` when the client leaves. A client that
  // has sent more already (the next request) can't be watched.
  void Watch(std::function<void()> gone, std::size_t most) {
    gone_ = std::move(gone);
    if (!reading_ && received_.size() == 0) Read(most);
  }
  void Unwatch() { gone_ = nullptr; }

  asio::awaitable<error_code> Send(const Parts& parts) {
    if (tls_) {
      const auto [error, size] =
          co_await asio::async_write(*tls_, parts, kAwait);
      co_return error;
    }
    const auto [error, size] =
        co_await asio::async_write(socket_, parts, kAwait);
    co_return error;
  }

  // Says that no more will be sent and hears the client out, for a while and so
  // many bytes: to hang up on who still sends would reset the connection, and
  // they would not see what was said.
  asio::awaitable<void> Linger(std::chrono::milliseconds time,
                               std::size_t most) {
    Limit(time);
    error_code ended;
    if (tls_) {  // Fails on who sends on: what comes then is not deciphered.
      const auto [error] = co_await tls_->async_shutdown(kAwait);
      if (!error) co_return;
    } else {
      socket_.shutdown(tcp::socket::shutdown_send, ended);
    }
    for (std::size_t total = 0; total < most;) {
      received_.clear();
      const auto space = received_.prepare(kLingerRead);
      const auto [error, size] =
          co_await socket_.async_read_some(space, kAwait);
      if (error) co_return;
      total += size;
    }
  }

  // Ends the connection; by TLS with a goodbye where all was `said`, without
  // which the client knows that something is missing.
  asio::awaitable<void> HangUp(bool said, std::chrono::milliseconds patience) {
    if (said && tls_ && socket_.is_open()) {
      Limit(patience);
      co_await tls_->async_shutdown(kAwait);
    }
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_both, ignored);
    Close();
  }

  // At once. What is under way ends with an error.
  void Close() {
    error_code ignored;
    socket_.close(ignored);
    armed_ = false;
    limit_.cancel();
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t kLingerRead = 8u << 10;

  void Read(std::size_t most) {
    reading_ = true;
    auto done = [self = shared_from_this()](error_code error, std::size_t got) {
      self->reading_ = false;
      self->received_.commit(got);
      self->failed_ = error;
      self->arrival_.Give();
      if (error && self->gone_) std::exchange(self->gone_, nullptr)();
    };
    const auto space = received_.prepare(most);
    if (tls_) {
      tls_->async_read_some(space, std::move(done));
    } else {
      socket_.async_read_some(space, std::move(done));
    }
  }

  void Arm() {
    armed_ = true;
    limit_.expires_at(deadline_);  // Cancels the wait before.
    limit_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (cancelled || !self->armed_) return;
      if (self->deadline_ == Clock::time_point::max()) {
        self->armed_ = false;
      } else if (Clock::now() < self->deadline_) {
        self->Arm();
      } else {
        self->Close();
      }
    });
  }

  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  asio::steady_timer limit_;
  Clock::time_point deadline_ = Clock::time_point::max();
  bool armed_ = false;  // A wait for limit_ is under way.
  Notice arrival_;
  boost::beast::flat_buffer received_;
  error_code failed_;
  bool reading_ = false;
  std::function<void()> gone_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_CONNECTION_H_
