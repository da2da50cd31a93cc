#ifndef EVALLOOP_PLATFORM_HTTP_WIRE_H_
#define EVALLOOP_PLATFORM_HTTP_WIRE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace evalloop::http {

// Private to the server: HTTP/1.1 text that needs no Beast.

struct HeadOptions {
  std::optional<std::size_t>
      content_length;  // Absent: chunked, or until close.
  bool chunked = false;
  bool keep_alive = true;
};

// Status line and header fields with the empty line. Content-length,
// transfer-encoding, connection and date are ours: a handler's are left out.
// Line ends inside a value become spaces, so a value cannot forge a field.
std::string FormatHead(const Response& response, const HeadOptions& options);

// The first line of a chunk of `size` bytes.
std::string ChunkHead(std::size_t size);

// Sets path and query from a request target in origin or absolute form. False
// when it is malformed.
bool ParseTarget(std::string_view target, Request& request);

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_WIRE_H_
