// A model that costs next to nothing, for benches of what is around it: answers
// POST /v1/completions and /v1/chat/completions at once with the text that the
// prompt asks for. Prints "port N" and serves until its input ends.
//
//   model ANSWERS
//
// ANSWERS holds a JSON text a line. A prompt asks for one of them by its last
// "row N", counted from 0.
#include <charconv>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/http/server.h"

namespace {

using namespace evalloop;

constexpr std::string_view kMark = "row ";

std::vector<std::string> ReadAnswers(const char* path) {
  std::vector<std::string> answers;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    answers.push_back(std::move(line));  // As JSON: it is sent as it is.
  }
  return answers;
}

// The number behind the last mark; the text may be escaped as JSON.
std::size_t RowOf(std::string_view body) {
  std::size_t row = 0;
  const std::size_t mark = body.rfind(kMark);
  if (mark != std::string_view::npos) {
    const std::string_view rest = body.substr(mark + kMark.size());
    std::from_chars(rest.data(), rest.data() + rest.size(), row);
  }
  return row;
}

http::Response Answer(const std::vector<std::string>& answers,
                      const http::Request& request) {
  const std::size_t row = RowOf(request.body);
  if (row >= answers.size()) {
    return http::ErrorResponse(400, "invalid_request_error", "no such row");
  }
  const bool chat = request.path == "/v1/chat/completions";
  const std::string text =
      chat ? fmt::format(R"("message":{{"role":"assistant","content":{}}})",
                         answers[row])
           : fmt::format(R"("text":{})", answers[row]);
  return http::JsonResponse(
      200,
      fmt::format(R"({{"id":"1","object":"{}","created":1,"model":"instant",)"
                  R"("choices":[{{"index":0,{},"finish_reason":"stop"}}],)"
                  R"("usage":{{"prompt_tokens":100,"completion_tokens":50,)"
                  R"("total_tokens":150}}}})",
                  chat ? "chat.completion" : "text_completion", text));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: model ANSWERS\n";
    return 2;
  }
  const std::vector<std::string> answers = ReadAnswers(argv[1]);
  const auto server = http::Server::Start(
      {}, [&answers](const http::Request& request,
                     const std::shared_ptr<http::ResponseWriter>& out) {
        out->Send(Answer(answers, request));
      });
  if (!server.ok()) {
    std::cerr << server.status() << '\n';
    return 3;
  }
  std::cout << "port " << (*server)->port() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
