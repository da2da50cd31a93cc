#ifndef EVALLOOP_CLI_MCP_MESSAGE_H_
#define EVALLOOP_CLI_MCP_MESSAGE_H_

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// JSON-RPC 2.0 as the Model Context Protocol uses it
// (https://modelcontextprotocol.io/specification, "Base Protocol").

namespace evalloop::cli::mcp {

// JSON-RPC's own codes.
enum class ErrorCode : int {
  kParse = -32700,
  kInvalidRequest = -32600,
  kMethodNotFound = -32601,
  kInvalidParams = -32602,
};

// A request, a notification (without id) or a response to us (without method).
struct Incoming {
  std::optional<boost::json::value> id;  // A text or a whole number.
  std::string method;
  boost::json::object params;
};

// What can't be taken. `id`: of the message, null where it can't be told.
struct Malformed {
  boost::json::value id;
  ErrorCode code = ErrorCode::kInvalidRequest;
  std::string words;
};

// Reads one message, already parsed.
std::variant<Incoming, Malformed> ReadMessage(boost::json::value message);

// One line each, without a line break. `result` is JSON text as it is.
std::string ResultLine(const boost::json::value& id, std::string_view result);
std::string ErrorLine(const boost::json::value& id, ErrorCode code,
                      std::string_view words);
std::string NotificationLine(std::string_view method,
                             const boost::json::object& params);

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_MESSAGE_H_
