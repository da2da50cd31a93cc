#include "platform/http/message.h"

#include <boost/json.hpp>

#include "absl/strings/match.h"
#include "platform/base/text.h"

namespace evalloop::http {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string_view> Headers::Find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (absl::EqualsIgnoreCase(key, base::A(name))) return value;
  }
  return std::nullopt;
}

Response JsonResponse(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.Add("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

Response ErrorResponse(int status, std::string_view type,
                       std::string_view message, std::string_view code,
                       std::string_view param) {
  const auto text_or_null = [](std::string_view text) -> boost::json::value {
    if (text.empty()) return nullptr;
    return boost::json::string(text);
  };
  boost::json::object error;
  error["message"] = boost::json::string(message);
  error["type"] = boost::json::string(type);
  error["param"] = text_or_null(param);
  error["code"] = text_or_null(code);
  boost::json::object body;
  body["error"] = std::move(error);
  return JsonResponse(status, boost::json::serialize(body));
}

std::optional<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::optional<std::string> QueryParameter(std::string_view query,
                                          std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const std::size_t equals = pair.find('=');
    if (PercentDecode(pair.substr(0, equals)) != name) continue;
    if (equals == std::string_view::npos) return "";
    return PercentDecode(pair.substr(equals + 1));
  }
  return std::nullopt;
}

}  // namespace evalloop::http
