#ifndef EVALLOOP_PLATFORM_RPC_SERVER_H_
#define EVALLOOP_PLATFORM_RPC_SERVER_H_

#include <grpcpp/channel.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/rpc/executor.h"

namespace evalloop::rpc {

struct ServerOptions {
  std::string address = "127.0.0.1";  // Numeric, or "localhost".
  std::uint16_t port = 0;             // 0: a free one, see port().
  // PEM files of the certificate chain and its key: TLS (1.2 or newer). Read
  // again when they change, within 10 s; a pair that does not fit together
  // leaves the one before in use. Empty: no TLS.
  std::string certificate_file = {};
  std::string key_file = {};
  int max_message = 16 << 20;              // bytes, each way
  std::chrono::milliseconds grace{2'000};  // For calls under way at Shutdown.
};

// A gRPC server with health (also per service), reflection and keepalive.
// Health and reflection ask for no token: probes carry none, and the protos
// are public. Thread-safe.
class Server {
 public:
  // AlreadyExists when the port is taken (it is never shared),
  // FailedPrecondition for an address other than loopback when `executor` lets
  // everybody in, or a TLS file that can't be read; InvalidArgument for a
  // method without an access option. `services` and `executor` must outlive the
  // server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, Executor& executor,
      const std::vector<grpc::Service*>& services);

  ~Server();  // Shutdown().
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }

  // Full names of the services it was started with.
  const std::vector<std::string>& services() const { return services_; }

  // A channel to itself that needs no socket; calls on it are admitted like all
  // others.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Reports NOT_SERVING, ends streams, gives calls `grace`, then cancels them.
  // Returns when no handler runs any more. A second call does nothing.
  void Shutdown();

 private:
  Server(std::unique_ptr<grpc::Server> server, const ServerOptions& options,
         std::uint16_t port, std::vector<std::string> services,
         Executor& executor);

  std::unique_ptr<grpc::Server> server_;
  const std::uint16_t port_;
  const ServerOptions options_;
  const std::vector<std::string> services_;
  Executor& executor_;
  std::atomic<bool> down_{false};
};

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_SERVER_H_
