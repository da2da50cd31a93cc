#ifndef EVALLOOP_PLATFORM_HTTP_TRANSFER_H_
#define EVALLOOP_PLATFORM_HTTP_TRANSFER_H_

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "platform/http/client.h"

namespace evalloop::http {

// Private to the client: one exchange as libcurl sees it.

struct EasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

// One exchange. Touched by the client's thread only, but for `cancelled`.
struct Transfer {
  ClientRequest request;
  ClientCallbacks callbacks;
  std::atomic<bool> cancelled{false};

  Easy easy;
  HeaderList headers;
  ClientResponse response;
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;
  bool too_large = false;
  std::chrono::steady_clock::time_point started;
  std::chrono::steady_clock::time_point last_byte;
};

// Fills in transfer.easy from transfer.request. InvalidArgument when it cannot
// be sent. The transfer must not move afterwards. `ca_file`: see ClientOptions.
absl::Status Prepare(Transfer& transfer, const std::string& ca_file);

// How a transfer that libcurl ended with `code` went.
absl::Status StatusOf(const Transfer& transfer, CURLcode code);

// The host of `url`, empty when it is malformed.
std::string HostOf(const std::string& url);

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_TRANSFER_H_
