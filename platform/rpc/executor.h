#ifndef EVALLOOP_PLATFORM_RPC_EXECUTOR_H_
#define EVALLOOP_PLATFORM_RPC_EXECUTOR_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include "absl/status/status.h"
#include "platform/base/worker_pool.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::rpc {

struct ExecutorOptions {
  int threads = 4;               // For unary calls.
  std::size_t max_queued = 256;  // Unary calls waiting for a thread.
  int max_streams = 64;          // Server streams at once, a thread each.
  // When set, every call must carry "authorization: Bearer <token>".
  std::string auth_token;
};

// A stream that can be told from outside to come to its end.
class Stoppable {
 public:
  virtual ~Stoppable() = default;
  virtual void Stop() = 0;
};

// Where the handlers of one process run: gRPC's threads hand each call over at
// once (Unary and ServerStream in handler.h). Streams have threads of their
// own, so that they cannot starve unary calls. Counts and times each method:
// evalloop_rpc_server_calls_total{method,code} and
// evalloop_rpc_server_duration_seconds{method}. Must outlive the server.
// Thread-safe.
class Executor {
 public:
  Executor(ExecutorOptions options, telemetry::Registry& registry);

  bool has_token() const { return !options_.auth_token.empty(); }

  // Tells every stream to end, and refuses new ones.
  void StopStreams();

  // The rest is for handler.h.

  // Unauthenticated without the token; DeadlineExceeded when it is too late.
  absl::Status Admit(const grpc::CallbackServerContext& context) const;
  // ResourceExhausted when the queue is full.
  absl::Status Submit(std::function<void()> job);
  // As Submit, on a thread for streams; the stream stays known until
  // EndStream.
  absl::Status SubmitStream(Stoppable* stream, std::function<void()> job);
  void EndStream(Stoppable* stream);
  // Runs `body`; what it throws becomes Internal.
  static absl::Status Guard(const std::function<absl::Status()>& body);
  void Record(std::string_view method, absl::StatusCode code,
              std::chrono::steady_clock::time_point since);

 private:
  const ExecutorOptions options_;
  telemetry::Registry& registry_;
  std::mutex mu_;
  bool stopping_ = false;
  std::unordered_set<Stoppable*> streams_;
  base::WorkerPool workers_;
  base::WorkerPool stream_workers_;
};

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_EXECUTOR_H_
