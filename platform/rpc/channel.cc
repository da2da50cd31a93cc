#include "platform/rpc/channel.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace evalloop::rpc {
namespace {

constexpr unsigned kTlsRefresh = 10;  // Seconds.

// Adds the token to each call. Call credentials would need TLS.
class TokenInterceptor final : public grpc::experimental::Interceptor {
 public:
  explicit TokenInterceptor(std::string value) : value_(std::move(value)) {}

  void Intercept(
      grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::
                PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->insert({"authorization", value_});
    }
    methods->Proceed();
  }

 private:
  const std::string value_;  // gRPC keeps no copy: lives as long as the call.
};

class TokenInterceptorFactory final
    : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit TokenInterceptorFactory(const std::string& token)
      : value_("Bearer " + token) {}

  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo*) override {
    return new TokenInterceptor(value_);
  }

 private:
  const std::string value_;
};

std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(
    const ChannelOptions& options) {
  if (options.ca_file.empty()) return grpc::InsecureChannelCredentials();
  grpc::experimental::TlsChannelCredentialsOptions tls;
  tls.set_certificate_provider(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          options.ca_file, kTlsRefresh));
  tls.watch_root_certs();
  tls.set_verify_server_certs(true);  // And, by default, its host's name.
  return grpc::experimental::TlsCredentials(tls);
}

// gRPC's service config, for every method of the channel.
std::string ServiceConfig(const ChannelOptions& options) {
  std::string retry;
  if (const int attempts = std::clamp(options.max_attempts, 1, 5);
      attempts > 1) {
    retry = fmt::format(
        R"(,"retryPolicy":{{"maxAttempts":{},"initialBackoff":"0.05s",)"
        R"("maxBackoff":"1s","backoffMultiplier":2,)"
        R"("retryableStatusCodes":["UNAVAILABLE"]}})",
        attempts);
  }
  return fmt::format(R"({{"loadBalancingConfig":[{{"round_robin":{{}}}}],)"
                     R"("retryThrottling":{{"maxTokens":10,"tokenRatio":0.1}},)"
                     R"("methodConfig":[{{"name":[{{}}],"waitForReady":{},)"
                     R"("timeout":"{}.{:03d}s"{}}}]}})",
                     options.wait_for_ready,
                     options.longest_deadline.count() / 1000,
                     options.longest_deadline.count() % 1000, retry);
}

}  // namespace

std::shared_ptr<grpc::Channel> NewChannel(const ChannelOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(ServiceConfig(options));
  arguments.SetMaxReceiveMessageSize(options.max_message);
  arguments.SetMaxSendMessageSize(options.max_message);
  // No more often than servers allow.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 120'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // A restarted peer is found again within a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  std::vector<
      std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
      interceptors;
  if (!options.auth_token.empty()) {
    interceptors.push_back(
        std::make_unique<TokenInterceptorFactory>(options.auth_token));
  }
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      options.target, CredentialsOf(options), arguments,
      std::move(interceptors));
}

}  // namespace evalloop::rpc
