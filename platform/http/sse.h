#ifndef EVALLOOP_PLATFORM_HTTP_SSE_H_
#define EVALLOOP_PLATFORM_HTTP_SSE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace evalloop::http {

// One dispatched server-sent event.
struct SseEvent {
  std::string type = "message";
  std::string data;
  std::string id;  // The last event id seen so far.
};

// Parses text/event-stream incrementally, by the grammar of the WHATWG HTML
// standard, "Server-sent events": lines end in CR, LF or CRLF, one BOM may
// lead, several data lines join with LF, an event without data is not
// dispatched, an unfinished last event is dropped. `retry` is ignored: our
// clients decide on retries. Pieces may be cut anywhere. Not thread-safe.
class SseParser {
 public:
  // max_event: bytes that one event, or one line, may hold.
  explicit SseParser(std::size_t max_event = 4u << 20)
      : max_event_(max_event) {}

  // Calls `on_event` for each event that `piece` completes. ResourceExhausted
  // when an event is too large; the parser is then useless.
  absl::Status Feed(std::string_view piece,
                    const std::function<void(const SseEvent&)>& on_event);

 private:
  void Line(std::string_view line,
            const std::function<void(const SseEvent&)>& on_event);

  const std::size_t max_event_;
  bool at_start_ = true;
  bool after_cr_ = false;  // A CR ended a line; a LF right now belongs to it.
  std::string line_;
  std::string data_;
  std::string type_;
  std::string id_;
};

// One event as it goes over the wire. data: may hold line ends. type: none
// means "message"; must hold no line end.
std::string FormatSse(std::string_view data, std::string_view type = "");

// A comment line, which clients ignore: keeps a quiet connection open.
inline constexpr std::string_view kSsePing = ": ping\n\n";

}  // namespace evalloop::http

#endif  // EVALLOOP_PLATFORM_HTTP_SSE_H_
