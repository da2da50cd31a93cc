#include "cli/mcp_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <utility>
#include <variant>

#include "platform/http/json.h"

namespace evalloop::cli::mcp {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// Deeper than any message of ours, and far from the end of the stack.
constexpr std::size_t kDeepest = 64;
// Between two notifications of one call.
constexpr milliseconds kProgressPause{100};

constexpr std::array<std::string_view, 4> kRevisions = {
    "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"};

// What the client asked for, else the newest: then it may leave.
Revision Negotiate(std::string_view asked) {
  const auto found = std::ranges::find(kRevisions, asked);
  return found != kRevisions.end()
             ? static_cast<Revision>(found - kRevisions.begin())
             : Revision::k2025_11_25;
}

std::string Text(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value != nullptr && value->is_string()
             ? std::string(value->get_string())
             : "";
}

// The token that progress is told with; null: nobody asked for it.
json::value ProgressToken(const json::object& params) {
  const json::value* const meta = params.if_contains("_meta");
  if (meta == nullptr || !meta->is_object()) return nullptr;
  const json::value* const token =
      meta->get_object().if_contains("progressToken");
  const bool fits =
      token != nullptr &&
      (token->is_string() || token->is_int64() || token->is_uint64());
  return fits ? *token : json::value(nullptr);
}

// JSON text that is put together, so that the figures of an answer stay as the
// service wrote them.
std::string ResultOf(const ToolAnswer& answer, bool structured) {
  std::string result = R"({"content":[{"type":"text","text":)" +
                       json::serialize(json::string(answer.text)) + "}]";
  if (structured) result += R"(,"structuredContent":)" + answer.structured;
  return result + (answer.is_error ? R"(,"isError":true})" : "}");
}

}  // namespace

// Where the answers to one line go: each as it comes, or those of a batch all
// together once nobody holds this any more. Thread-safe.
class Server::Answers {
 public:
  Answers(const Write& write, bool batch) : write_(write), batch_(batch) {}
  ~Answers() {
    if (!collected_.empty()) write_(fmt::format("[{}]", collected_));
  }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  bool batch() const { return batch_; }

  void Add(const std::string& line) {
    if (!batch_) return write_(line);
    const std::lock_guard lock(mu_);
    if (!collected_.empty()) collected_ += ',';
    collected_ += line;
  }

 private:
  const Write& write_;
  const bool batch_;
  std::mutex mu_;
  std::string collected_;
};

Server::Server(Toolbox& toolbox, Write write, ServerOptions options)
    : toolbox_(toolbox),
      write_(std::move(write)),
      options_(std::move(options)),
      workers_(options_.threads, options_.max_queued) {}

Server::~Server() {
  const std::lock_guard lock(mu_);
  for (auto& [id, stop] : calls_) stop.request_stop();
}

void Server::Handle(std::string_view line) {
  if (line.find_first_not_of(" \t") == std::string_view::npos) return;
  auto parsed = http::ParseJson(
      line, {.max_bytes = kLongestMessage, .max_depth = kDeepest});
  if (!parsed.ok()) {
    return write_(ErrorLine(nullptr, ErrorCode::kParse,
                            std::string(parsed.status().message())));
  }
  if (!parsed->is_array()) {
    return HandleMessage(*std::move(parsed),
                         std::make_shared<Answers>(write_, /*batch=*/false));
  }
  json::array& batch = parsed->get_array();
  if (revision_ != Revision::k2025_03_26 || batch.empty() ||
      batch.size() > options_.max_batch) {
    return write_(
        ErrorLine(nullptr, ErrorCode::kInvalidRequest,
                  fmt::format("a batch has 1 to {} messages and needs revision "
                              "2025-03-26",
                              options_.max_batch)));
  }
  const auto reply = std::make_shared<Answers>(write_, /*batch=*/true);
  for (json::value& message : batch) HandleMessage(std::move(message), reply);
}

void Server::RefuseLong() {
  write_(ErrorLine(nullptr, ErrorCode::kInvalidRequest,
                   fmt::format("a message is longer than {} bytes; send less",
                               kLongestMessage)));
}

void Server::Drain(milliseconds patience) {
  std::unique_lock lock(mu_);
  idle_.wait_for(lock, patience, [this] { return calls_.empty(); });
}

void Server::HandleMessage(json::value message, const Reply& reply) {
  const auto read = ReadMessage(std::move(message));
  if (const auto* const malformed = std::get_if<Malformed>(&read)) {
    return reply->Add(
        ErrorLine(malformed->id, malformed->code, malformed->words));
  }
  const Incoming& incoming = std::get<Incoming>(read);
  if (incoming.method.empty()) return;  // An answer; we ask for nothing.
  if (!incoming.id.has_value()) return HandleNotification(incoming);
  HandleRequest(incoming, reply);
}

void Server::HandleRequest(const Incoming& request, const Reply& reply) {
  if (request.method == "initialize") return Initialize(request, reply);
  if (request.method == "ping") {
    return reply->Add(ResultLine(*request.id, "{}"));
  }
  if (!revision_.has_value()) {
    return reply->Add(ErrorLine(*request.id, ErrorCode::kInvalidRequest,
                                "send initialize first"));
  }
  if (request.method == "tools/list") return ListTools(request, reply);
  if (request.method == "tools/call") return CallTool(request, reply);
  reply->Add(ErrorLine(*request.id, ErrorCode::kMethodNotFound,
                       fmt::format("{}: no such method", request.method)));
}

void Server::HandleNotification(const Incoming& notification) {
  if (notification.method != "notifications/cancelled") return;
  const json::value* const id = notification.params.if_contains("requestId");
  if (id == nullptr) return;
  const std::lock_guard lock(mu_);
  const auto call = calls_.find(json::serialize(*id));
  if (call != calls_.end()) call->second.request_stop();
}

void Server::Initialize(const Incoming& request, const Reply& reply) {
  const std::string asked = Text(request.params, "protocolVersion");
  if (revision_.has_value() || reply->batch()) {
    return reply->Add(ErrorLine(*request.id, ErrorCode::kInvalidRequest,
                                "initialize comes once, and alone"));
  }
  if (asked.empty()) {
    return reply->Add(ErrorLine(*request.id, ErrorCode::kInvalidParams,
                                "protocolVersion is missing"));
  }
  revision_ = Negotiate(asked);
  json::object program{{"name", "evalloop"}, {"version", options_.version}};
  if (Has(Revision::k2025_06_18)) program["title"] = "Evalloop";
  const json::object result{
      {"protocolVersion",
       std::string(kRevisions[static_cast<std::size_t>(*revision_)])},
      {"capabilities", {{"tools", json::object()}}},
      {"serverInfo", std::move(program)},
      {"instructions", options_.instructions}};
  reply->Add(ResultLine(*request.id, json::serialize(result)));
}

json::object Server::Definition(const Tool& tool) const {
  json::object told{{"name", tool.name},
                    {"description", tool.description},
                    {"inputSchema", tool.input_schema}};
  if (Has(Revision::k2025_06_18)) told["title"] = tool.title;
  if (Has(Revision::k2025_03_26)) {
    json::object annotations{{"title", tool.title},
                             {"readOnlyHint", tool.read_only}};
    if (!tool.read_only) annotations["destructiveHint"] = tool.destructive;
    told["annotations"] = std::move(annotations);
  }
  return told;
}

void Server::ListTools(const Incoming& request, const Reply& reply) {
  const auto& tools = toolbox_.tools();
  std::size_t next = 0;
  if (request.params.contains("cursor")) {
    const std::string cursor = Text(request.params, "cursor");
    const char* const end = cursor.data() + cursor.size();
    const auto read = std::from_chars(cursor.data(), end, next);
    if (read.ec != std::errc() || read.ptr != end || next == 0 ||
        next >= tools.size()) {
      return reply->Add(ErrorLine(*request.id, ErrorCode::kInvalidParams,
                                  "cursor is none of ours"));
    }
  }
  const std::size_t end = std::min(next + options_.page, tools.size());
  json::array page;
  for (; next < end; ++next) page.push_back(Definition(tools[next]));
  json::object result{{"tools", std::move(page)}};
  if (end < tools.size()) result["nextCursor"] = std::to_string(end);
  reply->Add(ResultLine(*request.id, json::serialize(result)));
}

void Server::CallTool(const Incoming& request, const Reply& reply) {
  const std::string name = Text(request.params, "name");
  const auto& tools = toolbox_.tools();
  const auto tool = std::ranges::find(tools, name, &Tool::name);
  const json::value* const arguments = request.params.if_contains("arguments");
  const auto refuse = [&](ErrorCode code, std::string_view words) {
    reply->Add(ErrorLine(*request.id, code, words));
  };
  if (tool == tools.end()) {
    return refuse(ErrorCode::kInvalidParams,
                  fmt::format("Unknown tool: {}", name));
  }
  if (arguments != nullptr && !arguments->is_object()) {
    return refuse(ErrorCode::kInvalidParams, "arguments is no object");
  }
  const std::string id = json::serialize(*request.id);
  std::stop_token stop;
  {
    const std::lock_guard lock(mu_);
    const auto [call, fresh] = calls_.try_emplace(id);
    if (!fresh) {
      return refuse(ErrorCode::kInvalidRequest,
                    "a call with this id is under way");
    }
    stop = call->second.get_token();
  }
  const bool accepted =
      workers_.TrySubmit([this, &tool = *tool, request, reply, stop, id] {
        RunTool(tool, request, stop, reply);
        const std::lock_guard lock(mu_);
        calls_.erase(id);
        idle_.notify_all();
      });
  if (accepted) return;
  const ToolAnswer busy{
      .is_error = true,
      .text = "too many calls wait here; call again when one has ended",
      .structured = R"({"error":{"status":"RESOURCE_EXHAUSTED"}})"};
  reply->Add(
      ResultLine(*request.id, ResultOf(busy, Has(Revision::k2025_06_18))));
  const std::lock_guard lock(mu_);
  calls_.erase(id);
}

void Server::RunTool(const Tool& tool, const Incoming& request,
                     const std::stop_token& stop, const Reply& reply) {
  if (stop.stop_requested()) return;
  const json::value token = ProgressToken(request.params);
  double told = -1;
  auto told_at = std::chrono::steady_clock::time_point::min();
  const auto report = [&](const ToolProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (progress.done <= told || stop.stop_requested()) return;
    if (told >= 0 && now - told_at < kProgressPause) return;
    told = progress.done;
    told_at = now;
    json::object params{{"progressToken", token}, {"progress", progress.done}};
    if (progress.total.has_value()) params["total"] = *progress.total;
    if (Has(Revision::k2025_03_26)) params["message"] = progress.words;
    write_(NotificationLine("notifications/progress", params));
  };
  const json::value* const given = request.params.if_contains("arguments");
  const ToolAnswer answer = toolbox_.Call(
      tool, given != nullptr ? given->get_object() : json::object(), stop,
      token.is_null() ? std::function<void(const ToolProgress&)>() : report);
  // The client has turned away: an answer would be one to nobody's question.
  if (stop.stop_requested()) return;
  reply->Add(
      ResultLine(*request.id, ResultOf(answer, Has(Revision::k2025_06_18))));
}

}  // namespace evalloop::cli::mcp
