#ifndef EVALLOOP_CLI_MCP_TOOLBOX_H_
#define EVALLOOP_CLI_MCP_TOOLBOX_H_

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace evalloop::cli::mcp {

// What a client is told of a tool.
struct Tool {
  std::string name;         // Lower case, e.g. "get_gate".
  std::string title;        // For people, e.g. "EvaluatorService.GetGate".
  std::string description;  // For models.
  boost::json::object input_schema;
  bool read_only = false;
  bool destructive = false;  // Where not read-only: takes something away.
};

// What came of a call.
struct ToolAnswer {
  bool is_error = false;
  std::string text;        // For the model to read.
  std::string structured;  // The same as the text of a JSON object.
};

// How far a call has come. `done` is larger each time; absent `total`: nobody
// knows. `words` are for people.
struct ToolProgress {
  double done = 0;
  std::optional<double> total;
  std::string words;
};

// The tools that a server offers. Thread-safe.
class Toolbox {
 public:
  virtual ~Toolbox() = default;

  // In the order of tools/list. Names are unique; the list never changes.
  virtual const std::vector<Tool>& tools() const = 0;

  // Runs one of tools() on this thread. Returns soon after `stop` asks it to;
  // what it then returns is not read. `report` may be empty.
  virtual ToolAnswer Call(
      const Tool& tool, const boost::json::object& arguments,
      std::stop_token stop,
      const std::function<void(const ToolProgress&)>& report) = 0;
};

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_TOOLBOX_H_
