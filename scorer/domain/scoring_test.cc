#include "scorer/domain/scoring.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "scorer/domain/rubric.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Language;

ScoreSet ScoreAll(const Candidate& candidate) {
  return ScoreRow(candidate, *SelectMetrics({}));
}

const MetricScore& Of(const ScoreSet& scores, std::string_view name) {
  for (const MetricScore& score : scores.metrics) {
    if (score.metric == name) return score;
  }
  ADD_FAILURE() << "no " << name;
  static const MetricScore none;
  return none;
}

TEST(ScoringTest, APerfectAnswerScoresOne) {
  const ScoreSet scores = ScoreAll({.text = "return a + b",
                                    .references = {"return a + b"},
                                    .language = Language::kPython});
  EXPECT_EQ(scores.scorer_digest, Scorer::BuiltIn().digest());
  EXPECT_EQ(scores.metrics.size(), AllMetrics().size());
  EXPECT_EQ(Of(scores, "exact_match").value, 1.0);
  EXPECT_NEAR(*Of(scores, "chrf").value, 100.0, 1e-9);
  EXPECT_EQ(Of(scores, "parses").value, 1.0);
  ASSERT_TRUE(scores.composite.has_value());
  EXPECT_NEAR(*scores.composite, 1.0, 1e-9);
}

TEST(ScoringTest, ManyRowsAreScoredAsEachAlone) {
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) {
    texts.push_back("x" + std::to_string(i) + " = " + std::string(i % 7, 'y'));
  }
  std::vector<Candidate> candidates;
  for (const std::string& text : texts) {
    candidates.push_back({.text = text,
                          .references = {"x7 = yyy"},
                          .language = Language::kPython});
  }
  const auto metrics = *SelectMetrics(
      std::vector<std::string>{"edit_similarity", "chrf", "parses"});
  const auto scores = ScoreRows(candidates, metrics, nullptr);
  ASSERT_EQ(scores.size(), candidates.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(scores[i], ScoreRow(candidates[i], metrics)) << i;
  }
}

TEST(ScoringTest, ARubricSaysWhatIsMeasured) {
  EXPECT_EQ(Scorer::BuiltIn().metrics().size(), AllMetrics().size());
  Rubric rubric;
  rubric.name = "likeness";
  rubric.terms = {{.metric = "bleu", .weight = 1, .group = "helpful"}};
  const Scorer scorer(rubric);
  std::vector<std::string_view> names;
  for (const Metric* metric : scorer.metrics()) names.push_back(metric->name);
  // What gates judge by unless told otherwise is there, too.
  EXPECT_EQ(names, (std::vector<std::string_view>{
                       "edit_similarity", "bleu", "chrf", "pass_at_1",
                       "acceptance", "hit_at_5", "criteria_met"}));
  EXPECT_EQ(Unscored("infrastructure", scorer).metrics.size(), names.size());
}

TEST(ScoringTest, EachMetricTakesItsBestReference) {
  const ScoreSet both = ScoreAll({.text = "foo(a)",
                                  .references = {"zzz", "foo(a)"},
                                  .language = Language::kCpp});
  EXPECT_EQ(Of(both, "exact_match").value, 1.0);
  EXPECT_EQ(Of(both, "edit_similarity").value, 1.0);
}

TEST(ScoringTest, AReferenceWithoutAValueDoesNotHideOneThatHas) {
  // Every token once on both sides: no variance.
  const ScoreSet scores =
      ScoreAll({.text = "a b", .references = {"a b", "a a b"}});
  EXPECT_FALSE(Of(scores, "pearson").value.has_value());
  const ScoreSet other =
      ScoreAll({.text = "a a b", .references = {"a b", "a a b"}});
  EXPECT_NEAR(*Of(other, "pearson").value, 1.0, 1e-12);
}

TEST(ScoringTest, WithoutAReferenceSaysSo) {
  const ScoreSet scores =
      ScoreAll({.text = "x = 1", .language = Language::kPython});
  EXPECT_EQ(Of(scores, "chrf").reason, "no_reference");
  EXPECT_FALSE(Of(scores, "chrf").value.has_value());
  EXPECT_EQ(Of(scores, "parses").value, 1.0);
  EXPECT_FALSE(scores.composite.has_value());
}

TEST(ScoringTest, AnEmptyReferenceIsAReference) {
  const ScoreSet scores = ScoreAll({.text = "", .references = {""}});
  EXPECT_EQ(Of(scores, "exact_match").value, 1.0);
  EXPECT_EQ(Of(scores, "parses").reason, "no_grammar");
}

TEST(ScoringTest, UnknownSurroundingsCannotParse) {
  const ScoreSet scores = ScoreAll({.text = "x)",
                                    .references = {"x)"},
                                    .language = Language::kC,
                                    .surroundings_known = false});
  EXPECT_EQ(Of(scores, "parses").reason, "no_context");
  EXPECT_TRUE(scores.composite.has_value());
}

// Finds as many things in a file as it has words "bad".
class BadWords final : public CodeTools {
 public:
  std::vector<ToolReport> Findings(
      CodeTool, std::span<const std::string> files) override {
    std::vector<ToolReport> found;
    for (const std::string& file : files) {
      ++asked;
      ToolReport report;
      std::uint32_t line = 1;
      for (std::size_t at = 0; at < file.size(); ++at) {
        if (file[at] == '\n') ++line;
        if (file.compare(at, 3, "bad") == 0) {
          report.findings.push_back({"W1", line});
        }
      }
      report.count = file.find("???") == std::string::npos
                         ? code_analysis::Measure::Of(
                               static_cast<double>(report.findings.size()))
                         : code_analysis::Measure::Missing("not_parsed");
      found.push_back(std::move(report));
    }
    return found;
  }
  int asked = 0;
};

ScoreSet WithTools(const Candidate& candidate, CodeTools& tools) {
  return ScoreRows({&candidate, 1}, *SelectMetrics({}), &tools).front();
}

TEST(ScoringTest, WhatAToolCannotReadIsOneFindingMore) {
  BadWords tools;
  Candidate candidate{.text = "x = ???",
                      .language = Language::kPython,
                      .prefix = "bad()\n",
                      .before = ""};
  EXPECT_EQ(Of(WithTools(candidate, tools), "type_errors_delta").value, 1.0);
  EXPECT_EQ(Of(WithTools(candidate, tools), "security_delta").value, 1.0);
  candidate.prefix = "???\n";  // That was so before.
  EXPECT_EQ(Of(WithTools(candidate, tools), "type_errors_delta").reason,
            "not_parsed");
}

TEST(ScoringTest, WhatWasCountedIsNamedWithItsLineInTheCandidate) {
  BadWords tools;
  const ScoreSet scores = WithTools({.text = "x = 1\nbad(invented(x))\n"
                                             "key = 'AKIAIOSFODNN7QWERTYU'\n",
                                     .language = Language::kPython,
                                     .prefix = "bad = print\n",
                                     .suffix = "bad()\n",
                                     .before = ""},
                                    tools);
  const auto lines_of = [&](std::string_view metric, std::string_view rule) {
    std::vector<std::uint32_t> lines;
    for (const Finding& finding : scores.findings) {
      if (finding.metric == metric && (rule.empty() || finding.rule == rule)) {
        lines.push_back(finding.line);
      }
    }
    return lines;
  };
  using Lines = std::vector<std::uint32_t>;
  EXPECT_EQ(lines_of("type_errors_delta", "W1"), Lines{2});
  EXPECT_EQ(lines_of("security_delta", "W1"), Lines{2});
  EXPECT_EQ(lines_of("invented_symbols", "invented"), Lines{2});
  EXPECT_EQ(lines_of("secrets_delta", ""), Lines{3});
  EXPECT_EQ(scores.findings.size(), 4u);
}

TEST(ScoringTest, OtherLanguagesAreToldTheRule) {
  const ScoreSet scores = ScoreAll({.text = "\n  eval(input);\n",
                                    .language = Language::kJavaScript,
                                    .prefix = "function f(input) {",
                                    .suffix = "}\n",
                                    .before = ""});
  ASSERT_FALSE(scores.findings.empty());
  EXPECT_EQ(scores.findings[0].metric, "security_delta");
  EXPECT_EQ(scores.findings[0].line, 2u);
  EXPECT_FALSE(scores.findings[0].rule.empty());
}

TEST(ScoringTest, ToolsAreSparedWhereNoTermTakesThem) {
  BadWords tools;
  Candidate candidate{.text = "bad()",
                      .references = {"good()"},
                      .language = Language::kPython,
                      .before = "",
                      .all_tools = false};
  EXPECT_EQ(Of(WithTools(candidate, tools), "type_errors_delta").reason,
            "not_in_rubric");
  EXPECT_EQ(tools.asked, 0);
  candidate.has_tests = true;
  candidate.passed = code_analysis::Measure::Of(1);
  const ScoreSet scores = WithTools(candidate, tools);
  EXPECT_EQ(Of(scores, "type_errors_delta").value, 1.0);
  EXPECT_EQ(Of(scores, "pass_at_1").value, 1.0);
  EXPECT_EQ(Of(scores, "acceptance").reason, "not_asked");
  EXPECT_TRUE(scores.composite.has_value());
}

TEST(ScoringTest, UnscoredNamesItsReasonForEveryMetric) {
  const ScoreSet scores = Unscored("infrastructure");
  EXPECT_EQ(scores.metrics.size(), AllMetrics().size());
  for (const MetricScore& score : scores.metrics) {
    EXPECT_FALSE(score.value.has_value());
    EXPECT_EQ(score.reason, "infrastructure");
  }
  EXPECT_FALSE(scores.composite.has_value());
}

}  // namespace
}  // namespace evalloop::scorer
