#include "scorer/peers/gateway_judge.h"

#include <algorithm>
#include <boost/json.hpp>
#include <future>
#include <memory>
#include <utility>

#include "fmt/format.h"
#include "platform/http/json.h"
#include "scorer/peers/judge_answer.h"

namespace evalloop::scorer {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// Votes must be able to differ, or their variance says nothing.
constexpr double kTemperature = 0.7;
constexpr int kMaxTokens = 700;
constexpr std::size_t kMaxBody = 1u << 20;

// What an answer that is no 200 means.
absl::Status StatusOf(const http::ClientResponse& response) {
  const std::string words =
      fmt::format("the gateway answered {}", response.status);
  switch (response.status) {
    case 401:
    case 403:
      return absl::PermissionDeniedError(words);
    case 404:
      return absl::NotFoundError("the gateway knows no such model");
    case 429:
      return absl::ResourceExhaustedError(words);
    case 504:
      return absl::DeadlineExceededError(words);
    default:
      return absl::UnavailableError(words);
  }
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string()
             ? std::string(value->get_string())
             : std::string();
}

// The content of the one choice of a chat completion that came to its end.
absl::StatusOr<std::string> ContentOf(const std::string& body) {
  const auto answer = http::ParseJsonObject(body);
  if (!answer.ok()) {
    return absl::UnavailableError("the gateway's answer is no JSON");
  }
  const json::value* const choices = answer->if_contains("choices");
  if (choices == nullptr || !choices->is_array() ||
      choices->get_array().size() != 1 ||
      !choices->get_array()[0].is_object()) {
    return absl::UnavailableError("the gateway's answer has no choice");
  }
  const json::object& choice = choices->get_array()[0].get_object();
  const json::value* const message = choice.if_contains("message");
  if (message == nullptr || !message->is_object()) {
    return absl::UnavailableError("the gateway's answer has no message");
  }
  if (TextOf(choice, "finish_reason") != "stop") {
    return absl::InvalidArgumentError("the answer was cut off");
  }
  return TextOf(message->get_object(), "content");
}

std::string BodyOf(std::string_view model, const JudgePrompt& prompt,
                   std::uint32_t seed) {
  return json::serialize(json::object{
      {"model", model},
      {"messages",
       json::array{json::object{{"role", "system"}, {"content", prompt.system}},
                   json::object{{"role", "user"}, {"content", prompt.user}}}},
      {"temperature", kTemperature},
      {"seed", seed},
      {"max_tokens", kMaxTokens},
      {"user", "evalloop-judge"}});
}

}  // namespace

GatewayJudge::GatewayJudge(std::string gateway_url, std::string token,
                           std::string ca_file)
    : gateway_url_(std::move(gateway_url)),
      token_(std::move(token)),
      client_({.max_connections_per_host = 16,
               .max_calls = 64,
               .ca_file = std::move(ca_file)}) {}

http::ClientRequest GatewayJudge::RequestTo(std::string_view path,
                                            milliseconds within) const {
  http::ClientRequest request;
  request.url = fmt::format("{}{}", gateway_url_, path);
  if (!token_.empty()) request.headers.Add("authorization", "Bearer " + token_);
  request.deadline = std::max(within, milliseconds(1));
  request.stall_timeout = request.deadline;
  request.connect_timeout = std::min(request.connect_timeout, request.deadline);
  request.max_response = kMaxBody;
  return request;
}

absl::StatusOr<JudgeModel> GatewayJudge::Find(std::string_view name,
                                              milliseconds within) {
  const auto response =
      client_.Fetch(RequestTo(fmt::format("/v1/models/{}", name), within));
  if (!response.ok()) return response.status();
  if (response->status == 404) {
    return absl::NotFoundError(fmt::format("no model \"{}\"", name));
  }
  if (response->status != 200) return StatusOf(*response);
  const auto body = http::ParseJsonObject(response->body);
  if (!body.ok()) {
    return absl::UnavailableError("the gateway's answer is no JSON");
  }
  return JudgeModel{.name = std::string(name),
                    .family = TextOf(*body, "family"),
                    .snapshot = TextOf(*body, "snapshot")};
}

std::vector<absl::StatusOr<JudgeAnswer>> GatewayJudge::Ask(
    std::string_view model, const JudgePrompt& prompt,
    std::span<const JudgeCriterion> criteria, std::string_view check,
    std::span<const std::uint32_t> seeds, milliseconds within) {
  using Exchange = absl::StatusOr<http::ClientResponse>;
  std::vector<std::future<Exchange>> exchanges;
  for (const std::uint32_t seed : seeds) {
    http::ClientRequest request = RequestTo("/v1/chat/completions", within);
    request.method = "POST";
    request.headers.Add("content-type", "application/json");
    request.body = BodyOf(model, prompt, seed);
    auto done = std::make_shared<std::promise<Exchange>>();
    exchanges.push_back(done->get_future());
    http::ClientCallbacks callbacks;
    callbacks.on_done = [done](Exchange exchange) {
      done->set_value(std::move(exchange));
    };
    client_.Send(std::move(request), std::move(callbacks));
  }
  std::vector<absl::StatusOr<JudgeAnswer>> answers;
  for (std::future<Exchange>& waited : exchanges) {
    const Exchange exchange = waited.get();  // The client ends it in time.
    if (!exchange.ok()) {
      // Not the judge's words, so no invalid vote.
      answers.emplace_back(absl::IsInvalidArgument(exchange.status())
                               ? absl::UnavailableError("bad gateway URL")
                               : exchange.status());
      continue;
    }
    if (exchange->status != 200) {
      answers.emplace_back(StatusOf(*exchange));
      continue;
    }
    const auto content = ContentOf(exchange->body);
    if (!content.ok()) {
      answers.emplace_back(content.status());
      continue;
    }
    answers.push_back(ParseJudgeAnswer(*content, criteria, check));
  }
  return answers;
}

}  // namespace evalloop::scorer
