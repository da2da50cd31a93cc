#ifndef EVALLOOP_CLI_MCP_SERVICES_H_
#define EVALLOOP_CLI_MCP_SERVICES_H_

#include <vector>

#include "cli/mcp_api.h"
#include "cli/peers.h"

namespace evalloop::cli::mcp {

// Every service of the API, by the ways that the command line has to them.
std::vector<ApiService> AllServices(const Peers& peers);

// Whether a method is one of those that a coding agent is given without being
// asked: it looks at prompts, items, runs, gates and completions, and starts
// runs and gates, but moves nothing that others rely on.
bool IsForAgents(const google::protobuf::MethodDescriptor& method);

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_SERVICES_H_
