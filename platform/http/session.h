#ifndef EVALLOOP_PLATFORM_HTTP_SESSION_H_
#define EVALLOOP_PLATFORM_HTTP_SESSION_H_

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>

#include "platform/http/server.h"
#include "platform/http/tls.h"

namespace evalloop::http {

// Private to the server: one connection, on the strand of its socket, from its
// first byte to its last.
class Session {
 public:
  // Begins. `ssl` is null where there is no TLS. `options` and `handler`
  // outlive the session. `closed` is called last, once, on the strand, with the
  // session that ended.
  using Closed = std::function<void(const std::shared_ptr<Session>&)>;
  static std::shared_ptr<Session> Open(boost::asio::ip::tcp::socket socket,
                                       Ssl ssl, const ServerOptions& options,
                                       const Handler& handler, Closed closed);

  virtual ~Session() = default;

  // No request after the present one. From any thread.
  virtual void StopSoon() = 0;

  // Ends the present request too. From any thread.
  virtual void StopNow() = 0;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_SESSION_H_
