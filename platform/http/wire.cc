#include "platform/http/wire.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "absl/strings/match.h"
#include "platform/base/text.h"

namespace evalloop::http {
namespace {

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

bool IsOurs(std::string_view name) {
  constexpr std::array<std::string_view, 4> kOurs = {
      "content-length", "transfer-encoding", "connection", "date"};
  return std::any_of(kOurs.begin(), kOurs.end(), [&](std::string_view ours) {
    return absl::EqualsIgnoreCase(base::A(name), base::A(ours));
  });
}

void AppendClean(std::string& out, std::string_view text) {
  for (const char c : text) out += c == '\r' || c == '\n' ? ' ' : c;
}

}  // namespace

std::string FormatHead(const Response& response, const HeadOptions& options) {
  std::string out;
  out.reserve(256);
  fmt::format_to(std::back_inserter(out),
                 "HTTP/1.1 {} {}\r\ndate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n",
                 response.status, ReasonPhrase(response.status),
                 fmt::gmtime(std::time(nullptr)));
  for (const auto& [name, value] : response.headers) {
    if (IsOurs(name)) continue;
    AppendClean(out, name);
    out += ": ";
    AppendClean(out, value);
    out += "\r\n";
  }
  if (options.content_length.has_value()) {
    out += fmt::format("content-length: {}\r\n", *options.content_length);
  } else if (options.chunked) {
    out += "transfer-encoding: chunked\r\n";
  }
  out += options.keep_alive ? "connection: keep-alive\r\n\r\n"
                            : "connection: close\r\n\r\n";
  return out;
}

std::string ChunkHead(std::size_t size) {
  return fmt::format("{:x}\r\n", size);
}

bool ParseTarget(std::string_view target, Request& request) {
  if (const auto scheme = target.find("://");
      !target.starts_with('/') && scheme != std::string_view::npos) {
    target.remove_prefix(scheme + 3);
    const auto slash = target.find('/');
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return false;
  const auto question = target.find('?');
  auto path = PercentDecode(target.substr(0, question));
  if (!path.has_value() || path->find('\0') != std::string::npos) return false;
  request.path = *std::move(path);
  request.raw_path = target.substr(0, question);
  if (question != std::string_view::npos) {
    request.query = target.substr(question + 1);
  }
  return true;
}

}  // namespace evalloop::http
