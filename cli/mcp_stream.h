#ifndef EVALLOOP_CLI_MCP_STREAM_H_
#define EVALLOOP_CLI_MCP_STREAM_H_

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <string>

#include "cli/mcp_toolbox.h"

namespace evalloop::cli::mcp {

// Whether a server stream is a list of things, all of which were asked for;
// else it tells progress and its last message is the result.
bool IsCollected(const google::protobuf::MethodDescriptor& method);

// The messages of a stream that is collected, as JSON texts, within bounds.
class Collected {
 public:
  Collected(std::size_t most_messages, std::size_t most_bytes)
      : most_messages_(most_messages), most_bytes_(most_bytes) {}

  // False where the message is one too many: it is left out, and the rest of
  // the stream need not be read.
  bool Add(const std::string& message);

  bool truncated() const { return truncated_; }

  // {"messages":[...],"truncated":false}
  std::string Json() const;

 private:
  const std::size_t most_messages_;
  const std::size_t most_bytes_;
  std::string joined_;
  std::size_t kept_ = 0;
  bool truncated_ = false;
};

// What a message says of how far its stream has come, for people: its member
// "progress", or counts that it has. `number`: of the message, from 1.
ToolProgress ProgressOf(const std::string& message, std::size_t number);

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_STREAM_H_
