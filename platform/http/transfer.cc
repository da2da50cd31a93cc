#include "platform/http/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/strings/match.h"
#include "platform/base/access.h"

namespace evalloop::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxHeaderBytes = 256u << 10;

std::size_t OnHeader(char* data, std::size_t size, std::size_t count,
                     void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line(data, size * count);
  transfer.last_byte = Clock::now();
  transfer.header_bytes += line.size();
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.too_large = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // Forget an interim answer (100, 103).
    transfer.response.headers = Headers();
    return line.size();
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::string_view value = line.substr(colon + 1);
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = value.find_first_not_of(kSpace);
  value = first == std::string_view::npos
              ? ""
              : value.substr(first, value.find_last_not_of(kSpace) - first + 1);
  transfer.response.headers.Add(std::string(line.substr(0, colon)),
                                std::string(value));
  return line.size();
}

std::size_t OnBody(char* data, std::size_t size, std::size_t count,
                   void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view piece(data, size * count);
  if (transfer.cancelled) return CURL_WRITEFUNC_ERROR;
  transfer.last_byte = Clock::now();
  transfer.body_bytes += piece.size();
  if (transfer.body_bytes > transfer.request.max_response) {
    transfer.too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (transfer.callbacks.on_chunk && status / 100 == 2) {
    transfer.callbacks.on_chunk(piece);
  } else {
    transfer.response.body += piece;
  }
  return transfer.cancelled ? CURL_WRITEFUNC_ERROR : piece.size();
}

}  // namespace

std::string HostOf(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(
      curl_url(), &curl_url_cleanup);
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return "";
  }
  std::string text(host);
  curl_free(host);
  return text;
}

absl::Status Prepare(Transfer& transfer, const std::string& ca_file) {
  const ClientRequest& request = transfer.request;
  const std::string host = HostOf(request.url);
  if (host.empty()) {
    return absl::InvalidArgumentError(
        "the URL is malformed: it must be "
        "http://host... or https://host...");
  }
  CURL* const easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  // Over TLS only: 7.88 fails on a reused HTTP/2 connection without it.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  if (request.url.starts_with("https:")) {
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    // In place of the system's file; the system's folder still counts.
    if (!ca_file.empty())
      curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
  }
  if (base::IsLoopback(host)) curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  // curl reads 0 as "for ever".
  curl_easy_setopt(
      easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::max<std::int64_t>(1, request.deadline.count())));
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  // Without "Expect:" a larger body would wait for "100 Continue".
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    if ((name + value).find_first_of("\r\n") != std::string::npos) {
      curl_slist_free_all(list);
      return absl::InvalidArgumentError(
          fmt::format("header {} holds a line end", name));
    }
    typed = typed || absl::EqualsIgnoreCase(name, "content-type");
    // curl sends a field without a value only when it ends in ';'.
    const std::string line =
        value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    list = curl_slist_append(list, line.c_str());
  }
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  transfer.headers.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  return absl::OkStatus();
}

absl::Status StatusOf(const Transfer& transfer, CURLcode code) {
  if (transfer.cancelled) return absl::CancelledError("cancelled");
  if (code == CURLE_OK) return absl::OkStatus();
  const std::string host = HostOf(transfer.request.url);
  if (transfer.too_large) {
    return absl::ResourceExhaustedError(
        fmt::format("the answer of {} is too large", host));
  }
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return absl::InvalidArgumentError(
          "the URL must be http://host... or https://host...");
    case CURLE_OPERATION_TIMEDOUT: {
      // One code for both limits. curl's clock ticks in milliseconds and may
      // be a little early, so time alone does not tell them apart.
      curl_off_t connected_us = 0;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_PRETRANSFER_TIME_T,
                        &connected_us);
      if (connected_us > 0 ||
          transfer.request.deadline <= transfer.request.connect_timeout) {
        return absl::DeadlineExceededError(
            fmt::format("{} did not answer within {} ms", host,
                        transfer.request.deadline.count()));
      }
    }
      [[fallthrough]];  // The connection was not made in time.
    default:
      return absl::UnavailableError(
          fmt::format("{}: {}", host, curl_easy_strerror(code)));
  }
}

}  // namespace evalloop::http
