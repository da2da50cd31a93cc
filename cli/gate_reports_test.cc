#include "cli/gate_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace evalloop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Tree = boost::property_tree::ptree;

// Ends elements, fences, cells, lines and commands where it can.
constexpr char kHostile[] =
    "]]></failure><x a=\"'&\n```\n::error::owned\r\n##[set-env name=A]b | "
    "@all <script> \x1b[2J\u202e%0A\x01\xff";

void AddRow(v1::RegressionReport& report, std::string item_id, double change) {
  v1::RowDelta& row = *report.add_failing_rows();
  row.set_item_id(std::move(item_id));
  row.add_failed_metrics("chrf");
  v1::MetricValue& other = *row.add_deltas();
  other.set_metric("codebleu");
  other.set_reason("no_reference");
  row.add_baseline_values();
  row.add_candidate_values();
  v1::MetricValue& delta = *row.add_deltas();
  delta.set_metric("chrf");
  delta.set_value(change);
  row.add_baseline_values()->set_value(80);
  row.add_candidate_values()->set_value(80 + change);
  row.set_baseline_text("return a");
  row.set_candidate_text("return b");
  row.mutable_location()->set_path("src/sum.py");
  row.mutable_location()->set_line(7);
  report.set_failing_row_count(report.failing_rows_size());
}

v1::Gate RedGate() {
  v1::Gate gate;
  gate.set_gate_id("gate-1");
  gate.set_prompt("complete-line");
  gate.set_candidate_version(3);
  gate.set_baseline_version(2);
  gate.set_candidate_run_id("run-c");
  gate.set_baseline_run_id("run-b");
  gate.set_benchmark("lines");
  gate.set_benchmark_version(4);
  gate.set_verdict(v1::VERDICT_KIND_REGRESSED);
  v1::GateFinding& finding = *gate.add_findings();
  finding.set_metric("chrf");
  finding.set_demand("average");
  finding.set_verdict(v1::VERDICT_KIND_REGRESSED);
  finding.set_detail("fell by 3 < 5 & more");
  v1::GateFinding& alarm = *gate.add_findings();
  alarm.set_metric("rouge_l");
  alarm.set_demand("average");
  alarm.set_verdict(v1::VERDICT_KIND_REGRESSED);
  alarm.set_alarm(true);
  v1::GateFinding& good = *gate.add_findings();
  good.set_metric("chrf");
  good.set_demand("rows");
  good.set_verdict(v1::VERDICT_KIND_PASSED);
  AddRow(*gate.mutable_report(), "item-1", -31.25);
  v1::GroupDelta& group = *gate.mutable_report()->add_failing_groups();
  group.set_dimension("class");
  group.set_name("call");
  group.set_pairs(40);
  group.add_deltas()->set_metric("chrf");
  v1::ChangeSince& change = *gate.mutable_report()->add_changes();
  change.set_kind("template");
  change.set_field("template.text");
  change.set_author("ada");
  change.set_version(3);
  change.set_diff("-good\n+bad\n");
  return gate;
}

std::vector<GatedRow> ThreeRows() {
  return {{"item-1", 0, ""}, {"item-2", 0, ""}, {"item-3", 1, "timed out"}};
}

Tree Parsed(const std::string& xml) {
  std::istringstream in(xml);
  Tree tree;
  boost::property_tree::read_xml(in, tree);
  return tree;
}

// The suite's case of a name.
Tree Case(const Tree& suite, const std::string& name) {
  for (const auto& [tag, element] : suite) {
    if (tag == "testcase" &&
        element.get<std::string>("<xmlattr>.name") == name) {
      return element;
    }
  }
  ADD_FAILURE() << "no case " << name;
  return {};
}

std::vector<Tree> Suites(const v1::Gate& gate) {
  std::vector<Tree> suites;
  const Tree tree = Parsed(GateJunit(gate, ThreeRows()));
  for (const auto& [tag, element] : tree.get_child("testsuites")) {
    if (tag == "testsuite") suites.push_back(element);
  }
  return suites;
}

TEST(GateJunitTest, HasATestForEachDemandAndEachRow) {
  const auto suites = Suites(RedGate());
  ASSERT_EQ(suites.size(), 2u);
  EXPECT_EQ(suites[0].get<int>("<xmlattr>.tests"), 3);
  EXPECT_EQ(suites[0].get<int>("<xmlattr>.failures"), 1);
  EXPECT_EQ(suites[0].get<int>("<xmlattr>.skipped"), 1);  // The alarm.
  const Tree demand = Case(suites[0], "chrf average");
  EXPECT_EQ(demand.get<std::string>("failure"), "fell by 3 < 5 & more");
  EXPECT_EQ(suites[1].get<int>("<xmlattr>.tests"), 3);
  EXPECT_EQ(suites[1].get<int>("<xmlattr>.failures"), 1);
  EXPECT_EQ(suites[1].get<int>("<xmlattr>.errors"), 1);
  const Tree failed = Case(suites[1], "item-1");
  EXPECT_EQ(failed.get<std::string>("failure.<xmlattr>.message"),
            "chrf -31.25 (80 to 48.75), codebleu no_reference");
  EXPECT_THAT(failed.get<std::string>("failure"),
              HasSubstr("src/sum.py:7\n-return a\n+return b\n"));
  EXPECT_TRUE(Case(suites[1], "item-2").get_child_optional("<xmlattr>"));
  EXPECT_FALSE(Case(suites[1], "item-2").get_child_optional("failure"));
  EXPECT_EQ(Case(suites[1], "item-3 sample 1")
                .get<std::string>("error.<xmlattr>.message"),
            "timed out");
}

TEST(GateJunitTest, NamesRunsAsProperties) {
  std::map<std::string, std::string> properties;
  const auto suites = Suites(RedGate());
  for (const auto& [tag, element] : suites[0].get_child("properties")) {
    properties[element.get<std::string>("<xmlattr>.name")] =
        element.get<std::string>("<xmlattr>.value");
  }
  EXPECT_EQ(properties["candidate_run_id"], "run-c");
  EXPECT_EQ(properties["baseline_run_id"], "run-b");
  EXPECT_EQ(properties["gate_id"], "gate-1");
  EXPECT_EQ(properties["verdict"], "regressed");
}

TEST(GateJunitTest, FailsNoTestOfAGateThatLetsPass) {
  v1::Gate gate = RedGate();
  gate.set_verdict(v1::VERDICT_KIND_OVERRIDDEN);
  for (const Tree& suite : Suites(gate)) {
    EXPECT_EQ(suite.get<int>("<xmlattr>.failures"), 0);
  }
  gate = RedGate();
  gate.mutable_report()->mutable_failing_rows(0)->set_accepted_reason("fine");
  EXPECT_THAT(Case(Suites(gate)[1], "item-1")
                  .get<std::string>("skipped.<xmlattr>.message"),
              StartsWith("signed off: fine"));
  gate = RedGate();
  gate.mutable_report()->mutable_failing_rows(0)->set_confirmation(
      v1::CONFIRMATION_CHANCE);
  EXPECT_EQ(Suites(gate)[1].get<int>("<xmlattr>.failures"), 0);
}

v1::Gate HostileGate() {
  v1::Gate gate = RedGate();
  gate.set_prompt(kHostile);
  gate.mutable_findings(0)->set_detail(kHostile);
  v1::RowDelta& row = *gate.mutable_report()->mutable_failing_rows(0);
  row.set_item_id(kHostile);
  row.set_candidate_text(kHostile);
  row.mutable_location()->set_path(kHostile);
  v1::ChangeSince& change = *gate.mutable_report()->mutable_changes(0);
  change.set_message(kHostile);
  change.set_diff(kHostile);
  return gate;
}

TEST(GateJunitTest, HoldsHostileTextsAsText) {
  const std::string xml = GateJunit(HostileGate(), ThreeRows());
  EXPECT_THAT(xml, Not(HasSubstr("]]>")));
  EXPECT_THAT(xml, Not(HasSubstr("\x1b")));
  EXPECT_THAT(xml, Not(HasSubstr("\u202e")));
  const auto suites = Suites(HostileGate());
  ASSERT_EQ(suites.size(), 2u);
  EXPECT_EQ(suites[0].get<int>("<xmlattr>.failures"), 1);
  EXPECT_THAT(Case(suites[0], "chrf average").get<std::string>("failure"),
              StartsWith("]]></failure><x a=\"'&\n```\n::error::owned\n"));
}

TEST(GateMarkdownTest, SaysTheVerdictFirstAndTheNextCommandsLast) {
  const std::string text = GateMarkdown(RedGate());
  EXPECT_THAT(text, StartsWith("## Gate regressed: complete-line@3 against "
                               "complete-line@2\n"));
  std::size_t last = 0;
  for (const char* part :
       {"### Demands", "fell by 3 &lt; 5 &amp; more", "### Where the losses",
        "class=call", "### Failing rows", "**item-1** at src/sum.py:7",
        "```diff\n-return a\n+return b\n```", "### What changed since",
        "**template**", "by ada", "### Next",
        "evalloop run compare run-b run-c", "--accept-row item-1="}) {
    const std::size_t at = text.find(part, last);
    ASSERT_NE(at, std::string::npos) << part << "\n" << text;
    last = at;
  }
  v1::Gate green = RedGate();
  green.set_verdict(v1::VERDICT_KIND_PASSED);
  EXPECT_THAT(GateMarkdown(green),
              HasSubstr("evalloop prompt publish complete-line@3 --gate "
                        "gate-1"));
}

TEST(GateMarkdownTest, StaysBoundedAndHarmless) {
  v1::Gate gate = HostileGate();
  for (int i = 0; i < 300; ++i) {
    AddRow(*gate.mutable_report(), std::string(2000, 'x'), -1);
    gate.mutable_report()->mutable_failing_rows(i)->set_diff(
        std::string(1u << 16, '`'));
  }
  const std::string text = GateMarkdown(gate);
  EXPECT_LT(text.size(), 512u << 10);
  EXPECT_THAT(text, HasSubstr("281 failing rows more"));
  EXPECT_THAT(text, HasSubstr("### Next"));
  const std::string hostile = GateMarkdown(HostileGate());
  EXPECT_THAT(hostile, Not(HasSubstr("\x1b")));
  EXPECT_THAT(hostile, HasSubstr("````"));  // Longer than the text's own.
}

TEST(GateCodeQualityTest, IsWhatGitlabReads) {
  const auto issues =
      boost::json::parse(GateCodeQuality(RedGate(), "prompts/line.yaml"))
          .as_array();
  ASSERT_EQ(issues.size(), 2u);
  EXPECT_EQ(issues[0].at("location").at("path").as_string(),
            "prompts/line.yaml");
  EXPECT_EQ(issues[0].at("severity").as_string(), "major");
  EXPECT_EQ(issues[1].at("location").at("path").as_string(), "src/sum.py");
  EXPECT_EQ(issues[1].at("location").at("lines").at("begin").to_number<int>(),
            7);
  EXPECT_EQ(issues[1].at("check_name").as_string(), "evalloop-row");
  EXPECT_NE(issues[0].at("fingerprint"), issues[1].at("fingerprint"));
  v1::Gate again = RedGate();  // Of the next push: the same issues.
  again.set_gate_id("gate-2");
  again.set_candidate_version(4);
  const auto later =
      boost::json::parse(GateCodeQuality(again, "prompts/line.yaml"))
          .as_array();
  EXPECT_EQ(later[1].at("fingerprint"), issues[1].at("fingerprint"));
}

TEST(GateCodeQualityTest, PointsNowhereOutsideTheRepository) {
  v1::Gate gate = RedGate();
  gate.mutable_report()->mutable_failing_rows(0)->mutable_location()->set_path(
      "../../etc/passwd");
  EXPECT_EQ(GateCodeQuality(gate, ""), "[]\n");
  EXPECT_TRUE(
      boost::json::parse(GateCodeQuality(HostileGate(), "p")).is_array());
}

TEST(GateAnnotationsTest, AreErrorsAtTheirPlaces) {
  const auto commands = GateAnnotations(RedGate(), "./prompts/line.yaml");
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0],
            "::error file=prompts/line.yaml,line=1,title=complete-line@3%3A "
            "chrf average regressed::fell by 3 < 5 & more");
  EXPECT_THAT(commands[1], StartsWith("::error file=src/sum.py,line=7,title="));
  EXPECT_THAT(commands[1], HasSubstr("%0A-return a%0A+return b"));
  v1::Gate green = RedGate();
  green.set_verdict(v1::VERDICT_KIND_PASSED);
  EXPECT_THAT(GateAnnotations(green, "")[0], StartsWith("::warning title="));
}

TEST(GateAnnotationsTest, AreOneLineEachAndFewWhateverTheTexts) {
  v1::Gate gate = HostileGate();
  for (int i = 0; i < 50; ++i) AddRow(*gate.mutable_report(), "x", -1);
  for (int i = 0; i < 50; ++i) *gate.add_findings() = gate.findings(0);
  const auto commands = GateAnnotations(gate, kHostile);
  EXPECT_EQ(commands.size(), 10u);
  for (const std::string& command : commands) {
    EXPECT_THAT(command, StartsWith("::error "));
    EXPECT_THAT(command, Not(HasSubstr("\n")));
    EXPECT_THAT(command, Not(HasSubstr("##[")));
    // No property of the text's own, and no end of the properties.
    const std::string properties = command.substr(0, command.find("::", 2));
    EXPECT_THAT(properties, Not(HasSubstr("error,")));
  }
}

TEST(GateVariablesTest, AreOneLineEach) {
  EXPECT_THAT(GateOutputs(RedGate()),
              HasSubstr("verdict=regressed\ngate_id=gate-1\n"
                        "candidate=complete-line@3\n"));
  EXPECT_THAT(GateDotenv(RedGate()),
              HasSubstr("EVALLOOP_CANDIDATE_RUN_ID=run-c\n"));
  const std::string hostile = GateOutputs(HostileGate());
  EXPECT_EQ(std::count(hostile.begin(), hostile.end(), '\n'), 8);
}

}  // namespace
}  // namespace evalloop::cli
