#include "cli/gate_files.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/evaluator_peer.h"
#include "cli/gate_reports.h"
#include "cli/replay_report.h"

namespace evalloop::cli {
namespace {

constexpr std::int32_t kPageSize = 1000;
// More rows than this are not told one by one; failing ones always are.
constexpr std::size_t kMostRows = 20'000;

absl::StatusOr<std::vector<GatedRow>> RowsOf(Session& session,
                                             const std::string& run_id) {
  std::vector<GatedRow> rows;
  v1::ListRowsRequest request;
  request.set_run_id(run_id);
  request.mutable_page()->set_page_size(kPageSize);
  do {
    const auto page = Call(session.peers, &Evaluations::ListRows, request);
    if (!page.ok()) return page.status();
    for (const v1::Row& row : page->rows()) {
      rows.push_back({row.item_id(), row.sample(), row.infrastructure_error()});
    }
    request.mutable_page()->set_page_token(page->next_page_token());
  } while (!request.page().page_token().empty() && rows.size() <= kMostRows);
  return rows;
}

// A file that was not asked for has an empty path.
absl::Status Write(const std::string& path, const std::string& text) {
  return path.empty() ? absl::OkStatus() : WriteFile(path, text);
}

absl::Status TellGithub(Session& session, const GateFlags& flags,
                        const CiJob& job, const v1::Gate& gate) {
  // With --json stdout is one message; GitHub reads stderr as well.
  for (const auto& command : GateAnnotations(gate, flags.prompt_file)) {
    if (session.terminal.json()) {
      session.terminal.Error(command);
    } else {
      session.terminal.Data(command);
    }
  }
  if (!job.step_summary.empty()) {
    const auto status = AppendToFile(job.step_summary, GateMarkdown(gate));
    if (!status.ok()) return status;
  }
  if (job.outputs.empty()) return absl::OkStatus();
  return AppendToFile(job.outputs, GateOutputs(gate));
}

}  // namespace

absl::Status WriteGateFiles(Session& session, const GateFlags& flags,
                            const CiJob& job, const v1::Gate& gate) {
  auto status = Write(flags.markdown, GateMarkdown(gate));
  if (!status.ok()) return status;
  if (!flags.junit.empty()) {
    const auto rows = RowsOf(session, gate.candidate_run_id());
    if (!rows.ok()) return rows.status();
    status = Write(flags.junit, GateJunit(gate, *rows));
    if (!status.ok()) return status;
  }
  status = Write(flags.code_quality, GateCodeQuality(gate, flags.prompt_file));
  if (!status.ok()) return status;
  status = Write(flags.dotenv, GateDotenv(gate));
  if (!status.ok()) return status;
  return job.github ? TellGithub(session, flags, job, gate) : absl::OkStatus();
}

}  // namespace evalloop::cli
