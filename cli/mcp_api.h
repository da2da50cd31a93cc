#ifndef EVALLOOP_CLI_MCP_API_H_
#define EVALLOOP_CLI_MCP_API_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/mcp_toolbox.h"

namespace evalloop::cli::mcp {

// A service and the way to it.
struct ApiService {
  const google::protobuf::ServiceDescriptor* descriptor = nullptr;
  std::shared_ptr<grpc::Channel> channel;
  std::string name;  // With its address, for errors.
};

struct ApiOptions {
  // Which methods become tools.
  std::function<bool(const google::protobuf::MethodDescriptor&)> choose;
  // Until an answer, for a call that is answered once and for a stream.
  std::chrono::milliseconds deadline{60'000};
  std::chrono::milliseconds stream_deadline{3'600'000};
  // Between words of progress while nothing comes.
  std::chrono::milliseconds heartbeat{5'000};
  // Bytes of one answer: more would fill a model's context to no use.
  std::size_t longest_answer = 1u << 20;
  // Messages of a stream that is collected.
  std::size_t most_messages = 1'000;
};

// "GetGate" -> "get_gate".
std::string ToolName(const google::protobuf::MethodDescriptor& method);

// True where the least role that may call it is reader (option access).
bool IsReadOnly(const google::protobuf::MethodDescriptor& method);

// gRPC methods as tools, by their descriptors: arguments are the request in
// JSON, the answer is the response in JSON. A server stream that tells progress
// is answered with its last message, the ones before are progress; one of items
// with {"messages", "truncated"}. gRPC's errors are answers with is_error:
// {"error": {code, message, status, details}} (AIP-193). Thread-safe.
class ApiTools final : public Toolbox {
 public:
  // InvalidArgument: two methods would have one name.
  static absl::StatusOr<std::unique_ptr<ApiTools>> Make(
      std::vector<ApiService> services, ApiOptions options);

  const std::vector<Tool>& tools() const override { return tools_; }
  ToolAnswer Call(
      const Tool& tool, const boost::json::object& arguments,
      std::stop_token stop,
      const std::function<void(const ToolProgress&)>& report) override;

 private:
  struct Way {
    const google::protobuf::MethodDescriptor* method = nullptr;
    std::shared_ptr<grpc::GenericStub> stub;
    std::string service;
  };

  explicit ApiTools(ApiOptions options) : options_(std::move(options)) {}

  const ApiOptions options_;
  std::vector<Tool> tools_;
  std::vector<Way> ways_;  // In the order of tools_.
};

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_API_H_
