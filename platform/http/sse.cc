#include "platform/http/sse.h"

#include <utility>

namespace evalloop::http {

absl::Status SseParser::Feed(
    std::string_view piece,
    const std::function<void(const SseEvent&)>& on_event) {
  for (const char c : piece) {
    if (std::exchange(after_cr_, false) && c == '\n') continue;
    if (c == '\r' || c == '\n') {
      after_cr_ = c == '\r';
      Line(line_, on_event);
      line_.clear();
      continue;
    }
    line_ += c;
    if (line_.size() + data_.size() > max_event_) {
      return absl::ResourceExhaustedError("a server-sent event is too large");
    }
  }
  return absl::OkStatus();
}

void SseParser::Line(std::string_view line,
                     const std::function<void(const SseEvent&)>& on_event) {
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  if (std::exchange(at_start_, false) && line.starts_with(kBom)) {
    line.remove_prefix(kBom.size());
  }
  if (line.empty()) {
    std::string data = std::exchange(data_, {});
    std::string type = std::exchange(type_, {});
    if (data.empty()) return;
    data.pop_back();  // Each data line added a LF; the last is not data.
    SseEvent event;
    if (!type.empty()) event.type = std::move(type);
    event.data = std::move(data);
    event.id = id_;
    on_event(event);
    return;
  }
  const std::size_t colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos) {
    value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
  }
  if (name == "data") {
    data_.append(value).push_back('\n');
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id" && value.find('\0') == std::string_view::npos) {
    id_ = value;
  }
}

std::string FormatSse(std::string_view data, std::string_view type) {
  std::string out;
  out.reserve(data.size() + 16);
  if (!type.empty()) out.append("event: ").append(type).append("\n");
  while (true) {
    // CR and CRLF end lines too; the reader sees them all as LF.
    const std::size_t end = data.find_first_of("\r\n");
    out.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == std::string_view::npos) break;
    const bool crlf = data.substr(end).starts_with("\r\n");
    data.remove_prefix(end + (crlf ? 2 : 1));
  }
  out += "\n";
  return out;
}

}  // namespace evalloop::http
