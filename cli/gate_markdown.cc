#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/gate_parts.h"
#include "cli/gate_reports.h"
#include "cli/report_text.h"
#include "cli/verdict.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

// A step's summary on GitHub may have 1 MiB, a note on GitLab 1,000,000
// characters.
constexpr std::size_t kMostBytes = 512u << 10;
constexpr int kMostRows = 20;
constexpr int kMostGroups = 20;
constexpr int kMostChanges = 30;
constexpr std::size_t kShownValue = 120;
constexpr std::size_t kChangeLines = 60;

std::string Cell(std::string_view text) {
  return MarkdownText(Capped(text, 4, 400));
}

std::string Heading(const v1::Gate& gate) {
  std::string text = fmt::format(
      "## Gate {}: {} against {}\n\n", VerdictName(gate.verdict()),
      MarkdownText(CandidateName(gate)), MarkdownText(BaselineName(gate)));
  if (gate.warns()) {
    text += "The policy lets an inconclusive gate pass with this warning.\n\n";
  }
  if (!gate.override_reason().empty()) {
    text += fmt::format(
        "**Let through by {}:** {}\n\n",
        MarkdownText(gate.override_author().empty() ? "somebody"
                                                    : gate.override_author()),
        Cell(gate.override_reason()));
  }
  text += fmt::format(
      "{}@{}, {} items, {} rows failing; gate `{}`, runs `{}` and `{}`.\n",
      MarkdownText(gate.benchmark()), gate.benchmark_version(),
      gate.comparison().items(),
      std::max<int>(gate.report().failing_row_count(),
                    FailingRows(gate).size()),
      OneVisibleLine(gate.gate_id()), OneVisibleLine(gate.candidate_run_id()),
      OneVisibleLine(gate.baseline_run_id()));
  if (gate.has_minimum_detectable_effect()) {
    text += fmt::format(
        "\nA true change of {:.4f} would have been found 8 times in 10.\n",
        gate.minimum_detectable_effect());
  }
  return text;
}

std::string Demands(const v1::Gate& gate) {
  std::string text =
      "\n### Demands\n\n| demand | verdict | detail |\n|---|---|---|\n";
  for (const v1::GateFinding& finding : gate.findings()) {
    text += fmt::format(
        "| {} | {}{}{} | {} |\n", Cell(DemandName(finding)),
        Failed(finding) ? "**" : "",
        (finding.alarm() ? "alarm: " : "") + VerdictName(finding.verdict()),
        Failed(finding) ? "**" : "", Cell(finding.detail()));
  }
  return text;
}

std::string Metrics(const v1::Gate& gate) {
  std::string text =
      "\n### Metrics\n\n| metric | baseline | candidate | delta [95 %] | worse "
      "| better |\n|---|---|---|---|---|---|\n";
  for (const v1::MetricDelta& delta : gate.comparison().deltas()) {
    text += fmt::format("| {} | {:.4f} | {:.4f} | {} | {} | {} |\n",
                        Cell(delta.metric()), delta.baseline(),
                        delta.candidate(), SignedEstimate(delta.delta()),
                        delta.worse(), delta.better());
  }
  return text;
}

std::string Groups(const v1::Gate& gate) {
  const bool failing = gate.report().failing_groups_size() > 0;
  const auto& groups =
      failing ? gate.report().failing_groups() : gate.comparison().groups();
  if (groups.empty()) return "";
  std::string text = fmt::format(
      "\n### {}\n\n| category | metric | delta [95 %] | pairs | p (Holm) |\n"
      "|---|---|---|---|---|\n",
      failing ? "Where the losses are" : "Categories");
  int shown = 0;
  for (const v1::GroupDelta& group : groups) {
    if (shown++ == kMostGroups) {
      text +=
          fmt::format("\n{} categories more.\n", groups.size() - kMostGroups);
      break;
    }
    for (const v1::MetricDelta& delta : group.deltas()) {
      text += fmt::format(
          "| {} | {} | {} | {} | {} |\n",
          Cell(fmt::format("{}={}", group.dimension(), group.name())),
          Cell(delta.metric()), SignedEstimate(delta.delta()), group.pairs(),
          delta.has_holm_p_value() ? fmt::format("{:.4f}", delta.holm_p_value())
                                   : "-");
    }
  }
  return text;
}

std::string RowState(const v1::RowDelta& row) {
  if (!row.accepted_reason().empty()) {
    return "; signed off: " + Cell(row.accepted_reason());
  }
  switch (row.confirmation()) {
    case v1::CONFIRMATION_CONFIRMED:
      return "; worse again when asked again";
    case v1::CONFIRMATION_CHANCE:
      return "; not worse when asked again";
    default:
      return "";
  }
}

std::string Rows(const v1::Gate& gate) {
  const auto rows = FailingRows(gate);
  if (rows.empty()) return "";
  std::string text = "\n### Failing rows\n";
  for (std::size_t i = 0; i < rows.size() && i < kMostRows; ++i) {
    const v1::RowDelta& row = rows[i];
    const std::string place =
        row.location().path().empty()
            ? ""
            : fmt::format(" at {}:{}", row.location().path(),
                          row.location().line());
    text += fmt::format("\n**{}**{}: {}{}\n\n{}",
                        MarkdownText(RowLabel(row.item_id(), row.sample())),
                        Cell(place).empty() ? "" : " " + Cell(place),
                        Cell(RowDeltas(row)), RowState(row),
                        MarkdownFence(RowDiff(row), "diff"));
  }
  const std::size_t all =
      std::max<std::size_t>(rows.size(), gate.report().failing_row_count());
  if (all > kMostRows) {
    text += fmt::format(
        "\n{} failing rows more: `evalloop run compare {} {} "
        "--rows {}`\n",
        all - kMostRows, ShellWord(gate.baseline_run_id()),
        ShellWord(gate.candidate_run_id()), all);
  }
  return text;
}

std::string Change(const v1::ChangeSince& change) {
  std::string text = fmt::format("\n- **{}**", MarkdownText(change.kind()));
  if (!change.field().empty()) text += " " + Cell(change.field());
  if (change.version() > 0)
    text += fmt::format(", version {}", change.version());
  if (!change.author().empty()) text += ", by " + Cell(change.author());
  if (change.has_time()) {
    text += ", " + TimeUtil::ToString(change.time());
  }
  if (!change.message().empty()) text += ": " + Cell(change.message());
  text += '\n';
  if (!change.diff().empty()) {
    return text + "\n" +
           MarkdownFence(Capped(change.diff(), kChangeLines, 8192), "diff");
  }
  return text + fmt::format("  from \"{}\" to \"{}\"\n",
                            MarkdownText(Capped(change.from(), 1, kShownValue)),
                            MarkdownText(Capped(change.to(), 1, kShownValue)));
}

std::string Changes(const v1::Gate& gate) {
  const v1::RegressionReport& report = gate.report();
  if (report.changes_size() == 0 && report.notes_size() == 0) return "";
  std::string text = "\n### What changed since ";
  text += report.last_passed_gate_id().empty()
              ? "the baseline\n"
              : fmt::format("the last passed gate (version {}, `{}`)\n",
                            report.last_passed_version(),
                            OneVisibleLine(report.last_passed_gate_id()));
  for (int i = 0; i < report.changes_size() && i < kMostChanges; ++i) {
    text += Change(report.changes(i));
  }
  if (report.changes_size() > kMostChanges) {
    text += fmt::format("\n{} changes more.\n",
                        report.changes_size() - kMostChanges);
  }
  for (const std::string& note : report.notes()) {
    text += "\n" + Cell(note) + "\n";
  }
  return text;
}

std::string GateAgain(const v1::Gate& gate, std::string_view more) {
  return fmt::format("evalloop gate --prompt {} --benchmark {} {}",
                     ShellWord(CandidateName(gate)),
                     ShellWord(fmt::format("{}@{}", gate.benchmark(),
                                           gate.benchmark_version())),
                     more);
}

std::string NextCommands(const v1::Gate& gate) {
  std::string commands;
  if (!Blocks(gate)) {
    commands =
        fmt::format("evalloop prompt publish {} --gate {}\n",
                    ShellWord(CandidateName(gate)), ShellWord(gate.gate_id()));
  } else {
    commands = fmt::format("evalloop run compare {} {} --rows 50\n",
                           ShellWord(gate.baseline_run_id()),
                           ShellWord(gate.candidate_run_id()));
    const bool inconclusive = gate.verdict() == v1::VERDICT_KIND_INCONCLUSIVE;
    if (inconclusive && gate.subset() == v1::SUBSET_SMOKE) {
      commands += GateAgain(gate, "--subset full\n");
    }
    const auto rows = FailingRows(gate);
    if (!rows.empty()) {
      commands +=
          GateAgain(gate, fmt::format("--accept-row {}=\"why\"\n",
                                      ShellWord(rows.front().item_id())));
    }
    commands += GateAgain(gate, "--override \"why\"\n");
  }
  return "\n### Next\n\n" + MarkdownFence(commands, "sh");
}

}  // namespace

std::string GateMarkdown(const v1::Gate& gate) {
  std::string text;
  for (const auto& part : {Heading(gate), Demands(gate), Groups(gate),
                           Rows(gate), Changes(gate), Metrics(gate)}) {
    // The commands have a place in any case; a part is whole or not there, so
    // that no fence stays open.
    if (text.size() + part.size() < kMostBytes - 4096) text += part;
  }
  return text + NextCommands(gate);
}

}  // namespace evalloop::cli
