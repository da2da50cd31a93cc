#include "platform/rpc/server.h"

#include <fmt/format.h>
#include <grpc/health/v1/health.pb.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server_builder.h>

#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/access.h"

namespace evalloop::rpc {
namespace {

constexpr unsigned kTlsRefresh = 10;  // Seconds.

// The services of the server that this thread builds right now.
thread_local std::vector<std::string> service_names;

// gRPC tells a server's service names to plugins only; health needs them.
class ServiceNames final : public grpc::ServerBuilderPlugin {
 public:
  std::string name() override { return "service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    service_names = *initializer->GetServiceList();
  }
  void ChangeArguments(const std::string&, void*) override {}
};

// Those of them that are not gRPC's.
std::vector<std::string> OwnServices() {
  std::vector<std::string> own;
  for (const std::string& name : service_names) {
    if (!name.starts_with("grpc.")) own.push_back(name);
  }
  return own;
}

// All act on every server that is built afterwards.
void EnablePlugins() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // Links the descriptor that reflection tells of gRPC's health service.
    grpc::health::v1::HealthCheckRequest::descriptor();
    grpc::ServerBuilder::InternalAddPluginFactory(
        []() -> std::unique_ptr<grpc::ServerBuilderPlugin> {
          return std::make_unique<ServiceNames>();
        });
  });
}

void AddArguments(const ServerOptions& options, grpc::ServerBuilder& builder) {
  // Otherwise two processes may share a port without knowing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 120'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 1'800'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 300'000);
  builder.SetMaxReceiveMessageSize(options.max_message);
  builder.SetMaxSendMessageSize(options.max_message);
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsOf(
    const ServerOptions& options) {
  if (options.certificate_file.empty() && options.key_file.empty()) {
    return grpc::InsecureServerCredentials();
  }
  for (const std::string& file : {options.certificate_file, options.key_file}) {
    // gRPC would wait for it for ever.
    if (!std::ifstream(file)) {
      return absl::FailedPreconditionError(
          fmt::format("the TLS file \"{}\" can't be read", file));
    }
  }
  grpc::experimental::TlsServerCredentialsOptions tls(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          options.key_file, options.certificate_file, kTlsRefresh));
  tls.watch_identity_key_cert_pairs();
  tls.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  return grpc::experimental::TlsServerCredentials(tls);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const ServerOptions& options, Executor& executor,
    const std::vector<grpc::Service*>& services) {
  if (executor.open() && !base::IsLoopback(options.address)) {
    return absl::FailedPreconditionError(fmt::format(
        "refusing to listen on {} without authentication: set a token, or "
        "listen on 127.0.0.1",
        options.address));
  }
  EnablePlugins();
  grpc::ServerBuilder builder;
  AddArguments(options, builder);
  const bool bare_v6 = options.address.find(':') != std::string::npos &&
                       !options.address.starts_with('[');
  const std::string address =
      fmt::format(fmt::runtime(bare_v6 ? "[{}]:{}" : "{}:{}"), options.address,
                  options.port);
  int port = 0;
  const auto credentials = CredentialsOf(options);
  if (!credentials.ok()) return credentials.status();
  builder.AddListeningPort(address, *credentials, &port);
  for (grpc::Service* const service : services) {
    builder.RegisterService(service);
  }
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port <= 0) {
    return absl::AlreadyExistsError(fmt::format(
        "cannot listen on {}: the port is taken, or the address is not this "
        "machine's; stop what listens there, or choose another port",
        address));
  }
  if (auto rules = CheckRules(service_names); !rules.ok()) {
    server->Shutdown(std::chrono::system_clock::now());
    return rules;
  }
  if (auto* const health = server->GetHealthCheckService()) {
    for (const std::string& name : service_names) {
      health->SetServingStatus(name, true);
    }
  }
  return std::unique_ptr<Server>(new Server(std::move(server), options,
                                            static_cast<std::uint16_t>(port),
                                            OwnServices(), executor));
}

Server::Server(std::unique_ptr<grpc::Server> server,
               const ServerOptions& options, std::uint16_t port,
               std::vector<std::string> services, Executor& executor)
    : server_(std::move(server)),
      port_(port),
      options_(options),
      services_(std::move(services)),
      executor_(executor) {}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options_.max_message);
  arguments.SetMaxSendMessageSize(options_.max_message);
  return server_->InProcessChannel(arguments);
}

Server::~Server() { Shutdown(); }

void Server::Shutdown() {
  if (down_.exchange(true)) return;
  if (auto* const health = server_->GetHealthCheckService()) {
    health->SetServingStatus(false);
  }
  executor_.StopStreams();
  server_->Shutdown(std::chrono::system_clock::now() + options_.grace);
  server_->Wait();
}

}  // namespace evalloop::rpc
