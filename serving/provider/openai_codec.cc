#include "serving/provider/openai_codec.h"

#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/http/json.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxTokens = 16'384;
constexpr std::size_t kMaxErrorText = 300;
constexpr std::size_t kMaxName = 200;
constexpr std::int64_t kMaxRetryAfterSeconds = 3'600;

// Providers differ in what they leave out, so readers here are lenient: a
// member of another type counts as absent.
const json::object* ObjectAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_object() : nullptr;
}

const json::array* ArrayAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_array() : nullptr;
}

std::string_view TextAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value ? value->if_string() : nullptr;
  return text ? std::string_view(*text) : std::string_view();
}

std::optional<double> NumberOf(const json::value& value) {
  if (value.is_double()) return value.get_double();
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  return std::nullopt;
}

std::optional<std::uint32_t> CountOf(const json::value& value) {
  const auto number = NumberOf(value);
  if (!number || !(*number >= 0) ||
      *number > std::numeric_limits<std::uint32_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*number);
}

std::uint32_t CountAt(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? CountOf(*value).value_or(0) : 0;
}

std::optional<std::uint32_t> CountAt(const json::array* array,
                                     std::size_t index) {
  if (!array || index >= array->size()) return std::nullopt;
  return CountOf((*array)[index]);
}

// A log-probability is at most 0, and some providers say -9999 for "none".
double LogProbability(const json::value& value) {
  const double number = NumberOf(value).value_or(-9999);
  return std::isfinite(number) ? std::min(number, 0.0) : -9999;
}

void TakeTokens(const json::object& logprobs, ProviderAnswer& answer) {
  // Chat's form, which llama.cpp also uses for completions.
  if (const json::array* content = ArrayAt(logprobs, "content")) {
    for (const json::value& item : *content) {
      const json::object* token = item.if_object();
      if (!token || answer.tokens.size() >= kMaxTokens) return;
      const json::value* logprob = token->if_contains("logprob");
      CompletionToken out;
      out.text = std::string(TextAt(*token, "token"));
      out.log_probability = logprob ? LogProbability(*logprob) : -9999;
      answer.tokens.push_back(std::move(out));
    }
    return;
  }
  const json::array* tokens = ArrayAt(logprobs, "tokens");
  const json::array* values = ArrayAt(logprobs, "token_logprobs");
  if (!tokens || !values || tokens->size() != values->size()) return;
  const json::object* ours = ObjectAt(logprobs, "evalloop");
  const json::array* order = ours ? ArrayAt(*ours, "order") : nullptr;
  const json::array* support = ours ? ArrayAt(*ours, "support") : nullptr;
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    const json::string* text = (*tokens)[i].if_string();
    if (!text || answer.tokens.size() >= kMaxTokens) return;
    CompletionToken out;
    out.text = std::string(*text);
    out.log_probability = LogProbability((*values)[i]);
    out.order = CountAt(order, i);
    out.support = CountAt(support, i);
    answer.tokens.push_back(std::move(out));
  }
}

// One object of either form, whole or a chunk; answers its piece of text.
std::string_view TakeObject(const json::object& object,
                            ProviderAnswer& answer) {
  if (const json::object* usage = ObjectAt(object, "usage")) {
    answer.prompt_tokens = CountAt(*usage, "prompt_tokens");
    answer.completion_tokens = CountAt(*usage, "completion_tokens");
  }
  if (const auto commit = TextAt(object, "index_commit"); !commit.empty()) {
    answer.index_commit = std::string(commit);
  }
  const auto take = [&](std::string_view key, std::string& to) {
    if (const auto said = TextAt(object, key); !said.empty()) {
      to = std::string(said.substr(0, kMaxName));
    }
  };
  take("model", answer.reported_model);
  take("system_fingerprint", answer.system_fingerprint);
  const json::array* choices = ArrayAt(object, "choices");
  if (!choices || choices->empty()) return {};
  const json::object* choice = choices->front().if_object();
  if (!choice) return {};
  if (const auto reason = TextAt(*choice, "finish_reason"); !reason.empty()) {
    answer.finish_reason = std::string(reason);
  }
  if (const json::object* logprobs = ObjectAt(*choice, "logprobs")) {
    TakeTokens(*logprobs, answer);
  }
  const json::object* message = ObjectAt(*choice, "message");
  if (!message) message = ObjectAt(*choice, "delta");
  return message ? TextAt(*message, "content") : TextAt(*choice, "text");
}

void CountTokens(ProviderAnswer& answer) {
  if (answer.completion_tokens == 0) {
    answer.completion_tokens = static_cast<std::uint32_t>(answer.tokens.size());
  }
  if (answer.finish_reason.empty()) answer.finish_reason = "stop";
}

std::string ErrorText(const json::object& object) {
  const json::object* error = ObjectAt(object, "error");
  std::string_view text = TextAt(error ? *error : object, "message");
  if (text.empty()) text = TextAt(object, "error");
  if (text.empty()) text = TextAt(object, "detail");
  return std::string(text.substr(0, kMaxErrorText));
}

void PutSampling(const ProviderRequest& request, json::object& body) {
  const Sampling& sampling = request.sampling;
  if (sampling.max_tokens != 0) body["max_tokens"] = sampling.max_tokens;
  if (sampling.temperature) body["temperature"] = *sampling.temperature;
  if (sampling.top_p) body["top_p"] = *sampling.top_p;
  if (sampling.seed) body["seed"] = *sampling.seed;
  if (!sampling.stop.empty()) {
    body["stop"] = json::array(sampling.stop.begin(), sampling.stop.end());
  }
}

}  // namespace

std::string OpenAiBody(const Model& model, const ProviderRequest& request,
                       bool stream) {
  json::object body;
  body["model"] = model.model_id;
  if (request.messages.empty()) {
    body["prompt"] = request.prompt;
    if (request.suffix) body["suffix"] = *request.suffix;
    if (request.token_probabilities) body["logprobs"] = 1;
  } else {
    json::array messages;
    for (const ChatMessage& message : request.messages) {
      messages.push_back(
          json::object{{"role", message.role}, {"content", message.content}});
    }
    body["messages"] = std::move(messages);
    if (request.token_probabilities) body["logprobs"] = true;
  }
  PutSampling(request, body);
  if (stream) {
    body["stream"] = true;
    body["stream_options"] = json::object{{"include_usage", true}};
  }
  if (model.provider == ProviderKind::kEmbedded) {
    if (!request.index_commit.empty()) {
      body["index_commit"] = request.index_commit;
    }
    body["metadata"] = json::object{{"repository", request.location.repository},
                                    {"path", request.location.path},
                                    {"language", request.location.language}};
  }
  std::string text = json::serialize(body);
  if (!request.extra_members.empty()) {
    text.back() = ',';
    text += request.extra_members;
    text.push_back('}');
  }
  return text;
}

absl::StatusOr<ProviderAnswer> ParseOpenAiAnswer(std::string_view body) {
  const auto object = http::ParseJsonObject(body);
  if (!object.ok()) {
    return absl::InternalError(
        fmt::format("the model server's answer is no JSON object: {}",
                    object.status().ToString()));
  }
  const json::array* choices = ArrayAt(*object, "choices");
  if (!choices || choices->empty()) {
    return absl::InternalError("the model server's answer has no choices");
  }
  ProviderAnswer answer;
  answer.text = std::string(TakeObject(*object, answer));
  CountTokens(answer);
  return answer;
}

absl::Status StatusOfOpenAiError(const http::ClientResponse& response) {
  std::string said;
  if (const auto object = http::ParseJsonObject(response.body); object.ok()) {
    said = ErrorText(*object);
  }
  const std::string text =
      fmt::format("the model server answered {}{}{}", response.status,
                  said.empty() ? "" : ": ", said);
  switch (response.status) {
    case 400:
    case 404:
    case 413:
    case 422:
      return base::WithReason(absl::InvalidArgumentError(text),
                              "PROVIDER_REFUSED");
    case 401:
    case 403:
      return base::WithReason(absl::PermissionDeniedError(text),
                              "PROVIDER_KEY_REFUSED");
    case 408:
    case 409:
    case 429: {
      absl::Status status = base::WithReason(absl::ResourceExhaustedError(text),
                                             "PROVIDER_LIMIT");
      const auto after = response.headers.Find("retry-after");
      std::int64_t seconds = 0;
      if (after &&
          std::from_chars(after->data(), after->data() + after->size(), seconds)
                  .ec == std::errc() &&
          seconds >= 0) {
        status = base::WithRetryAfter(
            std::move(status),
            std::chrono::seconds(std::min(seconds, kMaxRetryAfterSeconds)));
      }
      return status;
    }
    default:
      return base::WithReason(absl::UnavailableError(text), "PROVIDER_FAILED");
  }
}

absl::Status OpenAiStream::Take(std::string_view data, std::string& piece) {
  if (data == "[DONE]") {
    done_ = true;
    return absl::OkStatus();
  }
  const auto object = http::ParseJsonObject(data);
  if (!object.ok()) {
    return absl::InternalError("the model server's stream holds no JSON");
  }
  if (object->if_contains("error")) {
    return base::WithReason(
        absl::UnavailableError(
            fmt::format("the model server failed: {}", ErrorText(*object))),
        "PROVIDER_FAILED");
  }
  const std::string_view text = TakeObject(*object, answer_);
  answer_.text += text;
  piece += text;
  if (answer_.text.size() > (std::size_t{4} << 20)) {
    return absl::InternalError("the model server's answer has no end");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> OpenAiStream::Feed(std::string_view bytes) {
  std::string piece;
  absl::Status taken;
  const absl::Status parsed =
      parser_.Feed(bytes, [&](const http::SseEvent& event) {
        if (taken.ok() && !done_) taken = Take(event.data, piece);
      });
  if (!parsed.ok()) return parsed;
  if (!taken.ok()) return taken;
  return piece;
}

absl::StatusOr<ProviderAnswer> OpenAiStream::Finish() && {
  // Some servers leave out [DONE]; all say why they finished.
  if (!done_ && answer_.finish_reason.empty()) {
    return base::WithReason(
        absl::UnavailableError("the model server's stream broke off"),
        "PROVIDER_FAILED");
  }
  CountTokens(answer_);
  return std::move(answer_);
}

}  // namespace evalloop::serving
