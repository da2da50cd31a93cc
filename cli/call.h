#ifndef EVALLOOP_CLI_CALL_H_
#define EVALLOOP_CLI_CALL_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/peers.h"
#include "platform/rpc/status.h"

// Calls of the five services. A command includes the *_peer.h of those it
// speaks to and no others: generated headers are what makes it slow to compile.

namespace evalloop::cli {

// The service that a generated stub speaks to; each *_peer.h says so for one.
template <class Stub>
extern const Peer kPeerOf;

// One unary call, tried again while the service can't be reached:
//   Call(peers, &Evaluations::GetRun, request)
// All requests here may be repeated: they are idempotent by their nature or by
// a request id.
template <class Stub, class Request, class Response>
absl::StatusOr<Response> Call(
    Peers& peers,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    const std::type_identity_t<Request>& request,
    std::chrono::seconds deadline = std::chrono::seconds(60),
    std::chrono::seconds patience = kPatience) {
  Stub stub(peers.channel(kPeerOf<Stub>));
  Response response;
  const absl::Status status =
      Patiently(peers.NameOf(kPeerOf<Stub>), patience, peers.terminal(), [&] {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + deadline);
        response.Clear();
        return rpc::FromGrpcStatus(
            (stub.*method)(&context, request, &response));
      });
  if (!status.ok()) return status;
  return response;
}

// A server stream read to its end; opened again from the start when the service
// went away, so `on_message` may see a message twice. `deadline` is for the
// whole.
template <class Stub, class Request, class Response>
absl::Status Follow(
    Peers& peers,
    std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
        grpc::ClientContext*, const Request&),
    const std::type_identity_t<Request>& request, std::chrono::seconds deadline,
    const std::type_identity_t<std::function<void(const Response&)>>&
        on_message) {
  Stub stub(peers.channel(kPeerOf<Stub>));
  const auto end = std::chrono::system_clock::now() + deadline;
  return Patiently(peers.NameOf(kPeerOf<Stub>), kPatience, peers.terminal(),
                   [&] {
                     grpc::ClientContext context;
                     context.set_deadline(end);
                     const auto reader = (stub.*method)(&context, request);
                     Response response;
                     while (reader->Read(&response)) on_message(response);
                     return rpc::FromGrpcStatus(reader->Finish());
                   });
}

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_CALL_H_
