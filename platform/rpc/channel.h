#ifndef EVALLOOP_PLATFORM_RPC_CHANNEL_H_
#define EVALLOOP_PLATFORM_RPC_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "platform/rpc/status.h"

namespace evalloop::rpc {

struct ChannelOptions {
  std::string target;      // "127.0.0.1:50053" or "dns:///scorer:50053"
  std::string auth_token;  // Sent with every call when set.
  // PEM file of the certificates that the server's must descend from: TLS, and
  // the target's host must be a name of it. Read again when it changes. Empty:
  // no TLS.
  std::string ca_file = {};
  int max_attempts = 4;         // 1 to 5; only UNAVAILABLE is tried again.
  bool wait_for_ready = false;  // Wait for the server, up to the deadline.
  int max_message = 16 << 20;   // bytes, each way
  // No call lasts longer, whatever deadline of its own it has: gRPC takes the
  // earlier of the two.
  std::chrono::milliseconds longest_deadline{2 * 3'600'000};
};

// A channel with keepalive, bounded retries and the token. One per peer is
// enough; it connects when first used and again whenever needed. Thread-safe.
std::shared_ptr<grpc::Channel> NewChannel(const ChannelOptions& options);

// One blocking unary call:
//   rpc::CallUnary(*stub, &v1::ScorerService::Stub::Score, request, 5s)
// deadline: from now on. Errors are FromGrpcStatus's.
template <class Stub, class Class, class Request, class Response>
absl::StatusOr<Response> CallUnary(
    Stub& stub,
    grpc::Status (Class::*method)(grpc::ClientContext*, const Request&,
                                  Response*),
    const Request& request, std::chrono::milliseconds deadline) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response;
}

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_CHANNEL_H_
