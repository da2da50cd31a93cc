#include "scorer/domain/rubric.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/scoring.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

RubricTerm Term(std::string metric, double weight,
                std::string group = "helpful") {
  RubricTerm term;
  term.metric = std::move(metric);
  term.weight = weight;
  term.group = std::move(group);
  return term;
}

Rubric Of(std::vector<RubricTerm> terms) {
  Rubric rubric;
  rubric.name = "mine";
  rubric.version = 1;
  rubric.terms = std::move(terms);
  return rubric;
}

// Half exact match, half parses; parses must hold.
Rubric Guarded() {
  Rubric rubric =
      Of({Term("exact_match", 0.5), Term("parses", 0.5, "harmless")});
  rubric.terms[1].floor = 1;
  return rubric;
}

std::vector<MetricScore> Scores(std::optional<double> exact_match,
                                std::optional<double> parses) {
  return {{"exact_match", exact_match, ""}, {"parses", parses, ""}};
}

std::string WrongField(const Rubric& rubric) {
  const absl::Status status = CheckRubric(rubric);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  return base::FieldOf(status).value_or("");
}

TEST(RubricTest, TheBuiltInOneIsSound) {
  EXPECT_THAT(CheckRubric(DefaultRubric()), IsOk());
  const std::vector<MetricScore> scores = {{"chrf", 50.0, ""},
                                           {"edit_similarity", 0.5, ""},
                                           {"token_jaccard", 0.5, ""},
                                           {"exact_match", 0.0, ""}};
  EXPECT_NEAR(*Compose(DefaultRubric(), Task{}, scores).composite, 0.45, 1e-12);
}

std::vector<MetricScore> WithTests(double passed, double acceptance) {
  return {{"pass_at_1", passed, ""},      {"type_errors_delta", 0.0, ""},
          {"security_delta", 0.0, ""},    {"complexity_vs_references", 5.0, ""},
          {"acceptance", acceptance, ""}, {"parses", 1.0, ""}};
}

TEST(RubricTest, WhereTestsAreTheyLead) {
  const Task task{.has_tests = true,
                  .has_outcome = true,
                  .language = code_analysis::Language::kPython};
  const auto composite = [&](const Task& of, double passed, double acceptance) {
    return *Compose(DefaultRubric(), of, WithTests(passed, acceptance))
                .composite;
  };
  EXPECT_NEAR(composite(task, 1, 1), .4 + .2 + .2 + .05 + .1, 1e-12);
  EXPECT_NEAR(composite(task, 0, 0), .2 + .2 + .05, 1e-12);
  Task unseen = task;  // Nobody is shown anything: the rest in proportion.
  unseen.has_outcome = false;
  EXPECT_NEAR(composite(unseen, 1, 0), .85 / .9, 1e-12);
  Task go = unseen;  // A language without a type checker.
  go.language = code_analysis::Language::kGo;
  EXPECT_NEAR(composite(go, 1, 0), .65 / .7, 1e-12);
}

TEST(RubricTest, CodeThatDoesNotParseFailsWhereTestsAre) {
  const Task task{.has_tests = true,
                  .language = code_analysis::Language::kPython};
  std::vector<MetricScore> scores = {{"pass_at_1", 0.0, ""},
                                     {"parses", 0.0, ""}};
  const Composition failed = Compose(DefaultRubric(), task, scores);
  EXPECT_EQ(failed.composite, 0.0);
  EXPECT_EQ(failed.failed, (std::vector<std::string>{"parses"}));
  EXPECT_FALSE(Takes(DefaultRubric(), Task{}, "parses"));
  EXPECT_TRUE(Takes(DefaultRubric(), task, "security_delta"));
}

TEST(RubricTest, TheDigestIsOfAllThatScores) {
  const std::string digest = Scorer(Guarded()).digest();
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(digest, Scorer(Guarded()).digest());
  Rubric other = Guarded();
  other.description = "other words";
  EXPECT_EQ(Scorer(other).digest(), digest);
  other.terms[1].floor = 0.5;
  EXPECT_NE(Scorer(other).digest(), digest);
  other = Guarded();
  other.version = 2;
  EXPECT_NE(Scorer(other).digest(), digest);
}

TEST(RubricTest, WeighsAndGroupsWhatIsThere) {
  const Composition all = Compose(Guarded(), Task{}, Scores(0.5, 1));
  EXPECT_EQ(all.composite, 0.75);
  EXPECT_EQ(all.groups,
            (std::vector<GroupScore>{{"harmless", 1.0}, {"helpful", 0.5}}));
  EXPECT_TRUE(all.failed.empty());
}

TEST(RubricTest, ABrokenFloorFailsWhateverTheRest) {
  const Composition good = Compose(Guarded(), Task{}, Scores(1, 0));
  EXPECT_EQ(good.composite, 0.0);
  EXPECT_EQ(good.failed, std::vector<std::string>{"parses"});
  const Composition rest_missing =
      Compose(Guarded(), Task{}, Scores(std::nullopt, 0));
  EXPECT_EQ(rest_missing.composite, 0.0);
}

TEST(RubricTest, AMissingMetricLeavesNoCompositeAndNoGroup) {
  const Composition one = Compose(Guarded(), Task{}, Scores(1, std::nullopt));
  EXPECT_FALSE(one.composite.has_value());
  EXPECT_EQ(one.groups, (std::vector<GroupScore>{{"harmless", std::nullopt},
                                                 {"helpful", 1.0}}));
  // Also where the metric counts by its floor alone.
  Rubric floor_only = Of({Term("exact_match", 1), Term("parses", 0)});
  floor_only.terms[1].floor = 1;
  ASSERT_THAT(CheckRubric(floor_only), IsOk());
  EXPECT_FALSE(Compose(floor_only, Task{}, Scores(1, std::nullopt))
                   .composite.has_value());
  EXPECT_EQ(Compose(floor_only, Task{}, Scores(1, 1)).composite, 1.0);
}

TEST(RubricTest, TermsApplyByWhetherTheTaskHasTests) {
  Rubric rubric = Of({Term("parses", 1), Term("exact_match", 1)});
  rubric.terms[0].applies = Applies::kWithTests;
  rubric.terms[1].applies = Applies::kWithoutTests;
  ASSERT_THAT(CheckRubric(rubric), IsOk());
  EXPECT_EQ(Compose(rubric, Task{.has_tests = true}, Scores(0, 1)).composite,
            1.0);
  EXPECT_EQ(Compose(rubric, Task{}, Scores(0, 1)).composite, 0.0);
  rubric.terms.pop_back();
  ASSERT_THAT(CheckRubric(rubric), IsOk());
  EXPECT_FALSE(Compose(rubric, Task{}, Scores(0, 1)).composite.has_value());
}

TEST(RubricTest, OwnTermsOfReviewsAndSearchesAloneCountForThem) {
  const Task search{.kind = TaskKind::kSearch};
  const Task review{.kind = TaskKind::kReview};
  Rubric rubric = Of({Term("exact_match", 1), Term("parses", 1)});
  rubric.terms[1].applies = Applies::kSearch;
  ASSERT_THAT(CheckRubric(rubric), IsOk());
  EXPECT_EQ(Compose(rubric, search, Scores(0, 1)).composite, 1.0);
  EXPECT_EQ(Compose(rubric, Task{}, Scores(0, 1)).composite, 0.0);
  // Without terms of their own they are taken for code.
  EXPECT_EQ(Compose(rubric, review, Scores(0, 1)).composite, 0.0);
  EXPECT_TRUE(Takes(rubric, search, "parses"));
  EXPECT_FALSE(Takes(rubric, search, "exact_match"));
  rubric.terms[1].weight = 0.5;
  EXPECT_EQ(WrongField(rubric), "terms.weight");
  for (const Applies applies : {Applies::kReview, Applies::kSearch}) {
    EXPECT_EQ(ParseApplies(NameOf(applies)), applies);
  }
}

TEST(RubricTest, ScalesBetweenWorstAndBest) {
  Rubric rubric = Of({Term("bleu", 1)});
  rubric.terms[0].best = 80;
  rubric.terms[0].worst = 40;
  ASSERT_THAT(CheckRubric(rubric), IsOk());
  const auto composite = [&](double bleu) {
    return Compose(rubric, Task{}, std::vector<MetricScore>{{"bleu", bleu, ""}})
        .composite;
  };
  EXPECT_EQ(composite(60), 0.5);
  EXPECT_EQ(composite(10), 0.0);
  EXPECT_EQ(composite(99), 1.0);
  EXPECT_EQ(Compose(Of({Term("pearson", 1)}), Task{},
                    std::vector<MetricScore>{{"pearson", 0.0, ""}})
                .composite,
            0.5);
}

TEST(RubricTest, NamesWhatIsWrong) {
  Rubric rubric = Guarded();
  rubric.name = "No Name";
  EXPECT_EQ(WrongField(rubric), "name");
  EXPECT_EQ(WrongField(Of({})), "terms");
  EXPECT_EQ(WrongField(Of({Term("nonsense", 1)})), "terms[0].metric");
  EXPECT_EQ(WrongField(Of({Term("judge", 1)})), "terms[0].metric");
  EXPECT_EQ(WrongField(Of({Term("criteria_met", 1)})), "terms[0].metric");
  EXPECT_EQ(WrongField(Of({Term("chrf", 1, "pretty")})), "terms[0].group");
  EXPECT_EQ(WrongField(Of({Term("chrf", 0.5), Term("parses", 0)})),
            "terms[1].weight");
  EXPECT_EQ(WrongField(Of({Term("chrf", -1), Term("parses", 2)})),
            "terms[0].weight");
  EXPECT_EQ(
      WrongField(Of({Term("chrf", std::numeric_limits<double>::quiet_NaN())})),
      "terms[0].weight");
  EXPECT_EQ(WrongField(Of({Term("chrf", 0.5), Term("parses", 0.4)})),
            "terms.weight");
  EXPECT_EQ(WrongField(Of({Term("chrf", 0.5), Term("chrf", 0.5)})),
            "terms[1].metric");
  rubric = Of({Term("chrf", 1)});
  rubric.terms[0].best = 10;
  rubric.terms[0].worst = 20;
  EXPECT_EQ(WrongField(rubric), "terms[0].best");
  rubric.terms[0].worst = std::numeric_limits<double>::infinity();
  EXPECT_EQ(WrongField(rubric), "terms[0].worst");
}

TEST(RubricTest, WeightsMustAddUpWithTestsAndWithout) {
  Rubric rubric = Of({Term("parses", 0.5), Term("exact_match", 0.5)});
  rubric.terms[1].applies = Applies::kWithTests;
  EXPECT_EQ(WrongField(rubric), "terms.weight");
}

TEST(RubricTest, ASimilarityBlocksNothingWhereTestsAre) {
  Rubric rubric = Of({Term("chrf", 1)});
  rubric.terms[0].floor = 20;
  EXPECT_EQ(WrongField(rubric), "terms[0].floor");
  rubric.terms[0].applies = Applies::kWithTests;
  EXPECT_EQ(WrongField(rubric), "terms[0].floor");
  rubric.terms[0].applies = Applies::kWithoutTests;
  EXPECT_THAT(CheckRubric(rubric), IsOk());
}

}  // namespace
}  // namespace evalloop::scorer
