#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "cli/names.h"
#include "cli/run_output.h"
#include "cli/terminal.h"
#include "cli/verdict.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = std::vector<std::vector<std::string>>;

// Failing rows that a terminal shows; all of them are in the JSON.
constexpr int kShownRows = 10;
constexpr std::size_t kShownValue = 60;

// "alarm: regressed" where it does not count for the gate.
std::string FindingVerdict(const v1::GateFinding& finding) {
  return (finding.alarm() ? "alarm: " : "") + VerdictName(finding.verdict());
}

// Each line of `text` indented.
std::string Indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += fmt::format("\n{}{}", by, text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string Short(std::string_view text) {
  std::string line(text.substr(0, kShownValue));
  std::replace(line.begin(), line.end(), '\n', ' ');
  if (line.empty()) return "(none)";
  return text.size() > kShownValue ? line + "..." : line;
}

std::string RowText(const v1::RowDelta& row) {
  std::string text = fmt::format("\n    {} {}:{}", row.item_id(),
                                 row.location().path(), row.location().line());
  if (!row.class_().empty()) text += fmt::format(" ({})", row.class_());
  if (row.missing()) text += ": no answer";
  for (const v1::MetricValue& delta : row.deltas()) {
    const auto& failed = row.failed_metrics();
    if (std::find(failed.begin(), failed.end(), delta.metric()) ==
            failed.end() ||
        !delta.has_value()) {
      continue;
    }
    text += fmt::format(" {} {:+.4g}", delta.metric(), delta.value());
  }
  if (row.confirmation() == v1::CONFIRMATION_CONFIRMED) {
    text += ", worse again when asked again";
  } else if (row.confirmation() == v1::CONFIRMATION_CHANCE) {
    text += ", not worse when asked again";
  }
  if (!row.accepted_reason().empty()) {
    text += fmt::format(", signed off: {}", row.accepted_reason());
  }
  return text + Indented(row.diff(), "      ");
}

std::string ReportText(const v1::Gate& gate) {
  const v1::RegressionReport& report = gate.report();
  std::string text;
  if (report.failing_groups_size() > 0) {
    text +=
        "\n  where:" + Indented(GroupsText(report.failing_groups()), "    ");
  }
  if (report.failing_row_count() > 0 || report.failing_rows_size() > 0) {
    text += fmt::format("\n  rows that lost, worst first ({} in all):",
                        report.failing_row_count());
    for (int i = 0; i < std::min(kShownRows, report.failing_rows_size()); ++i) {
      text += RowText(report.failing_rows(i));
    }
  }
  if (report.changes_size() > 0) {
    text += report.last_passed_gate_id().empty()
                ? fmt::format(
                      "\n  no gate passed before; changed since the "
                      "baseline {}:",
                      gate.baseline_run_id())
                : fmt::format("\n  changed since gate {} passed with {}:",
                              report.last_passed_gate_id(),
                              RevisionName(gate.prompt(),
                                           report.last_passed_version()));
    for (const v1::ChangeSince& change : report.changes()) {
      text += ChangeText(change);
    }
  }
  for (const v1::NoiseFloor& floor : report.noise_floors()) {
    if (floor.floor() > 0) {
      text += fmt::format(
          "\n  noise: {} differs by {:.4g} between runs of one revision ({} "
          "pairs of runs)",
          floor.metric(), floor.floor(), floor.differences());
    }
  }
  for (const std::string& note : report.notes()) text += "\n  note: " + note;
  return text;
}

}  // namespace

std::string ChangeText(const v1::ChangeSince& change) {
  std::string text = fmt::format("\n    {} {}", change.kind(), change.field());
  if (change.diff().empty()) {
    text += fmt::format(": {} -> {}", Short(change.from()), Short(change.to()));
  }
  if (change.version() > 0)
    text += fmt::format(", version {}", change.version());
  if (!change.author().empty()) text += ", by " + change.author();
  if (change.has_time()) text += ", " + TimeUtil::ToString(change.time());
  if (!change.message().empty()) text += ": " + Short(change.message());
  return text + Indented(change.diff(), "      ");
}

std::string GroupsText(
    const google::protobuf::RepeatedPtrField<v1::GroupDelta>& groups) {
  if (groups.empty()) return "";
  Rows rows = {{"group", "pairs", "metric", "baseline", "candidate",
                "delta [95 %]", "p", "Holm", "BH"}};
  const auto p = [](bool has, double value) {
    return has ? fmt::format("{:.3g}", value) : std::string("-");
  };
  for (const v1::GroupDelta& group : groups) {
    for (const v1::MetricDelta& delta : group.deltas()) {
      rows.push_back({group.dimension() + " " + group.name(),
                      fmt::format("{}", group.pairs()), delta.metric(),
                      fmt::format("{:.4f}", delta.baseline()),
                      fmt::format("{:.4f}", delta.candidate()),
                      EstimateText(delta.delta(), true),
                      p(delta.has_loss_p_value(), delta.loss_p_value()),
                      p(delta.has_holm_p_value(), delta.holm_p_value()),
                      p(delta.has_bh_p_value(), delta.bh_p_value())});
    }
  }
  return Table(rows);
}

std::string GateText(const v1::Gate& gate) {
  std::string text =
      fmt::format("gate {}: {} against {}: {}", gate.gate_id(),
                  RevisionName(gate.prompt(), gate.candidate_version()),
                  gate.baseline_version() > 0
                      ? RevisionName(gate.prompt(), gate.baseline_version())
                      : gate.baseline_run_id(),
                  VerdictName(gate.verdict()));
  if (gate.looks() > 1) {
    text += fmt::format(" after {} looks, {} samples an item", gate.looks(),
                        gate.samples());
  }
  for (const v1::GateFinding& finding : gate.findings()) {
    text += fmt::format("\n  {}{}{}: {}: {}", finding.metric(),
                        finding.metric().empty() ? "" : " ", finding.demand(),
                        FindingVerdict(finding), finding.detail());
  }
  if (gate.has_minimum_detectable_effect()) {
    text += fmt::format(
        "\n  a true change of {:.4f} would have been found 8 times in 10",
        gate.minimum_detectable_effect());
  }
  for (const v1::RowSignOff& row : gate.sign_offs()) {
    text +=
        fmt::format("\n  signed off: {} by {}, {}: {}", row.item_id(),
                    row.author(), TimeUtil::ToString(row.time()), row.reason());
  }
  if (!gate.override_reason().empty()) {
    text += fmt::format("\n  let through by {}, {}: {}", gate.override_author(),
                        TimeUtil::ToString(gate.override_time()),
                        gate.override_reason());
  }
  text += ReportText(gate);
  if (gate.has_comparison()) text += "\n" + ComparisonText(gate.comparison());
  return text;
}

}  // namespace evalloop::cli
