#include "serving/provider/openai_provider.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>

#include "fmt/format.h"
#include "platform/base/backoff.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"
#include "serving/provider/openai_codec.h"

namespace evalloop::serving {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPoll{50};
constexpr std::size_t kMaxAnswer = std::size_t{8} << 20;
constexpr std::streamsize kMaxKey = 8'192;

// What the client's thread hands to the calling one.
class Exchange {
 public:
  void Chunk(std::string_view bytes) {
    {
      std::lock_guard lock(mu_);
      bytes_.append(bytes);
    }
    changed_.notify_one();
  }
  void Done(absl::StatusOr<http::ClientResponse> response) {
    {
      std::lock_guard lock(mu_);
      response_ = std::move(response);
    }
    changed_.notify_one();
  }

  struct News {
    std::string bytes;
    std::optional<absl::StatusOr<http::ClientResponse>> response;
  };
  // What came since the last call; waits at most `time` for something.
  News Wait(milliseconds time) {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, time,
                      [this] { return !bytes_.empty() || response_; });
    News news;
    news.bytes.swap(bytes_);
    if (response_) news.response = std::move(response_);
    return news;
  }

 private:
  std::mutex mu_;
  std::condition_variable changed_;
  std::string bytes_;
  std::optional<absl::StatusOr<http::ClientResponse>> response_;
};

milliseconds Left(Steady::time_point deadline) {
  return std::chrono::duration_cast<milliseconds>(deadline - Steady::now());
}

double MillisecondsSince(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start)
      .count();
}

bool Gone(const CallLimits& limits) {
  return limits.cancelled && limits.cancelled();
}

absl::Status Late() {
  return absl::DeadlineExceededError("the model server took too long");
}

absl::Status NobodyWaits() {
  return absl::CancelledError("nobody waits for the answer any more");
}

absl::Status AddKey(const Model& model, http::ClientRequest& request) {
  if (model.key_file.empty()) return absl::OkStatus();
  std::ifstream file(model.key_file);
  std::string key(kMaxKey, '\0');
  file.read(key.data(), kMaxKey);
  key.resize(static_cast<std::size_t>(file.gcount()));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) {
    key.pop_back();
  }
  if (key.empty() || key.find_first_of("\r\n") != std::string::npos) {
    return base::WithReason(
        absl::FailedPreconditionError(fmt::format(
            "the key file {} of model {} can't be read or is no key",
            model.key_file, model.name)),
        "PROVIDER_KEY_MISSING");
  }
  request.headers.Add("authorization", "Bearer " + key);
  return absl::OkStatus();
}

bool MayRetry(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status);
}

// Sleeps in short steps, so that a caller who leaves is noticed.
void SleepFor(milliseconds time, const CallLimits& limits) {
  const auto until = Steady::now() + time;
  while (Steady::now() < until && !Gone(limits)) {
    std::this_thread::sleep_for(std::min(kPoll, Left(until) + milliseconds(1)));
  }
}

}  // namespace

OpenAiProvider::OpenAiProvider(http::Client& client,
                               OpenAiProviderOptions options)
    : client_(client), options_(options) {}

OpenAiProvider::Server& OpenAiProvider::ServerOf(const std::string& base_url) {
  std::lock_guard lock(mu_);
  auto& server = servers_[base_url];
  if (!server) server = std::make_unique<Server>();
  return *server;
}

OpenAiProvider::Attempt OpenAiProvider::Try(const http::ClientRequest& request,
                                            const CallLimits& limits,
                                            const PieceSink& on_piece) {
  Attempt attempt{.answer = absl::UnknownError("")};
  const auto start = Steady::now();
  const auto exchange = std::make_shared<Exchange>();
  http::ClientCallbacks callbacks;
  if (on_piece) {
    callbacks.on_chunk = [exchange](std::string_view bytes) {
      exchange->Chunk(bytes);
    };
  }
  callbacks.on_done = [exchange](absl::StatusOr<http::ClientResponse> done) {
    exchange->Done(std::move(done));
  };
  const auto call = client_.Send(request, std::move(callbacks));

  OpenAiStream stream;
  std::optional<double> first_token_ms;
  while (true) {
    const auto left = Left(limits.deadline);
    Exchange::News news =
        exchange->Wait(std::clamp(left, milliseconds(0), kPoll));
    if (!news.bytes.empty()) {
      auto piece = stream.Feed(news.bytes);
      if (!piece.ok()) {
        call->Cancel();
        attempt.answer = piece.status();
        return attempt;
      }
      if (!piece->empty()) {
        if (!first_token_ms) first_token_ms = MillisecondsSince(start);
        attempt.said_something = true;
        if (!on_piece(*piece)) {
          call->Cancel();
          attempt.answer = NobodyWaits();
          return attempt;
        }
      }
    }
    if (news.response) {
      const auto& response = *news.response;
      if (!response.ok()) {
        attempt.answer = response.status();
      } else if (response->status / 100 != 2) {
        attempt.answer = StatusOfOpenAiError(*response);
      } else {
        attempt.answer = on_piece ? std::move(stream).Finish()
                                  : ParseOpenAiAnswer(response->body);
      }
      break;
    }
    if (Gone(limits)) {
      call->Cancel();
      attempt.answer = NobodyWaits();
      return attempt;
    }
    if (left <= milliseconds(0)) {
      call->Cancel();
      attempt.answer = Late();
      return attempt;
    }
  }
  if (attempt.answer.ok()) {
    attempt.answer->first_token_ms = first_token_ms;
    attempt.answer->total_ms = MillisecondsSince(start);
  }
  return attempt;
}

absl::StatusOr<ProviderAnswer> OpenAiProvider::Complete(
    const Model& model, const ProviderRequest& request,
    const CallLimits& limits, const PieceSink& on_piece) {
  Server& server = ServerOf(model.base_url);
  http::ClientRequest call;
  call.method = "POST";
  call.url = model.base_url +
             (request.messages.empty() ? "/completions" : "/chat/completions");
  call.headers = {{"content-type", "application/json"}};
  if (on_piece) call.headers.Add("accept", "text/event-stream");
  if (auto status = AddKey(model, call); !status.ok()) return status;
  call.body = OpenAiBody(model, request, static_cast<bool>(on_piece));
  call.connect_timeout = options_.connect_timeout;
  call.max_response = kMaxAnswer;

  server.budget.Called();
  base::Backoff backoff(options_.first_backoff, options_.max_backoff);
  for (int made = 1;; ++made) {
    if (!server.circuit.Allow(Steady::now())) {
      return base::WithReason(
          absl::UnavailableError(fmt::format(
              "the model server of {} fails; it is left alone for a moment",
              model.name)),
          "PROVIDER_CIRCUIT_OPEN");
    }
    call.deadline = std::max(Left(limits.deadline), milliseconds(1));
    call.stall_timeout = call.deadline;
    if (limits.on_attempt) limits.on_attempt();
    Attempt attempt = Try(call, limits, on_piece);
    const absl::Status& status = attempt.answer.status();
    if (absl::IsUnavailable(status)) {
      server.circuit.Failed(Steady::now());
    } else if (absl::IsCancelled(status) || absl::IsDeadlineExceeded(status)) {
      server.circuit.Abandoned();
    } else {
      server.circuit.Succeeded();
    }
    if (status.ok() || !MayRetry(status) || attempt.said_something ||
        made >= options_.max_attempts) {
      return std::move(attempt.answer);
    }
    const milliseconds wait = std::max(
        backoff.Next(), base::RetryAfterOf(status).value_or(milliseconds(0)));
    // A server that wants to be left alone for long is the caller's to wait
    // for.
    if (wait > options_.max_backoff || wait >= Left(limits.deadline) ||
        !server.budget.TryRetry()) {
      return std::move(attempt.answer);
    }
    SleepFor(wait, limits);
    if (Gone(limits)) return NobodyWaits();
  }
}

absl::Status OpenAiProvider::Probe(const Model& model, milliseconds timeout) {
  http::ClientRequest request;
  request.url = model.base_url + "/models";
  request.connect_timeout = timeout;
  request.deadline = timeout;
  request.stall_timeout = timeout;
  if (auto status = AddKey(model, request); !status.ok()) return status;
  const auto response = client_.Fetch(std::move(request));
  if (response.ok()) return absl::OkStatus();
  return absl::UnavailableError(response.status().message());
}

}  // namespace evalloop::serving
