#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <map>
#include <string>
#include <utility>

#include "cli/gate_parts.h"
#include "cli/gate_reports.h"
#include "cli/report_text.h"
#include "cli/verdict.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;

// What GitLab still parses without a fuss.
constexpr std::size_t kMostRows = 20'000;
constexpr std::size_t kMostDetail = 2000;

// A suite as its cases are written.
struct Suite {
  std::string name;
  std::string cases;
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  std::string note;

  void Add(std::string_view class_name, std::string_view test,
           std::string_view inside) {
    ++tests;
    cases +=
        fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"",
                    XmlText(class_name), XmlText(test));
    cases +=
        inside.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", inside);
  }
};

std::string Element(std::string_view name, std::string_view message,
                    std::string_view type, std::string_view text) {
  return fmt::format("      <{} message=\"{}\"{}>{}</{}>\n", name,
                     XmlText(Capped(message, 4, kMostDetail)),
                     type.empty() ? "" : fmt::format(" type=\"{}\"", type),
                     XmlText(text), name);
}

std::string Properties(const v1::Gate& gate) {
  std::string text = "    <properties>\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name,
                        XmlText(value));
  };
  add("gate_id", gate.gate_id());
  add("verdict", VerdictName(gate.verdict()));
  add("candidate", CandidateName(gate));
  add("baseline", BaselineName(gate));
  add("candidate_run_id", gate.candidate_run_id());
  add("baseline_run_id", gate.baseline_run_id());
  add("candidate_confirm_run_id", gate.candidate_confirm_run_id());
  add("baseline_confirm_run_id", gate.baseline_confirm_run_id());
  add("benchmark",
      fmt::format("{}@{}", gate.benchmark(), gate.benchmark_version()));
  add("override_reason", gate.override_reason());
  return text + "    </properties>\n";
}

std::string SuiteXml(const v1::Gate& gate, const Suite& suite) {
  const std::string time =
      gate.has_start_time() ? fmt::format(" timestamp=\"{}\"",
                                          TimeUtil::ToString(gate.start_time()))
                            : "";
  const std::string note =
      suite.note.empty() ? ""
                         : fmt::format("    <system-out>{}</system-out>\n",
                                       XmlText(suite.note));
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
      "skipped=\"{}\" time=\"0\"{}>\n{}{}{}  </testsuite>\n",
      XmlText(suite.name), suite.tests, suite.failures, suite.errors,
      suite.skipped, time, Properties(gate), suite.cases, note);
}

Suite Demands(const v1::Gate& gate) {
  Suite suite{.name = CandidateName(gate) + " demands"};
  for (const v1::GateFinding& finding : gate.findings()) {
    std::string inside;
    if (Failed(finding) && Blocks(gate)) {
      ++suite.failures;
      inside = Element("failure", VerdictName(finding.verdict()),
                       VerdictName(finding.verdict()), finding.detail());
    } else if (finding.verdict() != v1::VERDICT_KIND_PASSED) {
      ++suite.skipped;
      inside = Element(
          "skipped",
          fmt::format("{}, {}: {}", VerdictName(finding.verdict()),
                      finding.alarm() ? "does not count" : "let through",
                      finding.detail()),
          "", "");
    }
    suite.Add("demands", DemandName(finding), inside);
  }
  return suite;
}

std::string WhyItDoesNotCount(const v1::Gate& gate, const v1::RowDelta& row) {
  if (!row.accepted_reason().empty()) {
    return "signed off: " + row.accepted_reason();
  }
  if (row.confirmation() == v1::CONFIRMATION_CHANCE) {
    return "not worse when asked again";
  }
  return Blocks(gate) ? "" : "worse, and the gate lets it pass";
}

// A row that is worse: a failure, or skipped where it does not count.
void AddFailing(const v1::Gate& gate, const v1::RowDelta& row,
                const std::string& class_name, Suite& suite) {
  const std::string why = WhyItDoesNotCount(gate, row);
  const std::string deltas = RowDeltas(row);
  std::string detail = deltas + "\n";
  if (!row.location().path().empty()) {
    detail +=
        fmt::format("{}:{}\n", row.location().path(), row.location().line());
  }
  detail += RowDiff(row);
  if (why.empty()) {
    ++suite.failures;
    suite.Add(class_name, RowLabel(row.item_id(), row.sample()),
              Element("failure", deltas, row.missing() ? "missing" : "worse",
                      detail));
  } else {
    ++suite.skipped;
    suite.Add(class_name, RowLabel(row.item_id(), row.sample()),
              Element("skipped", fmt::format("{} ({})", why, deltas), "", ""));
  }
}

Suite Rows(const v1::Gate& gate, std::span<const GatedRow> rows) {
  Suite suite{.name = CandidateName(gate) + " rows"};
  const std::string class_name =
      fmt::format("{}@{}", gate.benchmark(), gate.benchmark_version());
  std::map<std::pair<std::string, std::uint32_t>, bool> told;
  // First: those must not be cut off.
  for (const v1::RowDelta& row : FailingRows(gate)) {
    if (!told.emplace(std::pair(row.item_id(), row.sample()), true).second) {
      continue;
    }
    AddFailing(gate, row, class_name, suite);
  }
  std::size_t left_out = 0;
  for (const GatedRow& row : rows) {
    if (told.contains({row.item_id, row.sample})) continue;
    if (static_cast<std::size_t>(suite.tests) >= kMostRows) {
      ++left_out;
      continue;
    }
    std::string inside;
    if (!row.infrastructure_error.empty()) {
      ++suite.errors;
      inside = Element("error", row.infrastructure_error, "infrastructure", "");
    }
    suite.Add(class_name, RowLabel(row.item_id, row.sample), inside);
  }
  if (left_out > 0) {
    suite.note = fmt::format("{} rows more, none of them failing", left_out);
  }
  return suite;
}

}  // namespace

std::string GateJunit(const v1::Gate& gate, std::span<const GatedRow> rows) {
  const Suite suites[] = {Demands(gate), Rows(gate, rows)};
  int tests = 0;
  int failures = 0;
  int errors = 0;
  std::string body;
  for (const Suite& suite : suites) {
    tests += suite.tests;
    failures += suite.failures;
    errors += suite.errors;
    body += SuiteXml(gate, suite);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"evalloop gate {}\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\">\n{}</testsuites>\n",
      XmlText(CandidateName(gate)), tests, failures, errors, body);
}

}  // namespace evalloop::cli
