#ifndef EVALLOOP_CLI_MCP_SCHEMA_H_
#define EVALLOOP_CLI_MCP_SCHEMA_H_

#include <google/protobuf/descriptor.h>

#include <boost/json/object.hpp>

namespace evalloop::cli::mcp {

// The JSON Schema of a method's request as protobuf's JSON mapping reads it:
// proto field names, and no others. Descriptions are the protos' comments;
// required is what a comment says is ("Required."), and what stands in the
// method's path (google.api.http). Everything is written out where it stands
// and alternatives are told in words, for many clients read neither $ref nor
// oneOf.
boost::json::object InputSchema(
    const google::protobuf::MethodDescriptor& method);

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_SCHEMA_H_
