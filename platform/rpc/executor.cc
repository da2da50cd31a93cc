#include "platform/rpc/executor.h"

#include <exception>
#include <utility>

#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::rpc {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{250};
constexpr std::size_t kLongestRequestId = 128;

absl::Status Overloaded(const char* what) {
  return base::WithReason(
      base::WithRetryAfter(absl::ResourceExhaustedError(what), kRetryAfter),
      "OVERLOADED");
}

std::string_view Metadata(const grpc::CallbackServerContext& context,
                          const char* name) {
  const auto& metadata = context.client_metadata();
  const auto field = metadata.find(name);
  if (field == metadata.end()) return {};
  return {field->second.data(), field->second.size()};
}

absl::Status Guard(const std::function<absl::Status()>& body) {
  try {
    return body();
  } catch (const std::exception& e) {
    return absl::InternalError(e.what());
  }
}

ExecutorOptions WithGatekeeper(ExecutorOptions options) {
  if (options.gatekeeper == nullptr) {
    options.gatekeeper = access::NewTokenGatekeeper(options.auth_token);
  }
  return options;
}

}  // namespace

Executor::Executor(ExecutorOptions options, telemetry::Registry& registry)
    : options_(WithGatekeeper(std::move(options))),
      registry_(registry),
      workers_(options_.threads, options_.max_queued),
      // A stream that was admitted has a thread; the queue only hands it over.
      stream_workers_(options_.max_streams,
                      static_cast<std::size_t>(options_.max_streams)) {}

void Executor::StopStreams() {
  std::lock_guard lock(mu_);
  stopping_ = true;
  for (Stoppable* const stream : streams_) stream->Stop();
}

absl::StatusOr<access::Identity> Executor::Admit(
    const grpc::CallbackServerContext& context, const Rule& rule,
    const google::protobuf::Message& request) const {
  auto identity =
      options_.gatekeeper->Identify(Metadata(context, "authorization"));
  if (!identity.ok()) return identity;
  if (auto may = access::Permit(*identity, rule.NeedOf(request)); !may.ok()) {
    return may;
  }
  if (auto in_time = InTime(context); !in_time.ok()) return in_time;
  return identity;
}

absl::Status Executor::InTime(const grpc::CallbackServerContext& context) {
  if (context.deadline() < std::chrono::system_clock::now()) {
    return absl::DeadlineExceededError("the deadline has passed");
  }
  return absl::OkStatus();
}

absl::Status Executor::Submit(std::function<void()> job) {
  if (workers_.TrySubmit(std::move(job))) return absl::OkStatus();
  return Overloaded("too many calls are waiting");
}

absl::Status Executor::SubmitStream(Stoppable* stream,
                                    std::function<void()> job) {
  std::lock_guard lock(mu_);
  if (stopping_) return absl::UnavailableError("the server is stopping");
  if (streams_.size() >= static_cast<std::size_t>(options_.max_streams) ||
      !stream_workers_.TrySubmit(std::move(job))) {
    return Overloaded("too many streams are open");
  }
  streams_.insert(stream);
  return absl::OkStatus();
}

void Executor::EndStream(Stoppable* stream) {
  std::lock_guard lock(mu_);
  streams_.erase(stream);
}

absl::Status Executor::Perform(
    const grpc::CallbackServerContext& context, const Rule& rule,
    const access::Identity& identity, const google::protobuf::Message& request,
    const std::function<absl::Status()>& body) const {
  if (!rule.audited || options_.auditor == nullptr) return Guard(body);
  const access::AuditedCall call{
      .call_id = base::RandomId(),
      .method = rule.method,
      .identity = identity,
      .prompt = rule.NeedOf(request).prompt,
      .details = PlainFields(request),
      .request_id = std::string(
          Metadata(context, "x-request-id").substr(0, kLongestRequestId))};
  if (auto asked = options_.auditor->Asked(call); !asked.ok()) return asked;
  absl::Status done = Guard(body);
  options_.auditor->Ended(call, done.code());
  return done;
}

void Executor::Record(std::string_view method, absl::StatusCode code,
                      std::chrono::steady_clock::time_point since) {
  registry_
      .GetCounter("evalloop_rpc_server_calls_total", "Calls answered.",
                  {{"method", std::string(method)},
                   {"code", absl::StatusCodeToString(code)}})
      .Add();
  registry_
      .GetHistogram("evalloop_rpc_server_duration_seconds",
                    "From a call's arrival to its answer.",
                    {{"method", std::string(method)}})
      .Observe(std::chrono::duration<double>(std::chrono::steady_clock::now() -
                                             since)
                   .count());
}

}  // namespace evalloop::rpc
