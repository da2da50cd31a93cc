#ifndef EVALLOOP_PLATFORM_HTTP_SERVER_H_
#define EVALLOOP_PLATFORM_HTTP_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/http/message.h"

namespace evalloop::http {

enum class WriteResult {
  kOk,    // Taken; it will be sent in order.
  kFull,  // Not taken: the client reads too slowly. Wait, or give up.
  kGone,  // Not taken: the client left, or the stream has ended.
};

// Answers one request, from any thread. Either Send once, or StartStream, then
// Write any number of times, then End. What comes after that is ignored. A
// writer dropped without an answer answers 500, and a dropped stream is broken
// off, so that the client can tell it from a whole one.
class ResponseWriter {
 public:
  virtual ~ResponseWriter() = default;

  // Sends a whole answer. Does not block.
  virtual void Send(Response response) = 0;

  // Begins a chunked answer. Does not block.
  virtual void StartStream(int status, Headers headers) = 0;

  // Queues a piece of the body. Never blocks; pieces that wait together are
  // sent by one write. kFull when more than ServerOptions::max_buffered waits.
  virtual WriteResult Write(std::string chunk) = 0;

  // Waits until Write would take a piece. False after `timeout` or when the
  // client is gone. Not for I/O threads (OnCancel, client callbacks).
  virtual bool WaitWritable(std::chrono::milliseconds timeout) = 0;

  // Ends the stream.
  virtual void End() = 0;

  // True once the client has left (or the server stops) before the end.
  virtual bool cancelled() const = 0;

  // `callback` runs once when cancelled() becomes true, at once if it is
  // already, never after the answer is complete. It runs on an I/O thread and
  // must not block. One callback per request; a second replaces the first.
  virtual void OnCancel(std::function<void()> callback) = 0;
};

// Called on an I/O thread: must not block. Hand the writer to a worker.
using Handler =
    std::function<void(Request request, std::shared_ptr<ResponseWriter> out)>;

// PEM files of a server's certificate chain and its key. Both empty: no TLS.
struct TlsFiles {
  std::string certificate_file;
  std::string key_file;

  bool empty() const { return certificate_file.empty() && key_file.empty(); }
};

struct ServerOptions {
  std::string address = "127.0.0.1";  // A numeric address.
  std::uint16_t port = 0;             // 0: a free one, see port().
  int io_threads = 1;
  std::size_t max_body = 8u << 20;       // bytes; more is answered 413
  std::uint32_t max_header = 32u << 10;  // bytes; more is answered 431
  std::size_t max_buffered = 1u << 20;   // bytes waiting in one response
  int max_connections = 1024;            // one more is answered 503
  std::chrono::milliseconds header_timeout{10'000};  // Also TLS's handshake.
  std::chrono::milliseconds body_timeout{30'000};    // For the whole body.
  std::chrono::milliseconds idle_timeout{75'000};    // Between two requests.
  std::chrono::milliseconds write_timeout{30'000};   // For each write.
  // Who is let in, and as whom; null: who brings "authorization: Bearer
  // <auth_token>", or everybody where that is empty. /healthz and /readyz ask
  // nobody. A server that lets everybody in listens on loopback only.
  std::shared_ptr<const access::Gatekeeper> gatekeeper = nullptr;
  std::string auth_token = {};
  // TLS 1.2 or newer. The files are looked at every `tls_refresh`: a renewed
  // pair serves the connections that come then, a broken one is logged and
  // leaves the one before in use.
  TlsFiles tls = {};
  std::chrono::milliseconds tls_refresh{5'000};
};

// An HTTP/1.1 server with keep-alive, by TLS or in the clear. A client that
// speaks plain HTTP to a port with TLS is answered 400. Thread-safe.
class Server {
 public:
  // Listens and serves until Stop. AlreadyExists when the port is taken,
  // InvalidArgument for a bad address, FailedPrecondition for an address other
  // than loopback where everybody is let in, or a TLS file of no use.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options,
                                                       Handler handler);

  virtual ~Server() = default;  // Stops at once if Stop was not called.

  // The port it listens on.
  virtual std::uint16_t port() const = 0;

  // Accepts no more, closes idle connections, gives running requests `grace`
  // to finish, then cancels them. Returns when every connection is closed; no
  // handler runs afterwards.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_SERVER_H_
