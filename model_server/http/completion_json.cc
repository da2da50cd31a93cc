#include "model_server/http/completion_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "platform/http/json.h"

namespace evalloop::model_server {
namespace {

namespace json = boost::json;

constexpr int kMostTokens = 256;
constexpr int kMostChoices = 8;
constexpr std::size_t kMostStops = 4;

absl::Status Bad(std::string_view field, std::string_view why) {
  return absl::InvalidArgumentError(std::string(field) + ": " +
                                    std::string(why));
}

// A text, or a list that holds one.
absl::StatusOr<std::string> ReadPrompt(const json::object& body) {
  const json::value* value = body.if_contains("prompt");
  if (value == nullptr) return Bad("prompt", "is missing");
  if (const json::array* list = value->if_array()) {
    if (list->size() != 1) return Bad("prompt", "one text a request");
    value = &list->front();
  }
  if (!value->is_string()) return Bad("prompt", "must be a text");
  return std::string(value->get_string());
}

absl::StatusOr<std::vector<std::string>> ReadStop(const json::object& body) {
  std::vector<std::string> stop;
  const json::value* value = body.if_contains("stop");
  if (value == nullptr || value->is_null()) return stop;
  const auto add = [&stop](const json::value& one) {
    if (!one.is_string()) return false;
    if (!one.get_string().empty()) stop.emplace_back(one.get_string());
    return true;
  };
  bool fits = true;
  if (const json::array* list = value->if_array()) {
    fits = list->size() <= kMostStops &&
           std::all_of(list->begin(), list->end(), add);
  } else {
    fits = add(*value);
  }
  if (!fits) return Bad("stop", "must be a text or up to 4 of them");
  return stop;
}

absl::Status ReadMetadata(const json::object& body, CompletionCall& call) {
  auto metadata = http::FindObject(body, "metadata");
  if (!metadata.ok()) return metadata.status();
  if (*metadata == nullptr) return absl::OkStatus();
  auto path = http::FindString(**metadata, "path");
  if (!path.ok()) return path.status();
  call.path = path->value_or("");
  auto language = http::FindString(**metadata, "language");
  if (!language.ok()) return language.status();
  if (*language) call.language = code_analysis::ParseLanguage(**language);
  if (call.language == code_analysis::Language::kUnknown) {
    call.language = code_analysis::LanguageOfPath(call.path);
  }
  return absl::OkStatus();
}

absl::Status ReadCounts(const json::object& body, CompletionCall& call) {
  auto max_tokens = http::FindInt(body, "max_tokens", 1);
  if (!max_tokens.ok()) return max_tokens.status();
  call.max_tokens = static_cast<int>(
      std::min<std::int64_t>(max_tokens->value_or(48), kMostTokens));
  auto n = http::FindInt(body, "n", 1, kMostChoices);
  if (!n.ok()) return n.status();
  auto best_of = http::FindInt(body, "best_of", 1, kMostChoices);
  if (!best_of.ok()) return best_of.status();
  call.choices =
      static_cast<int>(std::max(n->value_or(1), best_of->value_or(1)));
  return absl::OkStatus();
}

absl::Status ReadSwitches(const json::object& body, CompletionCall& call) {
  // A number here, a truth value in the chat API; both occur.
  const json::value* logprobs = body.if_contains("logprobs");
  call.logprobs = logprobs != nullptr && !logprobs->is_null() &&
                  *logprobs != json::value(false);
  auto stream = http::FindBool(body, "stream");
  if (!stream.ok()) return stream.status();
  call.stream = stream->value_or(false);
  auto options = http::FindObject(body, "stream_options");
  if (!options.ok()) return options.status();
  if (*options != nullptr) {
    auto usage = http::FindBool(**options, "include_usage");
    if (!usage.ok()) return usage.status();
    call.include_usage = usage->value_or(false);
  }
  return absl::OkStatus();
}

json::object Base(const AnswerStamp& stamp) {
  return {{"id", stamp.id},
          {"object", "text_completion"},
          {"created", stamp.created},
          {"model", stamp.model},
          {"system_fingerprint", stamp.digest},
          {"index_commit", stamp.index_commit}};
}

json::object Usage(const CompletionResult& result) {
  std::size_t tokens = 0;
  for (const auto& choice : result.choices) tokens += choice.tokens.size();
  return {{"prompt_tokens", result.prompt_tokens},
          {"completion_tokens", tokens},
          {"total_tokens",
           static_cast<std::size_t>(result.prompt_tokens) + tokens}};
}

// `offset`: of the first token in the choice's text. Offsets count bytes.
json::value Logprobs(std::span<const PredictedToken> tokens, std::size_t offset,
                     const double* end_logprob) {
  json::array texts;
  json::array logprobs;
  json::array offsets;
  json::array orders;
  json::array supports;
  for (const PredictedToken& token : tokens) {
    texts.emplace_back(token.text);
    logprobs.emplace_back(token.logprob);
    offsets.emplace_back(offset);
    orders.emplace_back(token.order);
    supports.emplace_back(token.support);
    offset += token.text.size();
  }
  json::value end(nullptr);
  if (end_logprob != nullptr) end = *end_logprob;
  return json::object{
      {"tokens", std::move(texts)},
      {"token_logprobs", std::move(logprobs)},
      {"top_logprobs", nullptr},
      {"text_offset", std::move(offsets)},
      {"evalloop", json::object{{"order", std::move(orders)},
                                {"support", std::move(supports)},
                                {"end_logprob", std::move(end)}}}};
}

std::string_view ReasonOf(const CompletionChoice& choice) {
  return choice.ended ? "stop" : "length";
}

json::object Choice(std::size_t index, std::string_view text,
                    json::value logprobs, json::value reason) {
  return {{"text", text},
          {"index", index},
          {"logprobs", std::move(logprobs)},
          {"finish_reason", std::move(reason)}};
}

// A client waits for one choice at least, where there is nothing to say too.
std::vector<CompletionChoice> ChoicesOf(const CompletionResult& result) {
  if (!result.choices.empty()) return result.choices;
  return {CompletionChoice{.text = "", .tokens = {}, .ended = true}};
}

}  // namespace

absl::StatusOr<CompletionCall> ReadCompletionCall(
    const http::Request& request) {
  auto body = http::ParseJsonObject(request.body);
  if (!body.ok()) return body.status();
  CompletionCall call;
  auto model = http::GetString(*body, "model");
  if (!model.ok()) return model.status();
  call.model = *std::move(model);
  auto prompt = ReadPrompt(*body);
  if (!prompt.ok()) return prompt.status();
  call.prompt = *std::move(prompt);
  auto suffix = http::FindString(*body, "suffix");
  if (!suffix.ok()) return suffix.status();
  call.suffix = suffix->value_or("");
  auto stop = ReadStop(*body);
  if (!stop.ok()) return stop.status();
  call.stop = *std::move(stop);
  auto commit = http::FindString(*body, "index_commit");
  if (!commit.ok()) return commit.status();
  call.index_commit = *std::move(commit);
  if (!call.index_commit) {
    if (auto header = request.headers.Find("x-evalloop-index-commit")) {
      call.index_commit = std::string(*header);
    }
  }
  if (call.index_commit && call.index_commit->empty()) {
    call.index_commit.reset();
  }
  for (const auto read : {ReadMetadata, ReadCounts, ReadSwitches}) {
    if (auto status = read(*body, call); !status.ok()) return status;
  }
  return call;
}

void ApplyStop(const std::vector<std::string>& stop, CompletionResult& result) {
  for (CompletionChoice& choice : result.choices) {
    std::size_t end = choice.text.size();
    for (const std::string& text : stop) {
      end = std::min(end, choice.text.find(text));
    }
    if (end >= choice.text.size()) continue;
    choice.text.resize(end);
    choice.ended = true;
    choice.end_logprob = 0;
    std::size_t kept = 0;
    std::size_t at = 0;
    for (; kept < choice.tokens.size() && at < end; ++kept) {
      std::string& token = choice.tokens[kept].text;
      token.resize(std::min(token.size(), end - at));
      at += token.size();
    }
    choice.tokens.resize(kept);
  }
}

std::string WriteAnswer(const AnswerStamp& stamp, const CompletionCall& call,
                        const CompletionResult& result) {
  json::object answer = Base(stamp);
  json::array choices;
  for (const CompletionChoice& choice : ChoicesOf(result)) {
    json::value logprobs(nullptr);
    if (call.logprobs) {
      logprobs = Logprobs(choice.tokens, 0,
                          choice.ended ? &choice.end_logprob : nullptr);
    }
    choices.emplace_back(Choice(choices.size(), choice.text,
                                std::move(logprobs),
                                json::value(ReasonOf(choice))));
  }
  answer["choices"] = std::move(choices);
  answer["usage"] = Usage(result);
  return json::serialize(answer);
}

std::vector<std::string> WriteChunks(const AnswerStamp& stamp,
                                     const CompletionCall& call,
                                     const CompletionResult& result) {
  std::vector<std::string> chunks;
  const auto add = [&](json::object choice) {
    json::object chunk = Base(stamp);
    chunk["choices"] = json::array{std::move(choice)};
    chunks.push_back(json::serialize(chunk));
  };
  const auto choices = ChoicesOf(result);
  for (std::size_t index = 0; index < choices.size(); ++index) {
    const CompletionChoice& choice = choices[index];
    std::size_t offset = 0;
    for (const PredictedToken& token : choice.tokens) {
      json::value logprobs(nullptr);
      if (call.logprobs) logprobs = Logprobs({&token, 1}, offset, nullptr);
      offset += token.text.size();
      add(Choice(index, token.text, std::move(logprobs), nullptr));
    }
    json::value end(nullptr);
    if (call.logprobs && choice.ended) {
      end = Logprobs({}, offset, &choice.end_logprob);
    }
    add(Choice(index, "", std::move(end), json::value(ReasonOf(choice))));
  }
  if (call.include_usage) {
    json::object chunk = Base(stamp);
    chunk["choices"] = json::array();
    chunk["usage"] = Usage(result);
    chunks.push_back(json::serialize(chunk));
  }
  return chunks;
}

}  // namespace evalloop::model_server
