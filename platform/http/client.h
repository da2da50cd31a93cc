#ifndef EVALLOOP_PLATFORM_HTTP_CLIENT_H_
#define EVALLOOP_PLATFORM_HTTP_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/http/message.h"

namespace evalloop::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // http:// or https://
  Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds deadline{30'000};       // For the whole exchange.
  std::chrono::milliseconds stall_timeout{30'000};  // Without a byte received.
  std::size_t max_response = 16u << 20;  // bytes of body, streamed or not
};

// The server's answer, whatever its status.
struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// One exchange under way.
class ClientCall {
 public:
  virtual ~ClientCall() = default;

  // Ends the exchange: on_done follows with Cancelled within 100 ms, unless it
  // has already run. Thread-safe, does not block.
  virtual void Cancel() = 0;
};

// All run on the client's own thread, in this order, and must not block.
struct ClientCallbacks {
  // Optional. Pieces of a 2xx answer's body as they arrive; they are then not
  // collected. Bodies of other statuses are always collected.
  std::function<void(std::string_view)> on_chunk;
  // Required; runs exactly once. Not OK when there is no whole answer:
  // Unavailable (connect, reset, DNS, TLS), DeadlineExceeded,
  // ResourceExhausted (too large, or too many calls), Cancelled,
  // InvalidArgument (bad URL).
  std::function<void(absl::StatusOr<ClientResponse>)> on_done;
};

struct ClientOptions {
  int max_connections_per_host = 64;
  int max_calls = 1024;  // Under way at once; one more is refused.
  // A PEM file of authorities that are trusted besides the system's; read for
  // each new connection. Empty: none.
  std::string ca_file = {};
};

// An HTTP client: one thread, connections kept and reused, HTTP/1.1, or HTTP/2
// over TLS where the server offers it, whose certificate must be valid and bear
// the name that is called. Follows no redirects, and speaks only
// http and https. Makes no retries: the caller knows what may be repeated.
// Thread-safe.
class Client {
 public:
  explicit Client(ClientOptions options = {});
  ~Client();  // Cancels what is under way, runs its on_done, then returns.
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Starts an exchange. The result may be dropped: the exchange goes on.
  std::shared_ptr<ClientCall> Send(ClientRequest request,
                                   ClientCallbacks callbacks);

  // Sends and waits. Not for I/O threads or callbacks.
  absl::StatusOr<ClientResponse> Fetch(ClientRequest request);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_CLIENT_H_
