#include "scorer/domain/static_metrics.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "scorer/domain/scoring.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Language;
using code_analysis::Measure;

Measure Of(const Candidate& candidate, std::string_view name,
           CodeTools* tools = nullptr) {
  const Metric* const metric = FindMetric(name);
  const std::vector<ScoreSet> scores =
      ScoreRows({&candidate, 1}, {&metric, 1}, tools);
  const MetricScore& score = scores.at(0).metrics.at(0);
  static std::string reason;
  reason = score.reason;
  return {score.value, reason};
}

// Counts a word as a finding.
class WordTools final : public CodeTools {
 public:
  std::vector<ToolReport> Findings(
      CodeTool, std::span<const std::string> files) override {
    calls.push_back(files.size());
    std::vector<ToolReport> found;
    for (const std::string& file : files) {
      double count = 0;
      for (std::size_t at = file.find("bad"); at != std::string::npos;
           at = file.find("bad", at + 1)) {
        ++count;
      }
      found.emplace_back().count = file.find("broken") == std::string::npos
                                       ? Measure::Of(count)
                                       : Measure::Missing("not_parsed");
    }
    return found;
  }

  std::vector<std::size_t> calls;
};

TEST(StaticMetricsTest, ComplexityIsADeltaToTheCodeBefore) {
  EXPECT_EQ(Of({.text = "def f(x):\n  if x and y:\n    pass\n",
                .language = Language::kPython,
                .before = "def f(x):\n  pass\n"},
               "complexity_delta")
                .value,
            2.0);
  EXPECT_EQ(Of({.text = "x ? 1 : 2",
                .language = Language::kC,
                .prefix = "int f(int x) { return ",
                .suffix = "; }",
                .before = "x || y"},
               "complexity_delta")
                .value,
            0.0);
}

TEST(StaticMetricsTest, ADeltaNeedsTheCodeBefore) {
  for (const std::string_view name :
       {"complexity_delta", "secrets_delta", "licence_headers_delta",
        "type_errors_delta", "security_delta"}) {
    const Candidate none{.text = "x", .language = Language::kPython};
    EXPECT_EQ(Of(none, name).reason, "no_before") << name;
    const Candidate unknown{.text = "x",
                            .language = Language::kPython,
                            .before = "y",
                            .surroundings_known = false};
    EXPECT_EQ(Of(unknown, name).reason, "no_context") << name;
  }
}

TEST(StaticMetricsTest, ComplexityIsComparedWithTheMostLenientVariant) {
  const Candidate candidate{.text = "a and b and c",
                            .references = {"a", "a and b"},
                            .language = Language::kPython,
                            .prefix = "x = "};
  EXPECT_EQ(Of(candidate, "complexity_vs_references").value, 1.0);
}

TEST(StaticMetricsTest, ASecretMayBeginBeforeTheCursor) {
  const std::string text = "k9Fz3QpWx7LmVb2RtYc8Nd5H\"";
  const Candidate candidate{.text = text,
                            .language = Language::kPython,
                            .prefix = "import os\napi_key = \"",
                            .suffix = "\nx = 1\n",
                            .before = "\""};
  EXPECT_EQ(Of(candidate, "secrets_delta").value, 1.0);
}

TEST(StaticMetricsTest, ALicenceHeaderThatGoesIsNegative) {
  const Candidate candidate{
      .text = "int x;",
      .language = Language::kC,
      .before = "// SPDX-License-Identifier: MIT\nint x;"};
  EXPECT_EQ(Of(candidate, "licence_headers_delta").value, -1.0);
}

TEST(StaticMetricsTest, SecurityIsCountedHereOrByATool) {
  EXPECT_EQ(Of({.text = "gets(line)",
                .language = Language::kC,
                .prefix = "void f() { ",
                .suffix = "; }",
                .before = "fgets(line, 9, stdin)"},
               "security_delta")
                .value,
            1.0);
  WordTools tools;
  const Candidate python{
      .text = "bad", .language = Language::kPython, .before = "good"};
  EXPECT_EQ(Of(python, "security_delta", &tools).value, 1.0);
  EXPECT_EQ(Of(python, "security_delta").reason, "no_sandbox");
}

TEST(StaticMetricsTest, InventedSymbolsAreCounted) {
  EXPECT_EQ(Of({.text = "x = helper(nobody(1))", .language = Language::kPython},
               "invented_symbols")
                .value,
            2.0);
  code_analysis::RepositoryNames names;
  names.Add("a.py", "def helper(x): pass");
  Candidate candidate{
      .text = "helper(1)", .language = Language::kPython, .repository = "a"};
  EXPECT_EQ(Of(candidate, "invented_symbols").reason, "no_repository");
  candidate.names = &names;
  EXPECT_EQ(Of(candidate, "invented_symbols").value, 0.0);
}

TEST(StaticMetricsTest, ConventionsAreThoseOfTheCodeAround) {
  const std::string_view around = "a = 'x'\nb = 'y'\nc = 'z'\n";
  EXPECT_EQ(
      Of({.text = "d = 'w'\n", .language = Language::kPython, .prefix = around},
         "convention_score")
          .value,
      1.0);
  EXPECT_LT(*Of({.text = "d = \"w\"\n",
                 .language = Language::kPython,
                 .prefix = around},
                "convention_score")
                 .value,
            0.9);
}

TEST(StaticMetricsTest, ToolsAreAskedOnceForAllAndForEachTextOnce) {
  WordTools tools;
  std::vector<Candidate> candidates(3, {.text = "bad bad",
                                        .language = Language::kPython,
                                        .prefix = "p ",
                                        .suffix = " bad",
                                        .before = "bad"});
  candidates[1].text = "good";
  candidates[2].text = "broken";
  const Metric* const metric = FindMetric("type_errors_delta");
  const auto scores = ScoreRows(candidates, {&metric, 1}, &tools);
  EXPECT_EQ(scores[0].metrics[0].value, 1.0);
  EXPECT_EQ(scores[1].metrics[0].value, -1.0);
  EXPECT_EQ(scores[2].metrics[0].value, 1.0);  // Nobody can read it.
  EXPECT_EQ(tools.calls, std::vector<std::size_t>{4});
}

TEST(StaticMetricsTest, WithoutASandboxThereIsNoNumber) {
  const Candidate candidate{
      .text = "x", .language = Language::kPython, .before = "y"};
  EXPECT_EQ(Of(candidate, "type_errors_delta").reason, "no_sandbox");
  const Candidate go{.text = "x", .language = Language::kGo, .before = "y"};
  EXPECT_EQ(Of(go, "type_errors_delta").reason, "no_type_checker");
}

TEST(CodeBeforeTest, IsNothingOrTheStatementThatPythonNeeds) {
  using code_analysis::Language;
  EXPECT_EQ(CodeBefore("def f(x):\n    ", "", Language::kPython), "pass");
  EXPECT_EQ(CodeBefore("def f(x):\n    y = 1\n    ", "\n    return y\n",
                       Language::kPython),
            "");
  EXPECT_EQ(CodeBefore("if x:\n    ", "\n    return y\n", Language::kPython),
            "");
  EXPECT_EQ(CodeBefore("if x:\n    ", "\n\nreturn y\n", Language::kPython),
            "pass");
  EXPECT_EQ(CodeBefore("f(1,\n  ", "\n)\n", Language::kPython), "");
  EXPECT_EQ(CodeBefore("int f() {\n", "}\n", Language::kCpp), "");
}

}  // namespace
}  // namespace evalloop::scorer
