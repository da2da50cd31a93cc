#include "serving/http/openai_response.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;

json::object UsageOf(const Completion& completion) {
  const Usage& usage = completion.usage;
  return {{"prompt_tokens", usage.prompt_tokens},
          {"completion_tokens", usage.completion_tokens},
          {"total_tokens", usage.prompt_tokens + usage.completion_tokens}};
}

// What is cut short or hidden ended because we said so.
std::string_view FinishReason(const Completion& completion) {
  const bool whole =
      completion.shown && completion.shown_text == completion.raw_text;
  return whole && !completion.finish_reason.empty()
             ? std::string_view(completion.finish_reason)
             : "stop";
}

// Of the tokens that are shown whole.
json::value LogprobsOf(const OpenAiRequest& request,
                       const Completion& completion) {
  if (!request.logprobs || completion.tokens.empty()) return nullptr;
  json::array texts;
  json::array values;
  json::array content;
  std::size_t size = 0;
  for (const CompletionToken& token : completion.tokens) {
    size += token.text.size();
    if (size > completion.shown_text.size()) break;
    if (request.chat) {
      content.push_back(json::object{{"token", token.text},
                                     {"logprob", token.log_probability}});
    } else {
      texts.push_back(json::string(token.text));
      values.push_back(token.log_probability);
    }
  }
  if (request.chat) return json::object{{"content", std::move(content)}};
  return json::object{{"tokens", std::move(texts)},
                      {"token_logprobs", std::move(values)}};
}

json::object Head(const OpenAiRequest& request, const Completion& completion,
                  bool chunk) {
  return {{"id", completion.id},
          {"object", !request.chat ? "text_completion"
                     : chunk       ? "chat.completion.chunk"
                                   : "chat.completion"},
          {"created", absl::ToUnixSeconds(completion.serve_time)},
          {"model", request.model}};
}

json::object Choice(json::value finish_reason) {
  return {{"index", 0},
          {"logprobs", nullptr},
          {"finish_reason", std::move(finish_reason)}};
}

std::string WithChoice(json::object head, json::object choice) {
  json::array choices;
  choices.push_back(std::move(choice));
  head["choices"] = std::move(choices);
  return json::serialize(head);
}

struct Shape {
  int http_status;
  std::string_view type;
  std::string_view code;
};

Shape ShapeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return {400, "invalid_request_error", ""};
    case absl::StatusCode::kUnauthenticated:
      return {401, "invalid_request_error", "invalid_api_key"};
    case absl::StatusCode::kNotFound:
      return {404, "invalid_request_error",
              base::ReasonOf(status) == "COMPLETION_NOT_FOUND"
                  ? "completion_not_found"
                  : "model_not_found"};
    case absl::StatusCode::kResourceExhausted:
      return {429, "rate_limit_error", "rate_limit_exceeded"};
    case absl::StatusCode::kCancelled:
      return {499, "invalid_request_error", "cancelled"};
    // The provider's key is our operator's matter, not the client's.
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
      return {502, "server_error", "provider_refused"};
    case absl::StatusCode::kUnavailable:
      return {503, "server_error", "provider_unavailable"};
    case absl::StatusCode::kDeadlineExceeded:
      return {504, "server_error", "timeout"};
    default:
      return {500, "server_error", "internal_error"};
  }
}

}  // namespace

std::string OpenAiAnswer(const OpenAiRequest& request,
                         const Completion& completion) {
  json::object head = Head(request, completion, /*chunk=*/false);
  json::object choice = Choice(json::string(FinishReason(completion)));
  choice["logprobs"] = LogprobsOf(request, completion);
  if (request.chat) {
    choice["message"] = json::object{{"role", "assistant"},
                                     {"content", completion.shown_text},
                                     {"refusal", nullptr}};
  } else {
    choice["text"] = completion.shown_text;
  }
  head["usage"] = UsageOf(completion);
  if (!completion.index_commit.empty()) {
    head["index_commit"] = completion.index_commit;
  }
  return WithChoice(std::move(head), std::move(choice));
}

std::string OpenAiPiece(const OpenAiRequest& request,
                        const Completion& completion, std::string_view text,
                        bool first) {
  json::object choice = Choice(nullptr);
  if (request.chat) {
    json::object delta;
    if (first) delta["role"] = "assistant";
    delta["content"] = text;
    choice["delta"] = std::move(delta);
  } else {
    choice["text"] = text;
  }
  return WithChoice(Head(request, completion, /*chunk=*/true),
                    std::move(choice));
}

std::string OpenAiEnd(const OpenAiRequest& request,
                      const Completion& completion) {
  json::object choice = Choice(json::string(FinishReason(completion)));
  choice["logprobs"] = LogprobsOf(request, completion);
  if (request.chat) {
    choice["delta"] = json::object();
  } else {
    choice["text"] = "";
  }
  return WithChoice(Head(request, completion, /*chunk=*/true),
                    std::move(choice));
}

std::string OpenAiUsage(const OpenAiRequest& request,
                        const Completion& completion) {
  json::object head = Head(request, completion, /*chunk=*/true);
  head["choices"] = json::array();
  head["usage"] = UsageOf(completion);
  return json::serialize(head);
}

void AddCompletionHeaders(const Completion& completion, bool shown,
                          http::Headers& headers) {
  if (!completion.prompt.empty()) {
    headers.Add(
        "x-evalloop-revision",
        fmt::format("{}@{}", completion.prompt, completion.revision_version));
  }
  headers.Add("x-evalloop-model", completion.model);
  if (!completion.arm.empty()) {
    headers.Add("x-evalloop-arm", completion.arm);
  }
  headers.Add("x-evalloop-shown", shown ? "true" : "false");
}

http::Response OpenAiError(const absl::Status& status) {
  const Shape shape = ShapeOf(status);
  // What broke inside is for the log.
  const std::string_view message =
      shape.http_status == 500 ? "internal error" : base::S(status.message());
  http::Response response =
      http::ErrorResponse(shape.http_status, shape.type, message, shape.code,
                          base::FieldOf(status).value_or(
                              shape.code == "model_not_found" ? "model" : ""));
  if (shape.http_status == 429 || shape.http_status == 503) {
    const auto wait =
        base::RetryAfterOf(status).value_or(std::chrono::seconds(1));
    const std::int64_t seconds =
        std::max<std::int64_t>(1, (wait.count() + 999) / 1'000);
    response.headers.Add("retry-after", std::to_string(seconds));
  }
  return response;
}

std::string OpenAiModel(std::string_view id, std::int64_t created,
                        std::string_view owner) {
  return json::serialize(json::object{{"id", id},
                                      {"object", "model"},
                                      {"created", created},
                                      {"owned_by", owner}});
}

std::string OpenAiModel(const Model& model) {
  return json::serialize(json::object{
      {"id", model.name},
      {"object", "model"},
      {"created", absl::ToUnixSeconds(model.create_time)},
      {"owned_by", model.family.empty() ? "provider" : model.family},
      {"family", model.family},
      {"snapshot", model.snapshot}});
}

std::string OpenAiModels(std::span<const ModelPtr> models,
                         std::span<const std::string> prompts) {
  std::string data;
  const auto add = [&data](const std::string& entry) {
    if (!data.empty()) data.push_back(',');
    data += entry;
  };
  for (const std::string& prompt : prompts) {
    add(OpenAiModel("evalloop/" + prompt, 0, "evalloop"));
  }
  for (const ModelPtr& model : models) {
    add(OpenAiModel(*model));
  }
  return fmt::format(R"({{"object":"list","data":[{}]}})", data);
}

}  // namespace evalloop::serving
