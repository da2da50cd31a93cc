#ifndef EVALLOOP_PLATFORM_HTTP_ADMIN_H_
#define EVALLOOP_PLATFORM_HTTP_ADMIN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/http/server.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::http {

// One thing a service needs before it can serve. `check` is called from the
// admin server's own thread for every /readyz; it must answer within a second.
struct ReadinessCheck {
  std::string name;  // lower_snake, for example "postgres"
  std::function<absl::Status()> check;
};

struct AdminOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string auth_token = {};
  std::shared_ptr<const access::Gatekeeper> gatekeeper = nullptr;
  TlsFiles tls = {};
};

// The admin server of one process: /healthz (200 while it runs), /readyz (200,
// or 503 with the checks that fail: {"ready":false,"checks":[{"name","ok",
// "message"}]}), /metrics (Prometheus text). Thread-safe.
class AdminServer {
 public:
  // Errors as in http::Server::Start. `registry` and all that the checks use
  // must outlive the server.
  static absl::StatusOr<std::unique_ptr<AdminServer>> Start(
      AdminOptions options, telemetry::Registry& registry,
      std::vector<ReadinessCheck> checks);

  virtual ~AdminServer() = default;
  virtual std::uint16_t port() const = 0;
};

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_ADMIN_H_
