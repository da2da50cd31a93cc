#ifndef EVALLOOP_PLATFORM_HTTP_MESSAGE_H_
#define EVALLOOP_PLATFORM_HTTP_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/access/access.h"

namespace evalloop::http {

// Header fields in order. Names compare without case.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields)
      : fields_(fields) {}

  void Add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  // The first field of that name.
  std::optional<std::string_view> Find(std::string_view name) const;

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A request as a handler gets it.
struct Request {
  std::string method;    // "GET", "POST" ...
  std::string path;      // Percent-decoded, without the query. Starts with '/'.
  std::string raw_path;  // The same as sent.
  std::string query;     // After '?', as sent.
  Headers headers;
  std::string body;
  access::Identity identity = {};  // Who asks; the server sets it.
};

// A whole answer. Content-length is set by the server.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

// A JSON answer. body: a JSON text.
Response JsonResponse(int status, std::string body);

// {"error":{"message","type","param":null,"code"}}, the shape that
// OpenAI-compatible clients read. type: for example "invalid_request_error".
Response ErrorResponse(int status, std::string_view type,
                       std::string_view message, std::string_view code = "",
                       std::string_view param = "");

// The value of `name` in a query string, percent-decoded.
std::optional<std::string> QueryParameter(std::string_view query,
                                          std::string_view name);

// Decodes %XX ('+' stays). Absent when an escape is malformed.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_MESSAGE_H_
