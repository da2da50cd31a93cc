#include "platform/rpc/executor.h"

#include <exception>
#include <utility>

#include "platform/base/access.h"
#include "platform/base/reason.h"

namespace evalloop::rpc {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{250};

absl::Status Overloaded(const char* what) {
  return base::WithReason(
      base::WithRetryAfter(absl::ResourceExhaustedError(what), kRetryAfter),
      "OVERLOADED");
}

}  // namespace

Executor::Executor(ExecutorOptions options, telemetry::Registry& registry)
    : options_(std::move(options)),
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

absl::Status Executor::Admit(const grpc::CallbackServerContext& context) const {
  if (!options_.auth_token.empty()) {
    const auto& metadata = context.client_metadata();
    const auto field = metadata.find("authorization");
    if (field == metadata.end() ||
        !base::BearerMatches({field->second.data(), field->second.size()},
                             options_.auth_token)) {
      return base::WithReason(
          absl::UnauthenticatedError("the bearer token is missing or wrong"),
          "BAD_TOKEN");
    }
  }
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

absl::Status Executor::Guard(const std::function<absl::Status()>& body) {
  try {
    return body();
  } catch (const std::exception& e) {
    return absl::InternalError(e.what());
  }
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
