#ifndef EVALLOOP_PLATFORM_TRANSCODING_TRANSCODER_H_
#define EVALLOOP_PLATFORM_TRANSCODING_TRANSCODER_H_

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "platform/base/worker_pool.h"
#include "platform/http/server.h"
#include "platform/transcoding/routes.h"

namespace evalloop::transcoding {

struct TranscoderOptions {
  // Until an answer, where the request does not say less by the header
  // x-server-timeout (seconds).
  std::chrono::milliseconds deadline{60'000};
  std::chrono::milliseconds stream_deadline{3'600'000};
  int threads = 2;               // That read requests' JSON.
  std::size_t max_queued = 256;  // Requests waiting for one of them.
  int max_streams = 32;          // Streams at once, a thread each.
};

// gRPC methods as JSON over HTTP, by their google.api.http rules. A request
// becomes the same call that a gRPC client makes, with its authorization and
// x-request-id headers as metadata, so that what holds there holds here. A
// stream is answered as lines of JSON (application/x-ndjson); where it breaks,
// the last line is an error. Thread-safe.
class Transcoder {
 public:
  // `services`: full names of services behind `channel`. Errors as Routes::Of.
  static absl::StatusOr<std::unique_ptr<Transcoder>> Make(
      const std::vector<std::string>& services,
      std::shared_ptr<grpc::Channel> channel, TranscoderOptions options = {});

  // An http::Handler. `out` may be answered after this object is gone only by
  // calls that the channel still holds: stop the HTTP server first.
  void Handle(http::Request request, std::shared_ptr<http::ResponseWriter> out);

 private:
  struct Call;

  Transcoder(Routes routes, std::shared_ptr<grpc::Channel> channel,
             TranscoderOptions options);

  void Answer(const std::shared_ptr<Call>& call);
  void CallUnary(const std::shared_ptr<Call>& call);
  void CallStream(const std::shared_ptr<Call>& call);
  void RunStream(Call& call);

  const TranscoderOptions options_;
  const Routes routes_;
  grpc::GenericStub stub_;
  base::WorkerPool workers_;
  base::WorkerPool streams_;
};

}  // namespace evalloop::transcoding

#endif  // EVALLOOP_PLATFORM_TRANSCODING_TRANSCODER_H_
