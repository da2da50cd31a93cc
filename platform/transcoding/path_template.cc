#include "platform/transcoding/path_template.h"

#include <fmt/format.h>

#include "absl/status/status.h"
#include "platform/http/message.h"

namespace evalloop::transcoding {
namespace {

std::vector<std::string_view> SplitPath(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    parts.push_back(path.substr(0, end));
    path = end == std::string_view::npos ? "" : path.substr(end);
  }
  return parts;
}

}  // namespace

absl::StatusOr<PathTemplate> PathTemplate::Parse(std::string_view text) {
  PathTemplate path;
  std::string_view rest = text;
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos &&
      rest.find_first_of("/}", colon) == std::string_view::npos) {
    path.verb_ = rest.substr(colon + 1);
    rest = rest.substr(0, colon);
  }
  for (std::string_view part : SplitPath(rest)) {
    Segment segment{.text = std::string(part)};
    if (part.starts_with('{') && part.ends_with('}')) {
      part = part.substr(1, part.size() - 2);
      segment.is_variable = true;
      if (part.ends_with("=**")) {
        path.takes_rest_ = true;
        part.remove_suffix(3);
      } else if (part.ends_with("=*")) {
        part.remove_suffix(2);
      }
      segment.text = part;
    }
    if (segment.text.empty() ||
        segment.text.find_first_of("{}*=") != std::string::npos) {
      return absl::InvalidArgumentError(
          fmt::format("{}: not a path template this server knows", text));
    }
    path.specificity_ += segment.is_variable ? 0 : 2;
    path.segments_.push_back(std::move(segment));
  }
  if (path.segments_.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: a path template starts with '/'", text));
  }
  path.specificity_ += path.verb_.empty() ? 0 : 1;
  return path;
}

std::optional<std::vector<Binding>> PathTemplate::Match(
    std::string_view path) const {
  if (!verb_.empty()) {
    if (!path.ends_with(verb_)) return std::nullopt;
    path.remove_suffix(verb_.size());
    if (!path.ends_with(':')) return std::nullopt;
    path.remove_suffix(1);
  }
  const std::vector<std::string_view> parts = SplitPath(path);
  if (parts.size() < segments_.size()) return std::nullopt;
  if (parts.size() > segments_.size() && !takes_rest_) return std::nullopt;
  std::vector<Binding> bindings;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    std::string_view part = parts[i];
    if (takes_rest_ && i + 1 == segments_.size()) {
      part = std::string_view(part.data(), path.data() + path.size());
    }
    if (!segments_[i].is_variable) {
      if (part != segments_[i].text) return std::nullopt;
      continue;
    }
    auto value = http::PercentDecode(part);
    if (!value.has_value() || value->empty()) return std::nullopt;
    bindings.emplace_back(segments_[i].text, *std::move(value));
  }
  return bindings;
}

}  // namespace evalloop::transcoding
