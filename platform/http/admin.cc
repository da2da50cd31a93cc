#include "platform/http/admin.h"

#include <boost/json.hpp>
#include <utility>

#include "platform/http/router.h"

namespace evalloop::http {
namespace {

Response Readiness(const std::vector<ReadinessCheck>& checks) {
  bool ready = true;
  boost::json::array results;
  for (const ReadinessCheck& check : checks) {
    const absl::Status status = check.check();
    ready = ready && status.ok();
    boost::json::object result;
    result["name"] = check.name;
    result["ok"] = status.ok();
    result["message"] = std::string(status.message());
    results.push_back(std::move(result));
  }
  boost::json::object body;
  body["ready"] = ready;
  body["checks"] = std::move(results);
  return JsonResponse(ready ? 200 : 503, boost::json::serialize(body));
}

Response Metrics(telemetry::Registry& registry) {
  Response response;
  response.headers.Add("content-type", "text/plain; version=0.0.4");
  response.body = registry.Serialize();
  return response;
}

class HttpAdminServer final : public AdminServer {
 public:
  explicit HttpAdminServer(std::unique_ptr<Server> server)
      : server_(std::move(server)) {}

  std::uint16_t port() const override { return server_->port(); }

 private:
  const std::unique_ptr<Server> server_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AdminServer>> AdminServer::Start(
    AdminOptions options, telemetry::Registry& registry,
    std::vector<ReadinessCheck> checks) {
  Router router;
  router.AddOpen(
      "GET", "/healthz",
      [](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->Send(JsonResponse(200, R"({"alive":true})"));
      });
  // The server has one thread and no other work, so a check may block it.
  router.AddOpen(
      "GET", "/readyz",
      [checks = std::move(checks)](const Request&,
                                   const std::shared_ptr<ResponseWriter>& out) {
        out->Send(Readiness(checks));
      });
  router.Add(
      "GET", "/metrics", access::Role::kReader,
      [&registry](const Request&, const std::shared_ptr<ResponseWriter>& out) {
        out->Send(Metrics(registry));
      });
  ServerOptions server_options;
  server_options.address = std::move(options.address);
  server_options.port = options.port;
  server_options.auth_token = std::move(options.auth_token);
  server_options.gatekeeper = std::move(options.gatekeeper);
  server_options.tls = std::move(options.tls);
  server_options.max_connections = 32;
  server_options.max_body = 1024;
  auto server =
      Server::Start(std::move(server_options), std::move(router).AsHandler());
  if (!server.ok()) return server.status();
  return std::make_unique<HttpAdminServer>(*std::move(server));
}

}  // namespace evalloop::http
