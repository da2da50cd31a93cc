#include "cli/gateway_suggester.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "cli/peers.h"
#include "platform/http/json.h"

namespace evalloop::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRequestDeadline{30'000};
constexpr std::size_t kShownOfAnError = 300;

// Whether the same request may succeed later without a change.
bool IsPassing(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

absl::Status StatusOf(std::string_view path,
                      const http::ClientResponse& response) {
  const std::string message =
      fmt::format("{} answered {}: {}", path, response.status,
                  response.body.substr(0, kShownOfAnError));
  if (IsPassing(response.status)) return absl::UnavailableError(message);
  if (response.status == 401 || response.status == 403) {
    return absl::PermissionDeniedError(message);
  }
  if (response.status == 404) return absl::NotFoundError(message);
  if (response.status < 500) return absl::InvalidArgumentError(message);
  return absl::InternalError(message);
}

}  // namespace

GatewaySuggester::GatewaySuggester(Options options, http::Client& client,
                                   Terminal& terminal)
    : options_(std::move(options)), client_(client), terminal_(terminal) {}

absl::StatusOr<http::ClientResponse> GatewaySuggester::Complete(
    const replay::Cursor& cursor) {
  boost::json::object body;
  body["model"] = options_.model;
  body["prompt"] = boost::json::string(cursor.prefix);
  if (!cursor.suffix.empty()) {
    body["suffix"] = boost::json::string(cursor.suffix);
  }
  body["stream"] = false;
  if (options_.pin_index && !commit_.empty()) body["index_commit"] = commit_;
  boost::json::object& metadata = body["metadata"].emplace_object();
  metadata["repository"] = options_.repository;
  metadata["path"] = boost::json::string(cursor.path);
  metadata["language"] = boost::json::string(cursor.language);
  if (!commit_.empty()) metadata["commit"] = commit_;
  metadata["line"] = cursor.line;
  metadata["column"] = cursor.column;
  metadata["user"] = options_.user;
  metadata["session"] = options_.session;
  return Post("/v1/completions", boost::json::serialize(body));
}

absl::StatusOr<replay::Suggestion> GatewaySuggester::Suggest(
    const replay::Cursor& cursor) {
  const auto begin = Clock::now();
  const auto response = Complete(cursor);
  const auto end = Clock::now();
  if (!response.ok()) return response.status();
  const auto answer = http::ParseJsonObject(response->body);
  if (!answer.ok()) return answer.status();
  const auto choices = http::FindArray(*answer, "choices");
  if (!choices.ok()) return choices.status();
  if (*choices == nullptr || (*choices)->empty() ||
      !(**choices)[0].is_object()) {
    return absl::InternalError("/v1/completions answered without choices");
  }
  const auto text = http::GetString((**choices)[0].as_object(), "text");
  if (!text.ok()) return text.status();
  const auto id = http::FindString(*answer, "id");
  if (!id.ok()) return id.status();
  const auto shown = response->headers.Find("x-evalloop-shown");

  replay::Suggestion suggestion;
  suggestion.completion_id = id->value_or("");
  suggestion.text = *text;
  // A server that knows no policy shows what it says.
  suggestion.shown = !text->empty() && shown.value_or("true") != "false";
  suggestion.latency_ms =
      std::chrono::duration<double, std::milli>(end - begin).count();
  if (!suggestion.completion_id.empty()) ++answered_;
  return suggestion;
}

absl::StatusOr<std::uint32_t> GatewaySuggester::RevisionInForce() {
  replay::Cursor cursor;
  cursor.path = "probe.c";
  cursor.language = "c";
  cursor.line = 1;
  cursor.prefix = "int ";
  const auto response = Complete(cursor);
  if (!response.ok()) return response.status();
  const auto revision = response->headers.Find("x-evalloop-revision");
  std::uint32_t version = 0;
  if (revision.has_value()) {
    const std::string_view digits =
        revision->substr(revision->find_last_of('@') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), version);
  }
  if (version == 0) {
    return absl::InternalError(
        "the gateway doesn't say which revision answered");
  }
  return version;
}

absl::Status GatewaySuggester::Report(const replay::TypingEvent& event) {
  if (event.completion_id.empty()) return absl::OkStatus();
  if (!event.shown) return Tell(event, "typed", /*with_text=*/true);
  const absl::Status shown = Tell(event, "shown", /*with_text=*/false);
  if (!shown.ok()) return shown;
  return Tell(event, event.accepted ? "accepted" : "rejected",
              /*with_text=*/true);
}

absl::Status GatewaySuggester::Tell(const replay::TypingEvent& event,
                                    std::string_view kind, bool with_text) {
  boost::json::object body;
  body["completion_id"] = event.completion_id;
  body["event"] = boost::json::string(kind);
  if (with_text) body["text"] = event.typed;
  return Post("/v1/feedback", boost::json::serialize(body)).status();
}

absl::StatusOr<http::ClientResponse> GatewaySuggester::Post(
    std::string_view path, std::string body) {
  http::ClientResponse answer;
  const absl::Status status =
      Patiently(fmt::format("the gateway at {}", options_.gateway_url),
                kPatience, terminal_, [&]() -> absl::Status {
                  http::ClientRequest request;
                  request.method = "POST";
                  request.url = fmt::format("{}{}", options_.gateway_url, path);
                  request.headers = {{"content-type", "application/json"}};
                  if (!token_.empty()) {
                    request.headers.Add("authorization", "Bearer " + token_);
                  }
                  request.body = body;
                  request.deadline = kRequestDeadline;
                  request.stall_timeout = kRequestDeadline;
                  auto response = client_.Fetch(std::move(request));
                  if (!response.ok()) return response.status();
                  if (response->status < 200 || response->status > 299) {
                    return StatusOf(path, *response);
                  }
                  answer = *std::move(response);
                  return absl::OkStatus();
                });
  if (!status.ok()) return status;
  return answer;
}

}  // namespace evalloop::cli
