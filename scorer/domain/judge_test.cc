#include "scorer/domain/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"
#include "scorer/testing/fake_judge.h"

namespace evalloop::scorer {
namespace {

using ::testing::ElementsAre;
using testing::StatusIs;

class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() {
    question_.judged.text = "return a;";
    question_.judged.criteria = {{"good", "Is it good?"}};
    question_.judge_model = "judge";
    question_.candidate_model = "author";
    question_.votes = 3;
    question_.within = std::chrono::seconds(10);
    models_.answers = {Grade(5), Grade(3), Grade(4)};
  }

  static JudgeAnswer Grade(int grade) { return {{grade}, "because"}; }

  FakeJudgeModels models_;
  FakeJudgeCache cache_;
  Judge judge_{models_, cache_};
  JudgeQuestion question_;
};

TEST_F(JudgeTest, ReportsTheMeanItsIntervalAndTheVariance) {
  ASSERT_OK_AND_ASSIGN(const JudgeVerdict verdict, judge_.Ask(question_));
  EXPECT_EQ(verdict.model.snapshot, "s1");
  ASSERT_EQ(verdict.votes.size(), 3u);
  EXPECT_EQ(verdict.votes[1].value, 0.5);
  EXPECT_NEAR(verdict.estimate->value, 0.75, 1e-12);
  EXPECT_NEAR(*verdict.variance, 0.0625, 1e-12);
  // 4.302652730 * .25 / sqrt(3), cut at 1.
  EXPECT_NEAR(verdict.estimate->low, 0.75 - 0.6210344, 1e-6);
  EXPECT_EQ(verdict.estimate->high, 1.0);
}

TEST_F(JudgeTest, CountsWhatWasNoAnswerAndAsksForAMajority) {
  models_.answers = {Grade(5), absl::InvalidArgumentError("no JSON object"),
                     Grade(5)};
  ASSERT_OK_AND_ASSIGN(const JudgeVerdict most, judge_.Ask(question_));
  EXPECT_EQ(most.estimate->value, 1.0);
  EXPECT_EQ(most.votes[1].reason, "no JSON object");
  EXPECT_FALSE(most.votes[1].failed);

  question_.judged.text = "other";
  models_.answers[2] = absl::InvalidArgumentError("no JSON object");
  ASSERT_OK_AND_ASSIGN(const JudgeVerdict few, judge_.Ask(question_));
  EXPECT_FALSE(few.estimate.has_value());
  EXPECT_FALSE(few.variance.has_value());
}

TEST_F(JudgeTest, AsksForAVoteOnceAndForAFailedOneAgain) {
  models_.answers[1] = absl::UnavailableError("away");
  ASSERT_OK_AND_ASSIGN(const JudgeVerdict first, judge_.Ask(question_));
  EXPECT_TRUE(first.votes[1].failed);
  EXPECT_FALSE(first.votes[0].cached);
  models_.answers[1] = Grade(3);
  models_.asked.clear();
  ASSERT_OK_AND_ASSIGN(const JudgeVerdict second, judge_.Ask(question_));
  EXPECT_THAT(models_.asked, ElementsAre(1u));
  EXPECT_TRUE(second.votes[0].cached);
  EXPECT_NEAR(second.estimate->value, 0.75, 1e-12);

  // Another snapshot, another text, another question: another answer.
  for (int change = 0; change < 3; ++change) {
    models_.asked.clear();
    if (change == 0) models_.models.find("judge")->second.snapshot = "s9";
    if (change == 1) question_.judged.prefix = "x";
    if (change == 2) question_.judged.criteria[0].question += " Really?";
    ASSERT_OK_AND_ASSIGN(const JudgeVerdict other, judge_.Ask(question_));
    EXPECT_EQ(models_.asked.size(), 3u) << change;
  }
}

TEST_F(JudgeTest, WithoutOneAnswerSaysWhy) {
  models_.answers.assign(3, absl::UnavailableError("away"));
  EXPECT_THAT(judge_.Ask(question_), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(JudgeTest, RefusesItsOwnFamilyAndAnUnknownOne) {
  models_.models.find("author")->second.family = "OAK";
  auto status = judge_.Ask(question_).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_EQ(base::ReasonOf(status), "JUDGE_SAME_FAMILY");
  question_.candidate_model = "stranger";
  status = judge_.Ask(question_).status();
  EXPECT_EQ(base::ReasonOf(status), "JUDGE_FAMILY_UNKNOWN");
  question_.candidate_model = "nobody";
  EXPECT_THAT(judge_.Ask(question_), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_TRUE(models_.asked.empty());
}

TEST_F(JudgeTest, NamesTheFieldThatIsWrong) {
  const auto field = [&](auto change) {
    JudgeQuestion question = question_;
    change(question);
    return base::FieldOf(judge_.Ask(question).status()).value_or("");
  };
  EXPECT_EQ(field([](auto& q) { q.judge_model = "evalloop/line"; }),
            "judge_model");
  EXPECT_EQ(field([](auto& q) { q.candidate_model = ""; }), "candidate_model");
  EXPECT_EQ(field([](auto& q) { q.votes = 16; }), "votes");
  EXPECT_EQ(field([](auto& q) { q.judged.text.assign(32'001, 'x'); }),
            "candidate.text");
  EXPECT_EQ(field([](auto& q) { q.judged.criteria[0].name = "A b"; }),
            "criteria[0].name");
  EXPECT_EQ(
      field([](auto& q) { q.judged.criteria.push_back(q.judged.criteria[0]); }),
      "criteria[1].name");
}

}  // namespace
}  // namespace evalloop::scorer
