#include "serving/http/openai_request.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"
#include "platform/http/json.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxStops = 16;
constexpr std::size_t kMaxMessages = 1'024;
constexpr std::size_t kMaxMetadata = 1'024;  // Bytes of one value.

// Members that are read here; the rest goes along.
constexpr std::array<std::string_view, 16> kKnown = {
    "model",       "prompt", "suffix",     "messages",
    "stream",      "n",      "max_tokens", "stream_options",
    "temperature", "top_p",  "seed",       "stop",
    "metadata",    "user",   "logprobs",   "index_commit"};

template <typename T>
absl::Status Assign(absl::StatusOr<std::optional<T>> found, T& target) {
  if (!found.ok()) return found.status();
  if (*found) target = **std::move(found);
  return absl::OkStatus();
}

absl::Status First(std::initializer_list<absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ReadStop(const json::object& body, std::vector<std::string>& out) {
  const json::value* stop = body.if_contains("stop");
  if (!stop || stop->is_null()) return absl::OkStatus();
  if (const json::string* one = stop->if_string()) {
    out.emplace_back(*one);
    return absl::OkStatus();
  }
  const json::array* many = stop->if_array();
  if (!many || many->size() > kMaxStops) {
    return base::FieldError("stop", "is no text and no list of up to 16");
  }
  for (const json::value& item : *many) {
    const json::string* text = item.if_string();
    if (!text) return base::FieldError("stop", "holds what is no text");
    out.emplace_back(*text);
  }
  return absl::OkStatus();
}

absl::Status ReadSampling(const json::object& body, Sampling& sampling) {
  auto temperature = http::FindDouble(body, "temperature");
  if (!temperature.ok()) return temperature.status();
  auto top_p = http::FindDouble(body, "top_p");
  if (!top_p.ok()) return top_p.status();
  auto seed = http::FindInt(body, "seed");
  if (!seed.ok()) return seed.status();
  auto max_tokens = http::FindInt(body, "max_tokens", 0, 1 << 20);
  if (!max_tokens.ok()) return max_tokens.status();
  sampling.temperature = *temperature;
  sampling.top_p = *top_p;
  sampling.seed = *seed;
  sampling.max_tokens = static_cast<std::uint32_t>(max_tokens->value_or(0));
  return ReadStop(body, sampling.stop);
}

absl::Status ReadPrompt(const json::object& body, std::string& prefix) {
  const json::value* prompt = body.if_contains("prompt");
  if (!prompt || prompt->is_null()) {
    return base::FieldError("prompt", "is required");
  }
  if (const json::array* list = prompt->if_array()) {
    if (list->size() != 1) {
      return base::FieldError("prompt", "is a list of other than one text",
                              "send one request for each prompt");
    }
    prompt = &list->front();
  }
  const json::string* text = prompt->if_string();
  if (!text) {
    return base::FieldError("prompt", "is no text", "tokens are not taken");
  }
  prefix = std::string(*text);
  return absl::OkStatus();
}

// A message's content: text, or a list of text parts, which are joined.
std::optional<std::string> ContentOf(const json::value* content) {
  if (!content || content->is_null()) return std::string();
  if (const json::string* text = content->if_string()) {
    return std::string(*text);
  }
  const json::array* parts = content->if_array();
  if (!parts) return std::nullopt;
  std::string joined;
  for (const json::value& part : *parts) {
    const json::object* object = part.if_object();
    const json::value* text = object ? object->if_contains("text") : nullptr;
    if (!text || !text->is_string()) return std::nullopt;
    joined += std::string_view(text->get_string());
  }
  return joined;
}

absl::Status ReadMessages(const json::object& body,
                          std::vector<ChatMessage>& out) {
  auto messages = http::FindArray(body, "messages");
  if (!messages.ok()) return messages.status();
  if (!*messages || (*messages)->empty()) {
    return base::FieldError("messages", "is required");
  }
  if ((*messages)->size() > kMaxMessages) {
    return base::FieldError("messages", "holds over 1024 messages");
  }
  for (std::size_t i = 0; i < (*messages)->size(); ++i) {
    const json::object* message = (**messages)[i].if_object();
    const json::value* role = message ? message->if_contains("role") : nullptr;
    if (!role || !role->is_string()) {
      return base::FieldError(fmt::format("messages[{}].role", i),
                              "is required");
    }
    auto content = ContentOf(message->if_contains("content"));
    if (!content) {
      return base::FieldError(fmt::format("messages[{}].content", i),
                              "is no text", "send text, or parts of text");
    }
    out.push_back({.role = std::string(role->get_string()),
                   .content = *std::move(content)});
  }
  return absl::OkStatus();
}

// OpenAI's metadata holds text only, so a number may come as one.
std::optional<std::uint32_t> NumberOf(const json::value& value) {
  std::uint64_t number = 0;
  if (const json::string* text = value.if_string()) {
    const auto [end, error] =
        std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size()) {
      return std::nullopt;
    }
  } else if (value.is_int64() && value.get_int64() >= 0) {
    number = static_cast<std::uint64_t>(value.get_int64());
  } else {
    return std::nullopt;
  }
  if (number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(number);
}

struct Metadata {
  LiveRequest& live;

  std::string* TextOf(std::string_view name) const {
    Location& location = live.query.location;
    if (name == "repository") return &location.repository;
    if (name == "path") return &location.path;
    if (name == "language") return &location.language;
    if (name == "commit") return &location.commit;
    if (name == "user") return &live.user;
    if (name == "session") return &live.session;
    return nullptr;
  }
  std::uint32_t* CountOf(std::string_view name) const {
    if (name == "line") return &live.query.location.line;
    if (name == "column") return &live.query.location.column;
    return nullptr;
  }

  // Names that aren't known are ignored. False: the value can't be.
  bool Take(std::string_view name, const json::value& value) const {
    if (value.is_null()) return true;
    if (std::string* text = TextOf(name)) {
      const json::string* given = value.if_string();
      if (!given || given->size() > kMaxMetadata) return false;
      *text = std::string(*given);
    } else if (std::uint32_t* count = CountOf(name)) {
      const auto number = NumberOf(value);
      if (!number) return false;
      *count = *number;
    }
    return true;
  }
};

absl::Status ReadMetadata(const http::Request& request,
                          const json::object& body, LiveRequest& live) {
  constexpr std::array<std::string_view, 8> kNames = {
      "repository", "path",   "language", "commit",
      "line",       "column", "user",     "session"};
  const Metadata metadata{live};
  for (const std::string_view name : kNames) {
    const std::string header = fmt::format("x-evalloop-{}", name);
    const auto value = request.headers.Find(header);
    if (value && !metadata.Take(name, json::string(*value))) {
      return base::FieldError(header, "is no possible value");
    }
  }
  auto object = http::FindObject(body, "metadata");
  if (!object.ok()) return object.status();
  if (!*object) return absl::OkStatus();
  for (const auto& [name, value] : **object) {
    if (!metadata.Take(name, value)) {
      return base::FieldError(
          fmt::format("metadata.{}", std::string_view(name)),
          "is no possible value");
    }
  }
  return absl::OkStatus();
}

std::string ExtraMembers(const json::object& body) {
  std::string members;
  for (const auto& [name, value] : body) {
    if (std::find(kKnown.begin(), kKnown.end(), std::string_view(name)) !=
        kKnown.end()) {
      continue;
    }
    if (!members.empty()) members.push_back(',');
    members += json::serialize(json::string(name));
    members.push_back(':');
    members += json::serialize(value);
  }
  return members;
}

// logprobs is a number (completions) or true (chat).
bool WantsLogprobs(const json::object& body) {
  const json::value* value = body.if_contains("logprobs");
  return value && (value->is_int64() || value->is_uint64() ||
                   (value->is_bool() && value->get_bool()));
}

absl::Status ReadStream(const json::object& body, OpenAiRequest& out) {
  if (auto status = Assign(http::FindBool(body, "stream"), out.stream);
      !status.ok()) {
    return status;
  }
  auto options = http::FindObject(body, "stream_options");
  if (!options.ok()) return options.status();
  if (!*options) return absl::OkStatus();
  return Assign(http::FindBool(**options, "include_usage"), out.include_usage);
}

absl::Status ReadCount(const json::object& body) {
  auto n = http::FindInt(body, "n");
  if (!n.ok()) return n.status();
  if (n->value_or(1) != 1) {
    return base::FieldError("n", "is not 1", "send a request for each choice");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<OpenAiRequest> ParseOpenAiRequest(const http::Request& request,
                                                 bool chat) {
  const auto parsed = http::ParseJsonObject(request.body);
  if (!parsed.ok()) return parsed.status();
  const json::object& body = *parsed;

  OpenAiRequest out;
  out.chat = chat;
  out.logprobs = WantsLogprobs(body);
  Query& query = out.live.query;
  query.token_probabilities = out.logprobs;
  if (auto status = First(
          {Assign(http::FindString(body, "model"), out.model),
           Assign(http::FindString(body, "suffix"), query.suffix),
           Assign(http::FindString(body, "index_commit"), query.index_commit),
           ReadMetadata(request, body, out.live),
           Assign(http::FindString(body, "user"), out.live.user),
           ReadSampling(body, query.sampling), ReadStream(body, out),
           ReadCount(body),
           chat ? ReadMessages(body, query.messages)
                : ReadPrompt(body, query.prefix)});
      !status.ok()) {
    return status;
  }
  auto choice = ParseModelString(out.model);
  if (!choice.ok()) return choice.status();
  out.live.choice = *std::move(choice);
  if (chat && std::holds_alternative<RevisionSelector>(out.live.choice)) {
    // A prompt makes its own messages around what the user said last.
    query.prefix = std::move(query.messages.back().content);
    query.messages.clear();
  }
  query.extra_members = ExtraMembers(body);
  return out;
}

absl::Status InEvent(const absl::Status& status, std::size_t index) {
  const auto field = base::FieldOf(status);
  if (!field) return status;
  std::string_view what = base::S(status.message());
  if (what.starts_with(*field + ": ")) what.remove_prefix(field->size() + 2);
  return base::FieldError(fmt::format("events[{}].{}", index, *field), what);
}

namespace {

absl::StatusOr<Feedback> FeedbackOf(const json::object& event) {
  Feedback feedback;
  auto id = http::GetString(event, "completion_id");
  if (!id.ok()) return id.status();
  feedback.completion_id = *std::move(id);
  auto name = http::GetString(event, "event");
  if (!name.ok()) return name.status();
  const auto kind = ParseFeedbackKind(*name);
  if (!kind) {
    return base::FieldError(
        "event", "is not known",
        "use shown, accepted, rejected, dismissed, edited or typed");
  }
  feedback.kind = *kind;
  auto text = http::FindString(event, "text");
  if (!text.ok()) return text.status();
  feedback.text = *std::move(text);
  auto elapsed = http::FindDouble(event, "elapsed_ms");
  if (!elapsed.ok()) return elapsed.status();
  feedback.elapsed_ms = *elapsed;
  return feedback;
}

}  // namespace

absl::StatusOr<std::vector<Feedback>> ParseFeedback(std::string_view body) {
  const auto parsed = http::ParseJsonObject(body);
  if (!parsed.ok()) return parsed.status();
  std::vector<Feedback> out;
  auto events = http::FindArray(*parsed, "events");
  if (!events.ok()) return events.status();
  if (!*events) {
    auto one = FeedbackOf(*parsed);
    if (!one.ok()) return one.status();
    out.push_back(*std::move(one));
    return out;
  }
  if ((*events)->size() > kMaxFeedbackEvents) {
    return base::FieldError("events", "holds over 1000 events",
                            "send them in several requests");
  }
  for (std::size_t i = 0; i < (*events)->size(); ++i) {
    const json::object* event = (**events)[i].if_object();
    if (!event) {
      return base::FieldError(fmt::format("events[{}]", i), "is no object");
    }
    auto one = FeedbackOf(*event);
    if (!one.ok()) return InEvent(one.status(), i);
    out.push_back(*std::move(one));
  }
  return out;
}

}  // namespace evalloop::serving
