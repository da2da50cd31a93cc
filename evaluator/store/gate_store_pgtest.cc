#include <gtest/gtest.h>

#include "evalloop/v1/evaluator.pb.h"
#include "evaluator/testing/store_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorStoreTest, AGateIsGivenAnotherBaselineUntilItIsDecided) {
  AddBenchmark(1);
  for (const char* id : {"r1", "r2", "r3"}) StartRun(PlanRun(id, 1));
  Gate gate;
  gate.id = "g1";
  gate.request_id = "request g1";
  gate.prompt = "p";
  gate.candidate_run = "r2";
  gate.baseline_run = "r1";
  ASSERT_THAT(gates_.Start(gate), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_source, BaselineSource::kChosen);
  gate.baseline_run = "r3";
  gate.baseline_source = BaselineSource::kRenewed;
  gate.looks = 2;
  gate.samples = 4;
  gate.candidate_confirm = "r1";
  ASSERT_THAT(gates_.Advance(gate), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_run, "r3");
  EXPECT_EQ(gates_.Get("g1")->baseline_source, BaselineSource::kRenewed);
  EXPECT_EQ(gates_.Get("g1")->looks, 2);
  EXPECT_EQ(gates_.Get("g1")->samples, 4u);
  EXPECT_EQ(gates_.Get("g1")->candidate_confirm, "r1");
  GateOutcome passed;
  passed.decision.verdict = Verdict::kPassed;
  ASSERT_THAT(gates_.Decide("g1", passed), IsOk());
  gate.baseline_run = "r1";
  ASSERT_THAT(gates_.Advance(gate), IsOk());
  EXPECT_EQ(gates_.Get("g1")->baseline_run, "r3");
}

TEST_F(EvaluatorStoreTest, AGateIsDecidedOnceItsRunsHaveEndedAndThenNoMore) {
  AddBenchmark(1);
  StartRun(PlanRun("r1", 1));
  StartRun(PlanRun("r2", 1));
  Gate gate;
  gate.id = "g1";
  gate.request_id = "request g1";
  gate.prompt = "p";
  gate.candidate_run = "r2";
  gate.baseline_run = "r1";
  gate.policy = DefaultPolicy(RunMode::kTyped, ChangeKind::kOutputPolicy);
  ASSERT_THAT(gates_.Start(gate), IsOk());
  EXPECT_TRUE(gates_.Decidable()->empty());
  Record("s1", {Answer("r1", "item-100", 1), Answer("r2", "item-100", 2)});
  const auto due = gates_.Decidable();
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ((*due)[0].policy.tolerances.size(), gate.policy.tolerances.size());
  EXPECT_EQ(*(*due)[0].policy.tolerances[0].required_gain, 0);
  GateOutcome passed;
  passed.decision = {.verdict = Verdict::kPassed,
                     .findings = {{"m", "gain", Verdict::kPassed, "sure", true,
                                   "tag", "security"}},
                     .minimum_detectable_effect = 0.01};
  passed.report.floors = {{"m", 0.25, 3}};
  EXPECT_THAT(gates_.Decide("g1", passed), IsOk());
  passed.decision.verdict = Verdict::kRegressed;
  EXPECT_THAT(gates_.Decide("g1", passed), IsOk());
  const auto decided = gates_.Get("g1");
  EXPECT_EQ(decided->decision.verdict, Verdict::kPassed);
  ASSERT_EQ(decided->decision.findings.size(), 1u);
  EXPECT_EQ(decided->decision.findings[0].detail, "sure");
  EXPECT_TRUE(decided->decision.findings[0].alarm);
  EXPECT_EQ(decided->decision.findings[0].category, "security");
  v1::Gate told;
  ASSERT_TRUE(told.ParseFromString(decided->content));
  ASSERT_EQ(told.report().noise_floors_size(), 1);
  EXPECT_DOUBLE_EQ(told.report().noise_floors(0).floor(), 0.25);
  EXPECT_TRUE(gates_.Decidable()->empty());
}

TEST_F(EvaluatorStoreTest, ARowIsSignedOffByWhomWhenAndWhy) {
  AddBenchmark(1);
  for (const char* id : {"r1", "r2"}) StartRun(PlanRun(id, 1));
  Gate gate;
  gate.id = "g1";
  gate.request_id = "request g1";
  gate.prompt = "p";
  gate.candidate_run = "r2";
  gate.baseline_run = "r1";
  gate.start_time = absl::FromUnixSeconds(1'700'000'000);
  gate.policy = DefaultPolicy(RunMode::kOnce, ChangeKind::kOther);
  gate.policy.on_inconclusive = OnInconclusive::kSampleMore;
  gate.policy.tolerances[0].categories = {{"tag", kHardText, 0.5, 0.25},
                                          {"class", "c", std::nullopt, 1.0}};
  ASSERT_THAT(gates_.Start(gate), IsOk());
  const auto started = gates_.Get("g1");
  EXPECT_EQ(started->policy.on_inconclusive, OnInconclusive::kSampleMore);
  ASSERT_EQ(started->policy.tolerances[0].categories.size(), 2u);
  EXPECT_EQ(started->policy.tolerances[0].categories[0].name, kHardText);
  EXPECT_FALSE(started->policy.tolerances[0]
                   .categories[1]
                   .average_tolerance.has_value());
  GateOutcome outcome;
  outcome.decision.verdict = Verdict::kRegressed;
  ASSERT_THAT(gates_.Decide("g1", outcome), IsOk());
  outcome.decision.verdict = Verdict::kPassed;
  const absl::Time now = absl::FromUnixSeconds(1'700'000'100);
  ASSERT_THAT(
      gates_.SignOff("g1", {"item-100", "no good", "ann", now}, outcome),
      IsOk());
  const auto signed_off =
      gates_.SignOff("g1", {"item-100", "was wrong", "bob", now}, outcome);
  ASSERT_THAT(signed_off, IsOk());
  EXPECT_EQ(signed_off->decision.verdict, Verdict::kPassed);
  ASSERT_EQ(signed_off->sign_offs.size(), 1u);
  EXPECT_EQ(signed_off->sign_offs[0].author, "bob");
  EXPECT_EQ(signed_off->sign_offs[0].time, now);
  EXPECT_TRUE(gates_.LastPassed("p", "gate", now)->has_value());
  EXPECT_FALSE(gates_.LastPassed("p", "gate", gate.start_time)->has_value());
  EXPECT_FALSE(gates_.LastPassed("p", "other", now)->has_value());
  const auto overridden = gates_.Override("g1", "we must", "eve");
  EXPECT_EQ(overridden->override_author, "eve");
  EXPECT_TRUE(overridden->override_time.has_value());
  outcome.decision.verdict = Verdict::kRegressed;
  EXPECT_EQ(gates_.SignOff("g1", {"item-100", "still", "bob", now}, outcome)
                ->decision.verdict,
            Verdict::kOverridden);
}

TEST_F(EvaluatorStoreTest, ATurnRemembersWhereItBegan) {
  EXPECT_EQ(*gates_.BeginTurn("t1", "p", 4), 4u);
  EXPECT_EQ(*gates_.BeginTurn("t1", "p", 7), 4u);
}

TEST_F(EvaluatorStoreTest, ADecisionIsStoredOnce) {
  Decision decision{.id = "d1",
                    .prompt = "p",
                    .kind = "model",
                    .verdict = Verdict::kInconclusive,
                    .reason = "few rows",
                    .gain = {0.1, std::nullopt, std::nullopt},
                    .time = absl::FromUnixSeconds(1'700'000'000)};
  std::vector<bool> added;
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(transactor_.Run([&](base::UnitOfWork& work) {
      const auto stored = gates_.AddDecision(work, decision);
      added.push_back(stored.value_or(false));
      return stored.status();
    }),
                IsOk());
  }
  EXPECT_EQ(added, (std::vector<bool>{true, false}));
  const auto listed = gates_.ListDecisions("p", {});
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->items.size(), 1u);
  EXPECT_FALSE(listed->items[0].gain.lower.has_value());
}

TEST_F(EvaluatorStoreTest, WhatGatesWereAskedForIsWatchedOnceEach) {
  AddBenchmark(1);
  evaluator::Run run = PlanRun("r1", 1);
  StartRun(run);
  run.id = "r2";
  run.request_id = "request r2";
  run.mode = RunMode::kTyped;
  run.index_commit = "c9";
  StartRun(run);
  for (int i = 0; i < 3; ++i) {
    Gate gate;
    gate.id = "g" + std::to_string(i);
    gate.request_id = "request " + gate.id;
    gate.prompt = "p";
    gate.candidate_run = i == 2 ? "r2" : "r1";
    gate.baseline_run = "r1";
    gate.start_time = absl::FromUnixSeconds(1'700'000'000 + i);
    ASSERT_THAT(gates_.Start(gate), IsOk());
  }
  const auto watched =
      gates_.WatchedSince(absl::FromUnixSeconds(1'699'999'999));
  ASSERT_THAT(watched, IsOk());
  ASSERT_EQ(watched->size(), 2u);
  EXPECT_EQ((*watched)[0].mode, RunMode::kOnce);
  EXPECT_EQ((*watched)[1].mode, RunMode::kTyped);
  EXPECT_EQ((*watched)[1].index_commit, "c9");
  EXPECT_TRUE(
      gates_.WatchedSince(absl::FromUnixSeconds(1'700'000'009))->empty());
}

}  // namespace
}  // namespace evalloop::evaluator
