#include "serving/http/gateway.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"
#include "platform/http/sse.h"
#include "serving/http/openai_request.h"
#include "serving/http/openai_response.h"

namespace evalloop::serving {
namespace {

constexpr std::size_t kMaxRequestId = 128;
constexpr std::chrono::milliseconds kSlowReader{10'000};

// The client's own id, where it is one that can be sent back; else a new one.
std::string RequestId(const http::Request& request) {
  const auto given = request.headers.Find("x-request-id");
  const bool usable = given && !given->empty() &&
                      given->size() <= kMaxRequestId &&
                      std::all_of(given->begin(), given->end(),
                                  [](char c) { return c > ' ' && c <= '~'; });
  return usable ? std::string(*given) : base::RandomId();
}

void SendWith(const http::Request& request, http::Response response,
              http::ResponseWriter& out) {
  response.headers.Add("x-request-id", RequestId(request));
  out.Send(std::move(response));
}

// The role is held against the route; this is the scope.
absl::Status MayComplete(const access::Identity& identity,
                         const LiveRequest& live) {
  access::Need need{.role = access::Role::kFeedback, .names_prompt = true};
  if (const auto* prompt = std::get_if<RevisionSelector>(&live.choice)) {
    need.prompt = prompt->prompt;
  }
  return access::Permit(identity, need);
}

// The events of one streamed answer. It starts with the first piece, so that an
// error before it can still be a plain answer.
class EventStream {
 public:
  EventStream(const OpenAiRequest& request, std::string request_id,
              http::ResponseWriter& out)
      : request_(request), request_id_(std::move(request_id)), out_(out) {}

  bool started() const { return started_; }

  // False when nobody reads on.
  bool Piece(const Completion& completion, std::string_view text) {
    const bool first = !started_;
    Start(completion, /*shown=*/true);
    return Write(
        http::FormatSse(OpenAiPiece(request_, completion, text, first)));
  }

  void End(const Completion& completion) {
    Start(completion, completion.shown);
    std::string events = http::FormatSse(OpenAiEnd(request_, completion));
    if (request_.include_usage) {
      events += http::FormatSse(OpenAiUsage(request_, completion));
    }
    events += http::FormatSse("[DONE]");
    if (Write(std::move(events))) out_.End();
  }

  // What went wrong after the stream had begun.
  void Fail(const absl::Status& status) {
    if (Write(http::FormatSse(OpenAiError(status).body))) out_.End();
  }

 private:
  void Start(const Completion& completion, bool shown) {
    if (std::exchange(started_, true)) return;
    http::Headers headers = {{"content-type", "text/event-stream"},
                             {"cache-control", "no-cache"},
                             {"x-accel-buffering", "no"},
                             {"x-request-id", request_id_}};
    AddCompletionHeaders(completion, shown, headers);
    out_.StartStream(200, std::move(headers));
  }

  bool Write(std::string events) {
    while (true) {
      switch (out_.Write(events)) {
        case http::WriteResult::kOk:
          return true;
        case http::WriteResult::kGone:
          return false;
        case http::WriteResult::kFull:
          if (!out_.WaitWritable(kSlowReader)) return false;
      }
    }
  }

  const OpenAiRequest& request_;
  const std::string request_id_;
  http::ResponseWriter& out_;
  bool started_ = false;
};

}  // namespace

Gateway::Gateway(LiveCompletions& live, FeedbackDesk& feedback,
                 const Library& library, GatewayOptions options)
    : live_(live),
      feedback_(feedback),
      library_(library),
      workers_(options.threads, options.max_queued) {}

void Gateway::OnWorker(http::Request request, Out out,
                       void (Gateway::*handle)(http::Request, const Out&)) {
  auto held = std::make_shared<http::Request>(std::move(request));
  if (workers_.TrySubmit([this, held, out, handle] {
        if (!out->cancelled()) (this->*handle)(std::move(*held), out);
      })) {
    return;
  }
  SendWith(*held,
           OpenAiError(base::WithRetryAfter(
               absl::ResourceExhaustedError("too many requests at once"),
               std::chrono::seconds(1))),
           *out);
}

http::Handler Gateway::Routes() {
  http::Router router;
  // The gateway's table of roles: docs/access.md prints it.
  constexpr access::Role kEditor = access::Role::kFeedback;
  const auto add = [&](std::string path, access::Role needed,
                       void (Gateway::*handle)(http::Request, const Out&)) {
    router.Add("POST", std::move(path), needed,
               [this, handle](http::Request request, Out out) {
                 OnWorker(std::move(request), std::move(out), handle);
               });
  };
  add("/v1/completions", kEditor, &Gateway::HandleCompletion);
  add("/v1/chat/completions", kEditor, &Gateway::HandleChat);
  add("/v1/feedback", kEditor, &Gateway::HandleFeedback);
  // From memory, so at once.
  router.Add(
      "GET", "/v1/models", kEditor,
      [this](http::Request request, Out out) { ListModels(request, out); });
  router.AddPrefix(
      "GET", "/v1/models/", kEditor,
      [this](http::Request request, Out out) { GetModel(request, out); });
  return std::move(router).AsHandler();
}

void Gateway::HandleCompletion(http::Request request, const Out& out) {
  Complete(request, /*chat=*/false, out);
}

void Gateway::HandleChat(http::Request request, const Out& out) {
  Complete(request, /*chat=*/true, out);
}

void Gateway::Complete(const http::Request& request, bool chat,
                       const Out& out) {
  auto parsed = ParseOpenAiRequest(request, chat);
  if (!parsed.ok()) {
    SendWith(request, OpenAiError(parsed.status()), *out);
    return;
  }
  // Not by OpenAiError, where this code is a provider's.
  if (auto may = MayComplete(request.identity, parsed->live); !may.ok()) {
    SendWith(request,
             http::ErrorResponse(403, "permission_error",
                                 base::S(may.message()), "forbidden"),
             *out);
    return;
  }
  EventStream stream(*parsed, RequestId(request), *out);
  LivePieceSink on_piece;
  if (parsed->stream) {
    on_piece = [&stream](const Completion& completion, std::string_view text) {
      return stream.Piece(completion, text);
    };
  }
  LiveRequest live = std::move(parsed->live);
  const auto completion = live_.Complete(
      std::move(live), [&out] { return out->cancelled(); }, on_piece);
  if (!completion.ok()) {
    if (stream.started()) {
      stream.Fail(completion.status());
    } else {
      SendWith(request, OpenAiError(completion.status()), *out);
    }
    return;
  }
  if (parsed->stream) {
    stream.End(*completion);
    return;
  }
  http::Response response =
      http::JsonResponse(200, OpenAiAnswer(*parsed, *completion));
  AddCompletionHeaders(*completion, completion->shown, response.headers);
  SendWith(request, std::move(response), *out);
}

void Gateway::HandleFeedback(http::Request request, const Out& out) {
  auto events = ParseFeedback(request.body);
  if (!events.ok()) {
    SendWith(request, OpenAiError(events.status()), *out);
    return;
  }
  // All or none: a list with a forged id is refused as a whole.
  for (std::size_t i = 0; i < events->size(); ++i) {
    if (auto status = feedback_.Check((*events)[i]); !status.ok()) {
      SendWith(request,
               OpenAiError(events->size() > 1 ? InEvent(status, i) : status),
               *out);
      return;
    }
  }
  for (Feedback& event : *events) {
    if (auto status = feedback_.Take(std::move(event)); !status.ok()) {
      SendWith(request, OpenAiError(status), *out);
      return;
    }
  }
  SendWith(request,
           http::JsonResponse(
               200, fmt::format(R"({{"object":"feedback","taken":{}}})",
                                events->size())),
           *out);
}

void Gateway::ListModels(const http::Request& request, const Out& out) const {
  SendWith(request,
           http::JsonResponse(
               200, OpenAiModels(library_.Models(), library_.Prompts())),
           *out);
}

void Gateway::GetModel(const http::Request& request, const Out& out) const {
  const std::string id = request.path.substr(sizeof("/v1/models/") - 1);
  const auto choice = ParseModelString(id);
  if (!choice.ok()) {
    SendWith(request, OpenAiError(choice.status()), *out);
    return;
  }
  std::string body;
  absl::Status status;
  if (const auto* name = std::get_if<std::string>(&*choice)) {
    const auto model = library_.FindModel(*name, std::chrono::milliseconds(0));
    status = model.status();
    if (model.ok()) body = OpenAiModel(**model);
  } else {
    status = library_
                 .Resolve(std::get<RevisionSelector>(*choice),
                          std::chrono::milliseconds(0))
                 .status();
    body = OpenAiModel(id, 0, "evalloop");
  }
  SendWith(request,
           status.ok() ? http::JsonResponse(200, std::move(body))
                       : OpenAiError(status),
           *out);
}

}  // namespace evalloop::serving
