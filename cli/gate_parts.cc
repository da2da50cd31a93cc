#include "cli/gate_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/gate_reports.h"
#include "cli/report_text.h"
#include "cli/verdict.h"

namespace evalloop::cli {
namespace {

constexpr std::size_t kDiffLines = 40;
constexpr std::size_t kDiffBytes = 4096;

std::string Marked(std::string_view text, char mark) {
  std::string marked;
  while (true) {
    const std::size_t end = text.find('\n');
    marked += fmt::format("{}{}\n", mark, text.substr(0, end));
    if (end == std::string_view::npos || end + 1 == text.size()) return marked;
    text.remove_prefix(end + 1);
  }
}

std::string DeltaText(const v1::RowDelta& row, int index) {
  const v1::MetricValue& delta = row.deltas(index);
  if (!delta.has_value()) {
    return fmt::format("{} {}", delta.metric(),
                       delta.reason().empty() ? "null" : delta.reason());
  }
  const std::string change =
      fmt::format("{} {:+.4g}", delta.metric(), delta.value());
  if (index >= row.baseline_values_size() ||
      index >= row.candidate_values_size() ||
      !row.baseline_values(index).has_value() ||
      !row.candidate_values(index).has_value()) {
    return change;
  }
  return fmt::format("{} ({:.4g} to {:.4g})", change,
                     row.baseline_values(index).value(),
                     row.candidate_values(index).value());
}

}  // namespace

std::string CandidateName(const v1::Gate& gate) {
  return fmt::format("{}@{}", gate.prompt(), gate.candidate_version());
}

std::string BaselineName(const v1::Gate& gate) {
  if (gate.baseline_version() == 0) return gate.baseline_run_id();
  return fmt::format("{}@{}", gate.prompt(), gate.baseline_version());
}

bool Blocks(const v1::Gate& gate) {
  return ExitCodeOf(gate) != ExitCode::kPassed;
}

bool Failed(const v1::GateFinding& finding) {
  return !finding.alarm() && finding.verdict() != v1::VERDICT_KIND_PASSED;
}

std::string DemandName(const v1::GateFinding& finding) {
  std::string name = finding.metric();
  if (!name.empty()) name += ' ';
  name += finding.demand();
  if (!finding.category().empty()) {
    name += fmt::format(" {}={}", finding.dimension(), finding.category());
  }
  return name;
}

std::string RowLabel(const std::string& item_id, std::uint32_t sample) {
  return sample == 0 ? item_id : fmt::format("{} sample {}", item_id, sample);
}

std::string RowDeltas(const v1::RowDelta& row) {
  if (row.missing()) return "no answer";
  std::vector<int> order;
  for (int i = 0; i < row.deltas_size(); ++i) order.push_back(i);
  const auto& failed = row.failed_metrics();
  std::stable_partition(order.begin(), order.end(), [&](int i) {
    return std::find(failed.begin(), failed.end(), row.deltas(i).metric()) !=
           failed.end();
  });
  std::string text;
  for (const int i : order) {
    if (!text.empty()) text += ", ";
    text += DeltaText(row, i);
  }
  return text;
}

std::string RowDiff(const v1::RowDelta& row) {
  const std::string diff = !row.diff().empty()
                               ? row.diff()
                               : Marked(row.baseline_text(), '-') +
                                     Marked(row.candidate_text(), '+');
  return Capped(diff, kDiffLines, kDiffBytes);
}

std::string SignedEstimate(const v1::Estimate& estimate) {
  if (!estimate.has_lower() || !estimate.has_upper()) {
    return fmt::format("{:+.4f}", estimate.value());
  }
  return fmt::format("{:+.4f} [{:+.4f}, {:+.4f}]", estimate.value(),
                     estimate.lower(), estimate.upper());
}

std::vector<v1::RowDelta> FailingRows(const v1::Gate& gate) {
  const bool reported = gate.report().failing_rows_size() > 0;
  const auto& rows =
      reported ? gate.report().failing_rows() : gate.comparison().rows();
  std::vector<v1::RowDelta> failing;
  for (const v1::RowDelta& row : rows) {
    const bool failed = row.missing() || row.failed_metrics_size() > 0;
    if (reported || failed) failing.push_back(row);
  }
  return failing;
}

}  // namespace evalloop::cli
