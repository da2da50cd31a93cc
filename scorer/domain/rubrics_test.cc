#include "scorer/domain/rubrics.h"

#include <gtest/gtest.h>

#include <string>

#include "platform/base/reason.h"
#include "platform/testing/fake_transactor.h"
#include "platform/testing/status_matchers.h"
#include "scorer/testing/fake_rubric_store.h"

namespace evalloop::scorer {
namespace {

using testing::IsOk;
using testing::StatusIs;

Rubric ByMetric(std::string metric) {
  Rubric rubric;
  rubric.name = "mine";
  RubricTerm term;
  term.metric = std::move(metric);
  term.weight = 1;
  term.group = "helpful";
  rubric.terms = {term};
  return rubric;
}

class RubricsTest : public ::testing::Test {
 protected:
  FakeRubricStore store_;
  testing::FakeTransactor transactor_;
  Rubrics rubrics_{store_, transactor_};
};

TEST_F(RubricsTest, TheBuiltInRubricIsInForceUntilOneIsPushed) {
  EXPECT_EQ(rubrics_.InForce()->digest(), Scorer::BuiltIn().digest());
  ASSERT_OK_AND_ASSIGN(const ScorerPtr pushed, rubrics_.Push(ByMetric("chrf")));
  EXPECT_EQ(pushed->rubric().version, 1u);
  EXPECT_EQ(rubrics_.InForce(), pushed);
}

TEST_F(RubricsTest, TheSameTermsAgainAreTheSameVersionAndDigest) {
  ASSERT_OK_AND_ASSIGN(const ScorerPtr first, rubrics_.Push(ByMetric("chrf")));
  ASSERT_OK_AND_ASSIGN(const ScorerPtr second, rubrics_.Push(ByMetric("bleu")));
  EXPECT_EQ(second->rubric().version, 2u);
  EXPECT_NE(second->digest(), first->digest());
  ASSERT_OK_AND_ASSIGN(const ScorerPtr again, rubrics_.Push(ByMetric("chrf")));
  EXPECT_EQ(again->rubric().version, 1u);
  EXPECT_EQ(again->digest(), first->digest());
}

TEST_F(RubricsTest, AnotherReplicaFollowsOnceItRefreshes) {
  Rubrics other(store_, transactor_);
  ASSERT_OK_AND_ASSIGN(const ScorerPtr pushed, rubrics_.Push(ByMetric("chrf")));
  EXPECT_NE(other.InForce()->digest(), pushed->digest());
  ASSERT_THAT(other.Refresh(), IsOk());
  EXPECT_EQ(other.InForce()->digest(), pushed->digest());
}

TEST_F(RubricsTest, WhatIsStoredFollowsTheStoreWithoutARefresh) {
  Rubrics other(store_, transactor_);
  ASSERT_OK_AND_ASSIGN(const ScorerPtr pushed, rubrics_.Push(ByMetric("chrf")));
  ASSERT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
    const auto scorers = other.InForce(work, {{"r1", {}}});
    if (!scorers.ok()) return scorers.status();
    EXPECT_EQ(scorers->now->digest(), pushed->digest());
    EXPECT_EQ(scorers->runs.at("r1")->digest(), pushed->digest());
    return absl::OkStatus();
  }),
              IsOk());
}

TEST_F(RubricsTest, GoesBackToAnEarlierVersionOrTheBuiltInOne) {
  ASSERT_OK_AND_ASSIGN(const ScorerPtr first, rubrics_.Push(ByMetric("chrf")));
  ASSERT_OK_AND_ASSIGN(const ScorerPtr second, rubrics_.Push(ByMetric("bleu")));
  ASSERT_OK_AND_ASSIGN(const ScorerPtr back, rubrics_.Use({"mine", 1}));
  EXPECT_EQ(back->digest(), first->digest());
  ASSERT_OK_AND_ASSIGN(const ScorerPtr newest, rubrics_.Use({"mine", 0}));
  EXPECT_EQ(newest->digest(), second->digest());
  ASSERT_OK_AND_ASSIGN(const ScorerPtr built_in, rubrics_.Use({"default", 0}));
  EXPECT_EQ(built_in->digest(), Scorer::BuiltIn().digest());
  EXPECT_EQ(rubrics_.InForce(), built_in);
  for (const RubricRef& wrong : {RubricRef{"mine", 9}, RubricRef{"other", 0},
                                 RubricRef{"default", 99}}) {
    const auto status = rubrics_.Use(wrong).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
    EXPECT_EQ(base::ReasonOf(status), "RUBRIC_NOT_FOUND");
  }
}

TEST_F(RubricsTest, ABadRubricMovesNothing) {
  EXPECT_THAT(rubrics_.Push(ByMetric("nonsense")),
              StatusIs(absl::StatusCode::kInvalidArgument));
  Rubric taken = ByMetric("chrf");
  taken.name = "default";
  EXPECT_EQ(base::FieldOf(rubrics_.Push(taken).status()), "name");
  transactor_.FailNext(absl::UnavailableError("away"));
  EXPECT_THAT(rubrics_.Push(ByMetric("chrf")),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(rubrics_.InForce()->digest(), Scorer::BuiltIn().digest());
}

}  // namespace
}  // namespace evalloop::scorer
