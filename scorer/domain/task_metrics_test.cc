#include "scorer/domain/task_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scorer/domain/scoring.h"

namespace evalloop::scorer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Candidate Search(std::string_view answer) {
  return {.text = answer, .kind = TaskKind::kSearch};
}

double Value(const code_analysis::Measure& measure) {
  EXPECT_TRUE(measure.value.has_value()) << measure.reason;
  return measure.value.value_or(-1);
}

TEST(PlacesTest, AreReadAsModelsWriteThem) {
  EXPECT_THAT(
      PlacesIn("Here are the places.\n"
               "1. `app/users.py:User.save`\n"
               "2) app/db.go#Open\n"
               "- ./lib/a.c  parse_all()\n"
               "* src/x.rs:12\n"
               "\n"
               "Makefile.am\n",
               10),
      ElementsAre(Place{"app/users.py", "User.save"},
                  Place{"app/db.go", "Open"}, Place{"lib/a.c", "parse_all"},
                  Place{"src/x.rs", ""}, Place{"Makefile.am", ""}));
  EXPECT_THAT(PlacesIn("a/b.py:f\na/b.py:f\nc/d.py", 2),
              ElementsAre(Place{"a/b.py", "f"}, Place{"c/d.py", ""}));
  EXPECT_THAT(PlacesIn("I don't know. Sorry!", 5), IsEmpty());
  EXPECT_THAT(PlacesIn("", 5), IsEmpty());
}

constexpr std::string_view kSixth =
    "a.py:f\nb.py:f\nc.py:f\nd.py:f\ne.py:f\napp/users.py:User.save\n";
constexpr std::string_view kRight = "app/users.py:User.save";

// Golden values: ranks 1, 2, 6, a near miss, and talk.
TEST(SearchMetricsTest, CountTheFirstFiveAndWeighByRank) {
  EXPECT_EQ(Value(HitAt5(Search("app/users.py:User.save"), kRight)), 1);
  EXPECT_EQ(Value(HitAt5(Search("x.py:f\napp/users.py:save"), kRight)), 1);
  EXPECT_EQ(Value(HitAt5(Search(kSixth), kRight)), 0);
  EXPECT_EQ(Value(HitAt5(Search("app/users.py:User.load"), kRight)), 0);
  EXPECT_EQ(Value(HitAt5(Search("app/users.py:ser.save"), kRight)), 0);
  EXPECT_EQ(Value(HitAt5(Search("app/users.py"), kRight)), 0);
  EXPECT_EQ(Value(HitAt5(Search("app/users.py"), "app/users.py")), 1);
  EXPECT_EQ(Value(HitAt5(Search(""), kRight)), 0);

  EXPECT_EQ(Value(FileHitAt5(Search("app/users.py:User.load"), kRight)), 1);
  EXPECT_EQ(Value(FileHitAt5(Search("users.py:User.save"), kRight)), 0);
  EXPECT_EQ(Value(FileHitAt5(Search(kSixth), kRight)), 0);

  EXPECT_EQ(Value(ReciprocalRank(Search("app/users.py:User.save"), kRight)), 1);
  EXPECT_EQ(Value(ReciprocalRank(Search("x.py:f\napp/users.py:save"), kRight)),
            0.5);
  EXPECT_DOUBLE_EQ(Value(ReciprocalRank(Search(kSixth), kRight)), 1.0 / 6);
  EXPECT_EQ(Value(ReciprocalRank(Search("no idea"), kRight)), 0);
}

TEST(SearchMetricsTest, AreMissingForOtherTasks) {
  const Candidate code{.text = "app/users.py:User.save"};
  for (const auto& measure : {HitAt5(code, kRight), FileHitAt5(code, kRight),
                              ReciprocalRank(code, kRight)}) {
    EXPECT_FALSE(measure.value.has_value());
    EXPECT_EQ(measure.reason, "other_task");
  }
}

const MetricScore& Metric(const ScoreSet& scores, std::string_view name) {
  for (const MetricScore& score : scores.metrics) {
    if (score.metric == name) return score;
  }
  static const MetricScore none;
  return none;
}

TEST(TaskRubricTest, ASearchIsScoredByItsRankAndNotByLikeness) {
  Candidate search = Search("x.py:f\napp/users.py:save");
  search.references = {kRight};
  const Scorer& scorer = Scorer::BuiltIn();
  const ScoreSet scores = ScoreRow(search, scorer.metrics(), scorer);
  // 0.6 hit + 0.2 file + 0.2 of the reciprocal rank.
  ASSERT_TRUE(scores.composite.has_value());
  EXPECT_DOUBLE_EQ(*scores.composite, 0.6 + 0.2 + 0.2 * 0.5);
  EXPECT_EQ(Metric(scores, "hit_at_5").value, 1.0);
}

TEST(TaskRubricTest, AReviewIsScoredByLikenessToTheFixAndJudgedBeside) {
  Candidate review{.text = "x == None should be x is None",
                   .references = {"-  x == None\n+  x is None"},
                   .language = code_analysis::Language::kPython,
                   .kind = TaskKind::kReview};
  const Scorer& scorer = Scorer::BuiltIn();
  const ScoreSet without = ScoreRow(review, scorer.metrics(), scorer);
  ASSERT_TRUE(without.composite.has_value());
  EXPECT_GT(*without.composite, 0);
  EXPECT_FALSE(Metric(without, "criteria_met").value.has_value());
  EXPECT_EQ(Metric(without, "criteria_met").reason, "no_criteria");
  review.criteria_met = code_analysis::Measure::Of(0.25);
  const ScoreSet with = ScoreRow(review, scorer.metrics(), scorer);
  EXPECT_EQ(Metric(with, "criteria_met").value, 0.25);
  // A judge is no part of any composite.
  EXPECT_EQ(with.composite, without.composite);
}

}  // namespace
}  // namespace evalloop::scorer
