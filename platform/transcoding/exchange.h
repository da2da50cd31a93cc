#ifndef EVALLOOP_PLATFORM_TRANSCODING_EXCHANGE_H_
#define EVALLOOP_PLATFORM_TRANSCODING_EXCHANGE_H_

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <string>

namespace evalloop::transcoding {

// Serialised messages as gRPC carries them.
grpc::ByteBuffer BufferOf(const std::string& bytes);
std::string BytesOf(const grpc::ByteBuffer& buffer);

// What a caller wants to hear while a call is under way.
struct Listener {
  // Each message; false: enough, the call is cancelled.
  std::function<bool(const grpc::ByteBuffer&)> on_message;
  // Whenever nothing came for `patience`. Empty: never.
  std::function<void()> on_wait = {};
  std::chrono::milliseconds patience{5'000};
};

// One call of any method, unary or server-streaming, on this thread until it
// has ended; `context` carries deadline and metadata, and may be cancelled by
// any thread. rpc: "/evalloop.v1.ScorerService/Score".
grpc::Status Exchange(grpc::GenericStub& stub, const std::string& rpc,
                      grpc::ClientContext& context,
                      const grpc::ByteBuffer& request,
                      const Listener& listener);

}  // namespace evalloop::transcoding

#endif  // EVALLOOP_PLATFORM_TRANSCODING_EXCHANGE_H_
