#include "cli/gate_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "cli/gate_parts.h"
#include "cli/report_text.h"
#include "cli/verdict.h"
#include "platform/base/crypto.h"

namespace evalloop::cli {
namespace {

// GitHub shows 10 of a kind a step; GitLab's page gets slow long before 1000.
constexpr std::size_t kMostAnnotations = 10;
constexpr std::size_t kMostIssues = 500;
constexpr std::size_t kMostMessage = 2000;

// Relative to the repository's root, as both systems want it; empty where the
// path leads out of it.
std::string RepositoryPath(std::string_view path) {
  while (path.substr(0, 2) == "./") path.remove_prefix(2);
  const bool leads_out = path.substr(0, 1) == "/" || path == ".." ||
                         path.substr(0, 3) == "../" ||
                         path.find("/../") != std::string_view::npos;
  return leads_out ? "" : OneVisibleLine(path);
}

bool Counts(const v1::RowDelta& row) {
  return row.accepted_reason().empty() &&
         row.confirmation() != v1::CONFIRMATION_CHANCE;
}

boost::json::object Issue(std::string_view check, std::string_view what,
                          std::string_view fingerprint,
                          std::string_view severity, std::string_view path,
                          std::uint32_t line) {
  return {{"type", "issue"},
          {"check_name", OneVisibleLine(check)},
          {"description", Visible(Capped(what, 8, kMostMessage))},
          {"categories", boost::json::array{"Bug Risk"}},
          {"fingerprint", base::Sha256Hex(fingerprint)},
          {"severity", severity},
          {"location",
           {{"path", path}, {"lines", {{"begin", std::max(1u, line)}}}}}};
}

// "error" where the job fails, else "warning".
std::string Command(const v1::Gate& gate, std::string_view path,
                    std::uint32_t line, std::string_view title,
                    std::string_view message) {
  std::string place;
  if (!path.empty()) {
    place = fmt::format("file={},line={},", WorkflowProperty(path),
                        std::max(1u, line));
  }
  return fmt::format("::{} {}title={}::{}", Blocks(gate) ? "error" : "warning",
                     place, WorkflowProperty(OneVisibleLine(title)),
                     WorkflowMessage(Capped(message, 40, kMostMessage)));
}

std::vector<std::pair<std::string, std::string>> Outputs(const v1::Gate& gate) {
  return {{"verdict", VerdictName(gate.verdict())},
          {"gate_id", gate.gate_id()},
          {"candidate", CandidateName(gate)},
          {"candidate_version", fmt::format("{}", gate.candidate_version())},
          {"baseline", BaselineName(gate)},
          {"candidate_run_id", gate.candidate_run_id()},
          {"baseline_run_id", gate.baseline_run_id()},
          {"failing_rows", fmt::format("{}", FailingRows(gate).size())}};
}

}  // namespace

std::string GateCodeQuality(const v1::Gate& gate,
                            std::string_view prompt_file) {
  boost::json::array issues;
  const std::string file = RepositoryPath(prompt_file);
  const std::string severity = Blocks(gate) ? "major" : "minor";
  for (const v1::GateFinding& finding : gate.findings()) {
    if (!Failed(finding) || file.empty()) continue;
    const std::string demand = DemandName(finding);
    issues.push_back(Issue(
        "evalloop-demand",
        fmt::format("{} {}: {}", demand, VerdictName(finding.verdict()),
                    finding.detail()),
        fmt::format("{}\n{}\n{}", gate.prompt(), gate.benchmark(), demand),
        severity, file, 1));
  }
  for (const v1::RowDelta& row : FailingRows(gate)) {
    if (issues.size() >= kMostIssues) break;
    const std::string own = RepositoryPath(row.location().path());
    const std::string& path = own.empty() ? file : own;
    if (!Counts(row) || path.empty()) continue;
    const std::string label = RowLabel(row.item_id(), row.sample());
    issues.push_back(
        Issue("evalloop-row", fmt::format("{}: {}", label, RowDeltas(row)),
              fmt::format("{}\n{}\n{}", gate.prompt(), gate.benchmark(), label),
              severity, path, own.empty() ? 1 : row.location().line()));
  }
  return boost::json::serialize(issues) + "\n";
}

std::vector<std::string> GateAnnotations(const v1::Gate& gate,
                                         std::string_view prompt_file) {
  std::vector<std::string> commands;
  const std::string file = RepositoryPath(prompt_file);
  const std::string who = CandidateName(gate);
  for (const v1::GateFinding& finding : gate.findings()) {
    // The other half is for rows.
    if (!Failed(finding) || commands.size() >= kMostAnnotations / 2) continue;
    commands.push_back(
        Command(gate, file, 1,
                fmt::format("{}: {} {}", who, DemandName(finding),
                            VerdictName(finding.verdict())),
                finding.detail()));
  }
  for (const v1::RowDelta& row : FailingRows(gate)) {
    if (commands.size() >= kMostAnnotations) break;
    if (!Counts(row)) continue;
    const std::string own = RepositoryPath(row.location().path());
    commands.push_back(Command(
        gate, own.empty() ? file : own, own.empty() ? 1 : row.location().line(),
        fmt::format("{}: row {}", who, RowLabel(row.item_id(), row.sample())),
        fmt::format("{}\n{}", RowDeltas(row), RowDiff(row))));
  }
  return commands;
}

std::string GateOutputs(const v1::Gate& gate) {
  std::string lines;
  for (const auto& [name, value] : Outputs(gate)) {
    lines += fmt::format("{}={}\n", name, OneVisibleLine(value));
  }
  return lines;
}

std::string GateDotenv(const v1::Gate& gate) {
  std::string lines;
  for (auto [name, value] : Outputs(gate)) {
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    lines += fmt::format("EVALLOOP_{}={}\n", name, OneVisibleLine(value));
  }
  return lines;
}

}  // namespace evalloop::cli
