#include "cli/mcp_api.h"

#include <fmt/format.h>
#include <google/rpc/code.pb.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <utility>

#include "cli/mcp_schema.h"
#include "cli/mcp_stream.h"
#include "evalloop/v1/access.pb.h"
#include "platform/base/ids.h"
#include "platform/rpc/status.h"
#include "platform/transcoding/exchange.h"
#include "platform/transcoding/messages.h"
#include "protos/comments.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
using google::protobuf::MethodDescriptor;

v1::Role RoleOf(const MethodDescriptor& method) {
  return method.options().GetExtension(v1::access).role();
}

std::string TitleOf(const MethodDescriptor& method) {
  return fmt::format("{}.{}", method.service()->name(), method.name());
}

// Runners only add, but for what they stop; who publishes moves what others
// rely on.
bool IsDestructive(const MethodDescriptor& method) {
  return RoleOf(method) >= v1::ROLE_PUBLISHER ||
         method.name().starts_with("Cancel");
}

std::string Describe(const MethodDescriptor& method) {
  std::string words(protos::CommentOf(method.full_name()));
  std::string role = v1::Role_Name(RoleOf(method)).substr(5);  // "ROLE_..."
  for (char& c : role) c = static_cast<char>(std::tolower(c));
  return fmt::format("{}{}Needs the role {}.", words, words.empty() ? "" : " ",
                     role);
}

Tool ToolOf(const MethodDescriptor& method) {
  return {.name = ToolName(method),
          .title = TitleOf(method),
          .description = Describe(method),
          .input_schema = InputSchema(method),
          .read_only = IsReadOnly(method),
          .destructive = IsDestructive(method)};
}

ToolAnswer Failure(const grpc::Status& status, std::string_view remedy) {
  const std::string code = google::rpc::Code_Name(
      static_cast<google::rpc::Code>(status.error_code()));
  std::string text = fmt::format("{}: {}", code, status.error_message());
  if (!remedy.empty()) text += fmt::format(" ({})", remedy);
  return {.is_error = true,
          .text = std::move(text),
          .structured = transcoding::ErrorJson(status)};
}

ToolAnswer Failure(const absl::Status& status, std::string_view remedy) {
  return Failure(rpc::ToGrpcStatus(status), remedy);
}

// What whoever runs this program, or calls the tool, can do about it.
std::string RemedyOf(const grpc::Status& status, const std::string& service) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return fmt::format(
          "the call went to {}; is it up, and is that its address?", service);
    case grpc::StatusCode::UNAUTHENTICATED:
      return "the MCP server needs EVALLOOP_AUTH_TOKEN or "
             "EVALLOOP_AUTH_TOKEN_FILE in its environment";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return fmt::format("{} was too slow; ask for less", service);
    default:
      return "";
  }
}

}  // namespace

std::string ToolName(const MethodDescriptor& method) {
  std::string name;
  for (const char c : method.name()) {
    if (std::isupper(static_cast<unsigned char>(c)) && !name.empty()) {
      name += '_';
    }
    name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return name;
}

bool IsReadOnly(const MethodDescriptor& method) {
  return RoleOf(method) == v1::ROLE_READER;
}

absl::StatusOr<std::unique_ptr<ApiTools>> ApiTools::Make(
    std::vector<ApiService> services, ApiOptions options) {
  std::unique_ptr<ApiTools> made(new ApiTools(std::move(options)));
  for (const ApiService& service : services) {
    const auto stub = std::make_shared<grpc::GenericStub>(service.channel);
    for (int i = 0; i < service.descriptor->method_count(); ++i) {
      const MethodDescriptor& method = *service.descriptor->method(i);
      if (!made->options_.choose(method)) continue;
      Tool tool = ToolOf(method);
      if (std::ranges::count(made->tools_, tool.name, &Tool::name) > 0) {
        return absl::InvalidArgumentError(
            fmt::format("{}: two methods would be this tool", tool.name));
      }
      made->tools_.push_back(std::move(tool));
      made->ways_.push_back(
          {.method = &method, .stub = stub, .service = service.name});
    }
  }
  return made;
}

ToolAnswer ApiTools::Call(
    const Tool& tool, const json::object& arguments, std::stop_token stop,
    const std::function<void(const ToolProgress&)>& report) {
  const Way& way = ways_[static_cast<std::size_t>(&tool - tools_.data())];
  const MethodDescriptor& method = *way.method;
  const auto request = transcoding::RequestBytes(
      *method.input_type(), json::serialize(arguments), {});
  if (!request.ok()) {
    return Failure(request.status(),
                   "the tool's inputSchema says what it takes");
  }

  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       (method.server_streaming() ? options_.stream_deadline
                                                  : options_.deadline));
  context.AddMetadata("x-request-id", "mcp-" + base::RandomId());
  const std::stop_callback on_stop(stop, [&context] { context.TryCancel(); });

  Collected collected(options_.most_messages, options_.longest_answer);
  std::string last = "{}";
  std::size_t number = 0;
  ToolProgress progress;
  absl::Status unreadable;
  transcoding::Listener listener;
  listener.patience = options_.heartbeat;
  listener.on_message = [&](const grpc::ByteBuffer& message) {
    auto text = transcoding::JsonOf(*method.output_type(),
                                    transcoding::BytesOf(message));
    if (!text.ok()) {
      unreadable = text.status();
      return false;
    }
    last = *std::move(text);
    if (report && method.server_streaming()) {
      const double told = progress.done;
      progress = ProgressOf(last, ++number);
      progress.done = told + 1;
      report(progress);
    }
    return !IsCollected(method) || collected.Add(last);
  };
  if (report) {
    listener.on_wait = [&] {
      ++progress.done;
      if (progress.words.empty()) progress.words = "still at it";
      report(progress);
    };
  }
  const grpc::Status status = transcoding::Exchange(
      *way.stub,
      fmt::format("/{}/{}", method.service()->full_name(), method.name()),
      context, transcoding::BufferOf(*request), listener);
  if (!unreadable.ok()) return Failure(unreadable, "");
  if (!status.ok() && !collected.truncated()) {
    return Failure(status, RemedyOf(status, way.service));
  }
  const std::string answer = IsCollected(method) ? collected.Json() : last;
  if (answer.size() > options_.longest_answer + 100) {
    return Failure(
        absl::ResourceExhaustedError(
            fmt::format("the answer has {} bytes, more than {}", answer.size(),
                        options_.longest_answer)),
        "ask for less: a smaller page.page_size or max_rows, a filter, or a "
        "read_mask");
  }
  return {.text = answer, .structured = answer};
}

}  // namespace evalloop::cli::mcp
