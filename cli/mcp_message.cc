#include "cli/mcp_message.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "platform/http/json.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;

std::string Quoted(std::string_view text) {
  return json::serialize(json::string_view(text.data(), text.size()));
}

}  // namespace

std::variant<Incoming, Malformed> ReadMessage(json::value message) {
  json::object* const object = message.if_object();
  if (object == nullptr) return Malformed{.words = "a message is an object"};
  Incoming incoming;
  Malformed malformed;
  if (json::value* const id = object->if_contains("id")) {
    if (!id->is_string() && !id->is_int64() && !id->is_uint64()) {
      malformed.words = "id is a text or a whole number";
      return malformed;
    }
    malformed.id = *id;
    incoming.id = std::move(*id);
  }
  const json::value* const version = object->if_contains("jsonrpc");
  if (version == nullptr || *version != "2.0") {
    malformed.words = "jsonrpc is not \"2.0\"";
    return malformed;
  }
  const json::value* const method = object->if_contains("method");
  if (method == nullptr) {
    if (incoming.id.has_value() &&
        (object->contains("result") || object->contains("error"))) {
      return incoming;
    }
    malformed.words = "method is missing";
    return malformed;
  }
  if (!method->is_string() || method->get_string().empty()) {
    malformed.words = "method is no text";
    return malformed;
  }
  incoming.method = std::string(method->get_string());
  if (json::value* const params = object->if_contains("params")) {
    if (!params->is_object()) {
      malformed.code = ErrorCode::kInvalidParams;
      malformed.words = "params is no object";
      // Nobody waits for an answer to a notification, not even to a wrong one.
      if (!incoming.id.has_value()) return Incoming{};
      return malformed;
    }
    incoming.params = std::move(params->get_object());
  }
  return incoming;
}

std::string ResultLine(const json::value& id, std::string_view result) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{}}})",
                     json::serialize(id), result);
}

std::string ErrorLine(const json::value& id, ErrorCode code,
                      std::string_view words) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":{}}}}})",
      json::serialize(id), static_cast<int>(code), Quoted(words));
}

std::string NotificationLine(std::string_view method,
                             const json::object& params) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":{},"params":{}}})",
                     Quoted(method), http::JsonText(params));
}

}  // namespace evalloop::cli::mcp
