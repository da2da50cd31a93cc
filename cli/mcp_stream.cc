#include "cli/mcp_stream.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <string_view>

#include "platform/http/json.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;

// At the end of `path`; null where there is none.
const json::value* Find(const json::object& message,
                        std::initializer_list<std::string_view> path) {
  const json::object* at = &message;
  const json::value* found = nullptr;
  for (const std::string_view key : path) {
    if (at == nullptr) return nullptr;
    found = at->if_contains(json::string_view(key.data(), key.size()));
    if (found == nullptr) return nullptr;
    at = found->if_object();
  }
  return found;
}

std::string TextAt(const json::object& message,
                   std::initializer_list<std::string_view> path) {
  const json::value* const found = Find(message, path);
  return found != nullptr && found->is_string()
             ? std::string(found->get_string())
             : "";
}

// "40 of 120 rows", where both counts are there.
std::string CountsAt(const json::object& message,
                     std::initializer_list<std::string_view> done,
                     std::initializer_list<std::string_view> total,
                     std::string_view what) {
  const json::value* const of = Find(message, total);
  const json::value* const so_far = Find(message, done);
  if (of == nullptr || so_far == nullptr) return "";
  return fmt::format("{} of {} {}", json::serialize(*so_far),
                     json::serialize(*of), what);
}

}  // namespace

bool IsCollected(const google::protobuf::MethodDescriptor& method) {
  return method.server_streaming() &&
         (method.name() == "MineItems" || method.name() == "StreamComplete");
}

bool Collected::Add(const std::string& message) {
  if (kept_ == most_messages_ ||
      joined_.size() + message.size() + 1 > most_bytes_) {
    truncated_ = true;
    return false;
  }
  if (kept_++ > 0) joined_ += ',';
  joined_ += message;
  return true;
}

std::string Collected::Json() const {
  return fmt::format(R"({{"messages":[{}],"truncated":{}}})", joined_,
                     truncated_);
}

ToolProgress ProgressOf(const std::string& message, std::size_t number) {
  ToolProgress progress{.done = static_cast<double>(number)};
  const auto parsed = http::ParseJsonObject(message);
  if (parsed.ok()) {
    for (std::string words :
         {TextAt(*parsed, {"progress"}), TextAt(*parsed, {"job", "progress"}),
          CountsAt(*parsed, {"run", "scored"}, {"run", "rows"}, "rows scored"),
          CountsAt(*parsed, {"commits_done"}, {"commits_total"}, "commits")}) {
      if (words.empty()) continue;
      progress.words = std::move(words);
      return progress;
    }
  }
  progress.words = fmt::format("{} messages", number);
  return progress;
}

}  // namespace evalloop::cli::mcp
