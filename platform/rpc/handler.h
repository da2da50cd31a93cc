#ifndef EVALLOOP_PLATFORM_RPC_HANDLER_H_
#define EVALLOOP_PLATFORM_RPC_HANDLER_H_

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "platform/rpc/executor.h"
#include "platform/rpc/status.h"
#include "platform/rpc/stream_writer.h"

namespace evalloop::rpc {

// What a body may want to know about its call. Thread-safe; valid while the
// body runs.
class Call {
 public:
  Call(const grpc::CallbackServerContext* context,
       const access::Identity& identity)
      : context_(context), identity_(identity) {}

  // Who calls, and may.
  const access::Identity& identity() const { return identity_; }

  // The client left or its deadline passed.
  bool cancelled() const { return context_->IsCancelled(); }
  // The client's deadline; far away when it gave none.
  std::chrono::system_clock::time_point deadline() const {
    return context_->deadline();
  }

 private:
  const grpc::CallbackServerContext* context_;
  const access::Identity& identity_;
};

// The label of a method: its request message without "Request", since every
// method of ours has a request message of its own.
template <class Request>
std::string MethodName() {
  std::string name = Request::descriptor()->name();
  if (name.ends_with("Request")) name.resize(name.size() - 7);
  return name;
}

// The request with who calls as its author, in `amended`; or as it is, where
// the caller speaks for others or it names no author.
template <class Request>
const Request* Amend(const Rule& rule, const access::Identity& identity,
                     const Request& request, std::optional<Request>& amended) {
  if (!rule.NamesAnother(identity)) return &request;
  amended = request;
  rule.SetAuthor(identity, *amended);
  return &*amended;
}

// A unary handler in one line:
//
//   grpc::ServerUnaryReactor* GetScore(grpc::CallbackServerContext* context,
//       const v1::GetScoreRequest* request, v1::GetScoreResponse* response)
//       override {
//     return rpc::Unary(context, executor_, request, response,
//                       [this](const auto& in, auto& out) -> absl::Status {
//                         ...
//                       });
//   }
//
// `body` (Request const&, Response&, and optionally rpc::Call const& last) runs
// on a worker of `executor`. A full executor answers RESOURCE_EXHAUSTED, a bad
// token UNAUTHENTICATED, a caller whose role or scope is not enough
// PERMISSION_DENIED (option evalloop.v1.access of the method); a call that
// nobody waits for any more is not run.
template <class Request, class Response, class Body>
grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context,
                                Executor& executor, const Request* request,
                                Response* response, Body body) {
  static const Rule rule = RuleOf(*Request::descriptor());
  const auto since = std::chrono::steady_clock::now();
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const auto finish = [&executor, reactor, since](const absl::Status& status) {
    executor.Record(MethodName<Request>(), status.code(), since);
    reactor->Finish(ToGrpcStatus(status));
  };
  auto identity = executor.Admit(*context, rule, *request);
  absl::Status status = identity.status();
  if (status.ok()) {
    // gRPC keeps context, request and response alive until Finish.
    status = executor.Submit([&executor, context, request, response, finish,
                              identity = *std::move(identity),
                              body = std::move(body)]() mutable {
      absl::Status done = Executor::InTime(*context);
      if (done.ok() && context->IsCancelled()) {
        done = absl::CancelledError("the client left");
      }
      if (done.ok()) {
        std::optional<Request> amended;
        const Request* const said = Amend(rule, identity, *request, amended);
        done = executor.Perform(
            *context, rule, identity, *request, [&]() -> absl::Status {
              if constexpr (std::is_invocable_v<Body&, const Request&,
                                                Response&, const Call&>) {
                return body(*said, *response, Call(context, identity));
              } else {
                return body(*said, *response);
              }
            });
      }
      finish(done);
    });
  }
  if (!status.ok()) finish(status);
  return reactor;
}

// A server-streaming handler in one line. `body` (Request const&,
// StreamWriter<Response>&) returns the final status; it runs on a thread of
// its own for as long as it likes, but must return soon after
// writer.cancelled(). When the server stops before the body is through, the
// client gets UNAVAILABLE. Otherwise as Unary.
template <class Response, class Request, class Body>
grpc::ServerWriteReactor<Response>* ServerStream(
    grpc::CallbackServerContext* context, Executor& executor,
    const Request* request, Body body) {
  static const Rule rule = RuleOf(*Request::descriptor());
  const auto since = std::chrono::steady_clock::now();
  auto* const reactor = new internal::StreamReactor<Response>(context);
  const auto finish = [&executor, since](const absl::Status& status,
                                         auto* stream) {
    executor.Record(MethodName<Request>(), status.code(), since);
    stream->Finish(ToGrpcStatus(status));
  };
  auto identity = executor.Admit(*context, rule, *request);
  absl::Status status = identity.status();
  if (status.ok()) {
    status =
        executor.SubmitStream(reactor, [&executor, context, reactor, request,
                                        finish, identity = *std::move(identity),
                                        body = std::move(body)]() mutable {
          std::optional<Request> amended;
          const Request* const said = Amend(rule, identity, *request, amended);
          const absl::Status returned =
              executor.Perform(*context, rule, identity, *request,
                               [&] { return body(*said, *reactor); });
          executor.EndStream(reactor);
          const absl::Status done = reactor->Settle(returned);
          finish(done, reactor);
        });
  }
  if (!status.ok()) finish(status, reactor);
  return reactor;
}

}  // namespace evalloop::rpc

#endif  // EVALLOOP_PLATFORM_RPC_HANDLER_H_
