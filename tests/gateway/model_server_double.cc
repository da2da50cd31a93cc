#include "tests/gateway/model_server_double.h"

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "platform/http/sse.h"

namespace evalloop::serving {
namespace {

namespace json = boost::json;

constexpr std::string_view kWords[] = {"return", " a", " +", " b"};
constexpr std::string_view kWhole = "return a + b";
constexpr std::string_view kUsage =
    R"("usage":{"prompt_tokens":5,"completion_tokens":4,"total_tokens":9})";
constexpr std::string_view kLogprobs =
    R"("logprobs":{"tokens":["return"," a"," +"," b"],)"
    R"("token_logprobs":[-0.01,-0.01,-0.02,-0.01]})";

std::string Chunk(std::string_view word, bool chat) {
  return http::FormatSse(
      chat ? fmt::format(R"({{"choices":[{{"delta":{{"content":"{}"}}}}]}})",
                         word)
           : fmt::format(R"({{"choices":[{{"text":"{}"}}]}})", word));
}

std::string Whole(bool chat) {
  return chat ? fmt::format(R"({{"choices":[{{"message":{{"content":"{}"}},)"
                            R"("finish_reason":"stop"}}],{}}})",
                            kWhole, kUsage)
              : fmt::format(
                    R"({{"choices":[{{"text":"{}","finish_reason":"stop",)"
                    R"({}}}],{}}})",
                    kWhole, kLogprobs, kUsage);
}

void Stream(bool chat, bool cut, http::ResponseWriter& out) {
  out.StartStream(200, {{"content-type", "text/event-stream"}});
  for (const std::string_view word : kWords) {
    const std::string event = Chunk(word, chat);
    out.Write(event.substr(0, event.size() / 2));
    out.Write(event.substr(event.size() / 2));
    if (cut) return;  // Dropped without an end: the connection breaks off.
  }
  out.Write(http::FormatSse(
      fmt::format(R"({{"choices":[{{{},"finish_reason":"stop"}}],{}}})",
                  chat ? R"("delta":{})" : R"("text":"")", kUsage)));
  out.Write(http::FormatSse("[DONE]"));
  out.End();
}

}  // namespace

ModelServerDouble::ModelServerDouble() {
  auto server = http::Server::Start(
      {},
      [this](http::Request request, std::shared_ptr<http::ResponseWriter> out) {
        Handle(std::move(request), std::move(out));
      });
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.status().ToString().c_str());
    std::abort();
  }
  server_ = *std::move(server);
}

ModelServerDouble::~ModelServerDouble() {
  {
    std::lock_guard lock(mu_);
    stalled_.clear();
  }
  server_->Stop(std::chrono::milliseconds(0));
}

std::string ModelServerDouble::base_url() const {
  return fmt::format("http://127.0.0.1:{}/v1", server_->port());
}

std::vector<std::string> ModelServerDouble::calls() const {
  std::lock_guard lock(mu_);
  return calls_;
}

void ModelServerDouble::Handle(http::Request request,
                               std::shared_ptr<http::ResponseWriter> out) {
  if (request.method == "GET") {
    out->Send(http::JsonResponse(200, R"({"object":"list","data":[]})"));
    return;
  }
  const json::object body = json::parse(request.body).as_object();
  const bool chat = body.contains("messages");
  const std::string model = json::value_to<std::string>(body.at("model"));
  {
    std::lock_guard lock(mu_);
    calls_.push_back(request.body);
  }
  if (model == "stall") {
    out->OnCancel([this] { ++abandoned_; });
    std::lock_guard lock(mu_);
    stalled_.push_back(std::move(out));
  } else if (model == "limited") {
    http::Response response =
        http::ErrorResponse(429, "rate_limit_error", "slow down");
    response.headers.Add("retry-after", "7");
    out->Send(std::move(response));
  } else if (model == "broken") {
    out->Send(http::ErrorResponse(500, "server_error", "broken"));
  } else if (const json::value* stream = body.if_contains("stream");
             stream && stream->as_bool()) {
    Stream(chat, model == "cut", *out);
  } else {
    out->Send(http::JsonResponse(200, Whole(chat)));
  }
}

}  // namespace evalloop::serving
