#include "scorer/domain/scoring.h"

#include <gtest/gtest.h>

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
