#ifndef EVALLOOP_CLI_MCP_SERVER_H_
#define EVALLOOP_CLI_MCP_SERVER_H_

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "cli/mcp_message.h"
#include "cli/mcp_toolbox.h"
#include "platform/base/worker_pool.h"

namespace evalloop::cli::mcp {

// The longest message that is taken, in bytes: a benchmark to import fits.
inline constexpr std::size_t kLongestMessage = 8u << 20;

// Revisions of the protocol, oldest first.
enum class Revision {
  k2024_11_05,
  k2025_03_26,  // Annotations, words of progress, batches.
  k2025_06_18,  // Titles, structured content; batches no more.
  k2025_11_25,
};

struct ServerOptions {
  std::string version;          // Of this program.
  std::string instructions;     // How a model should use the tools.
  int threads = 8;              // Calls of tools at once.
  std::size_t max_queued = 64;  // Calls waiting for one of them.
  std::size_t page = 64;        // Tools in one answer of tools/list.
  std::size_t max_batch = 64;   // Messages in one batch.
};

// One client's session of the Model Context Protocol: a server with tools and
// nothing else (https://modelcontextprotocol.io/specification). Calls run on
// threads of their own, so that pings and cancellations are heard meanwhile.
class Server {
 public:
  using Write = std::function<void(std::string_view line)>;

  // `write` takes each outgoing message, from any thread. Both outlive this.
  Server(Toolbox& toolbox, Write write, ServerOptions options);
  // Cancels what is under way and waits for it.
  ~Server();

  // Takes one line of the client. One thread at a time.
  void Handle(std::string_view line);
  // Instead of Handle where a line was longer than kLongestMessage.
  void RefuseLong();

  // Waits until no call is under way, for at most `patience`.
  void Drain(std::chrono::milliseconds patience);

 private:
  class Answers;
  using Reply = std::shared_ptr<Answers>;

  void HandleMessage(boost::json::value message, const Reply& reply);
  void HandleRequest(const Incoming& request, const Reply& reply);
  void HandleNotification(const Incoming& notification);
  void Initialize(const Incoming& request, const Reply& reply);
  void ListTools(const Incoming& request, const Reply& reply);
  void CallTool(const Incoming& request, const Reply& reply);
  void RunTool(const Tool& tool, const Incoming& request,
               const std::stop_token& stop, const Reply& reply);
  boost::json::object Definition(const Tool& tool) const;
  bool Has(Revision revision) const { return revision_ >= revision; }

  Toolbox& toolbox_;
  const Write write_;
  const ServerOptions options_;
  // Set by Initialize, before any call is under way.
  std::optional<Revision> revision_;
  std::mutex mu_;
  std::condition_variable idle_;
  std::map<std::string, std::stop_source> calls_;  // By the request's id.
  base::WorkerPool workers_;  // Last: its threads use all the rest.
};

}  // namespace evalloop::cli::mcp

#endif  // EVALLOOP_CLI_MCP_SERVER_H_
