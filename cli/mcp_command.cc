#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "cli/commands.h"
#include "cli/mcp_api.h"
#include "cli/mcp_lines.h"
#include "cli/mcp_server.h"
#include "cli/mcp_services.h"

namespace evalloop::cli {
namespace {

// After the client's last word: answers that are nearly there still go out, and
// no client waits longer than some seconds for a server to end.
constexpr std::chrono::milliseconds kLastAnswers{1'500};

constexpr char kInstructions[] =
    "Evalloop measures and gates prompt revisions for code completion. Find "
    "names with list_prompts, list_benchmarks and list_runs. To judge a "
    "change: push_revision makes a draft (lint_revision says what is wrong "
    "before), start_gate compares it with a baseline and returns at once, "
    "get_gate has the verdict once there is one (ask again every few "
    "seconds), and its report says which categories and rows got worse and "
    "what changed. compare_runs, find_regressions and list_flips look at rows; "
    "get_item shows one whole. Lists come in pages: page.page_size, then "
    "page.page_token from next_page_token. Errors say what to do.";

}  // namespace

Outcome Mcp(Session& session, const McpFlags& flags) {
  auto tools = mcp::ApiTools::Make(
      mcp::AllServices(session.peers),
      {.choose = [&flags](const google::protobuf::MethodDescriptor& method) {
        return (flags.all || mcp::IsForAgents(method)) &&
               (!flags.read_only || mcp::IsReadOnly(method));
      }});
  if (!tools.ok()) return tools.status();
  session.terminal.Talk(
      fmt::format("{} tools by the Model Context Protocol on stdin and stdout; "
                  "docs/agents.md says how to add them to an agent",
                  (*tools)->tools().size()));

  mcp::LineWriter writer(STDOUT_FILENO);
  mcp::Server server(**tools,
                     [&writer](std::string_view line) { writer.Write(line); },
                     {.version = flags.version, .instructions = kInstructions});
  mcp::LineReader reader(STDIN_FILENO, mcp::kLongestMessage);
  std::string line;
  while (true) {
    switch (reader.Next(line)) {
      case mcp::LineReader::Got::kLine:
        server.Handle(line);
        break;
      case mcp::LineReader::Got::kTooLong:
        server.RefuseLong();
        break;
      case mcp::LineReader::Got::kEnd:
        server.Drain(kLastAnswers);
        return ExitCode::kPassed;
    }
  }
}

}  // namespace evalloop::cli
