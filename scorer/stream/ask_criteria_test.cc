#include "scorer/stream/ask_criteria.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "scorer/testing/fake_judge.h"

namespace evalloop::scorer {
namespace {

class AskCriteriaTest : public ::testing::Test {
 protected:
  AskCriteriaTest() {
    event_.set_event_id("e");
    v1::RunTask& task = *event_.mutable_run_answered()->mutable_task();
    task.set_task("review");
    task.set_prefix("def take(): ...");
    task.add_criteria("Does it name the race?");
    task.add_criteria("Does it propose one step?");
    task.mutable_revision()->mutable_content()->mutable_model()->set_name(
        "author");
    batch_.push_back(std::make_unique<ScoredEvent>());
    batch_[0]->event = &event_;
    batch_[0]->candidate.emplace(
        Candidate{.text = "two callers race", .kind = TaskKind::kReview});
  }

  code_analysis::Measure Asked(bool configured = true) {
    AskCriteria(
        {.judge = configured ? &judge_ : nullptr, .model = "judge", .votes = 1},
        batch_);
    return batch_[0]->candidate->criteria_met;
  }

  FakeJudgeModels models_;
  FakeJudgeCache votes_;
  Judge judge_{models_, votes_};
  v1::Event event_;
  std::vector<std::unique_ptr<ScoredEvent>> batch_;
};

TEST_F(AskCriteriaTest, TheMeanOverTheQuestionsIsTheValue) {
  models_.answers = {JudgeAnswer{.grades = {5, 1}, .rationale = "half"}};
  const auto measure = Asked();
  ASSERT_TRUE(measure.value.has_value()) << measure.reason;
  EXPECT_DOUBLE_EQ(*measure.value, 0.5);
  // Both questions and the text were put to the judge.
  ASSERT_EQ(models_.prompts.size(), 1u);
  const std::string prompt =
      models_.prompts[0].system + models_.prompts[0].user;
  EXPECT_NE(prompt.find("Does it name the race?"), std::string::npos);
  EXPECT_NE(prompt.find("Does it propose one step?"), std::string::npos);
  EXPECT_NE(prompt.find("two callers race"), std::string::npos);
}

TEST_F(AskCriteriaTest, WithoutAJudgeTheValueIsMissingAndNotZero) {
  const auto measure = Asked(/*configured=*/false);
  EXPECT_FALSE(measure.value.has_value());
  EXPECT_EQ(measure.reason, "no_judge");
}

TEST_F(AskCriteriaTest, AJudgeOfTheSameFamilySaysNothing) {
  models_.models.at("author").family = "oak";
  EXPECT_EQ(Asked().reason, "judge_same_family");
  EXPECT_TRUE(models_.prompts.empty());
}

TEST_F(AskCriteriaTest, WhatTheJudgeDoesNotAnswerIsMissing) {
  models_.answers = {absl::UnavailableError("away")};
  EXPECT_EQ(Asked().reason, "judge_unavailable");
  models_.models.erase("judge");
  EXPECT_EQ(Asked().reason, "judge_unavailable");
}

TEST_F(AskCriteriaTest, AfterTheBatchesTimeNobodyIsAsked) {
  models_.answers = {JudgeAnswer{.grades = {5, 5}, .rationale = ""}};
  AskCriteria({.judge = &judge_,
               .model = "judge",
               .votes = 1,
               .batch_within = std::chrono::milliseconds(0)},
              batch_);
  EXPECT_EQ(batch_[0]->candidate->criteria_met.reason, "judge_late");
}

TEST_F(AskCriteriaTest, ATaskWithoutCriteriaIsNotJudged) {
  event_.mutable_run_answered()->mutable_task()->clear_criteria();
  EXPECT_EQ(Asked().reason, "no_criteria");
}

}  // namespace
}  // namespace evalloop::scorer
