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
#include "absl/status/statusor.h"
#include "platform/access/access.h"
#include "platform/access/auditor.h"
#include "platform/base/worker_pool.h"
#include "platform/rpc/rules.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::rpc {

struct ExecutorOptions {
  int threads = 4;               // For unary calls.
  std::size_t max_queued = 256;  // Unary calls waiting for a thread.
  int max_streams = 64;          // Server streams at once, a thread each.
  // Who is let in. Null: who brings `auth_token`, or everybody where that is
  // empty.
  std::shared_ptr<const access::Gatekeeper> gatekeeper = nullptr;
  std::string auth_token = {};
  // Where audited calls are written down; null: nowhere. Outlives the executor.
  access::Auditor* auditor = nullptr;
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

  // True where nobody is asked who they are.
  bool open() const { return options_.gatekeeper->open(); }

  // Tells every stream to end, and refuses new ones.
  void StopStreams();

  // The rest is for handler.h.

  // Who calls. Unauthenticated, or PermissionDenied where the rule asks for
  // more; DeadlineExceeded when it is too late.
  absl::StatusOr<access::Identity> Admit(
      const grpc::CallbackServerContext& context, const Rule& rule,
      const google::protobuf::Message& request) const;
  static absl::Status InTime(const grpc::CallbackServerContext& context);
  // ResourceExhausted when the queue is full.
  absl::Status Submit(std::function<void()> job);
  // As Submit, on a thread for streams; the stream stays known until
  // EndStream.
  absl::Status SubmitStream(Stoppable* stream, std::function<void()> job);
  void EndStream(Stoppable* stream);
  // Runs `body`; what it throws becomes Internal. Audited where the rule says.
  absl::Status Perform(const grpc::CallbackServerContext& context,
                       const Rule& rule, const access::Identity& identity,
                       const google::protobuf::Message& request,
                       const std::function<absl::Status()>& body) const;
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
