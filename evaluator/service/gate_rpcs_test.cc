#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/service_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorServiceTest, AGateRunsBothSidesAndEndsWithAVerdict) {
  v1::StartGateRequest request;
  request.mutable_candidate()->set_prompt("complete-line");
  request.mutable_candidate()->set_version(2);
  request.set_benchmark("gate");
  request.set_mode(v1::RUN_MODE_ONCE);
  request.set_request_id("gate-1");
  ASSERT_OK_AND_ASSIGN(const auto started, Call(&Stub::StartGate, request));
  EXPECT_EQ(started.gate().candidate_version(), 2u);
  EXPECT_EQ(started.gate().baseline_version(), library_.production);
  EXPECT_EQ(events_.asked.size(), 2u);

  Finish(started.gate().candidate_run_id(), 0.75);
  Finish(started.gate().baseline_run_id(), 0.25);
  run_store_.rows[started.gate().candidate_run_id()][0].scored = false;
  ASSERT_THAT(gatekeeper_.DecideDue(), IsOk());
  v1::GetGateRequest get;
  get.set_gate_id(started.gate().gate_id());
  ASSERT_OK_AND_ASSIGN(const auto decided, Call(&Stub::GetGate, get));
  // Four pairs can't tell, but a row that the candidate lacks has failed.
  EXPECT_EQ(decided.gate().verdict(), v1::VERDICT_KIND_REGRESSED);
  EXPECT_EQ(decided.gate().comparison().missing_rows(), 1u);
  std::string words;
  for (const auto& finding : decided.gate().findings()) {
    words += finding.detail() + "\n";
  }
  EXPECT_THAT(words, HasSubstr("evalloop run retry " +
                               started.gate().candidate_run_id()));
}

TEST_F(EvaluatorServiceTest, AGateIsOverriddenOnlyWithAReason) {
  v1::StartGateRequest start;
  start.mutable_candidate()->set_prompt("complete-line");
  start.mutable_candidate()->set_version(2);
  start.set_benchmark("gate");
  start.set_request_id("gate-1");
  ASSERT_OK_AND_ASSIGN(const auto started, Call(&Stub::StartGate, start));
  v1::OverrideGateRequest request;
  request.set_gate_id(started.gate().gate_id());
  const auto status = Call(&Stub::OverrideGate, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(status), "reason");
  request.set_reason("agreed with the team");
  ASSERT_OK_AND_ASSIGN(const auto passed, Call(&Stub::OverrideGate, request));
  EXPECT_EQ(passed.gate().verdict(), v1::VERDICT_KIND_OVERRIDDEN);
  EXPECT_EQ(passed.gate().override_reason(), "agreed with the team");
}

TEST_F(EvaluatorServiceTest, OneRowIsSignedOffAndTheGateDecidedAgain) {
  v1::StartGateRequest start;
  start.mutable_candidate()->set_prompt("complete-line");
  start.mutable_candidate()->set_version(2);
  start.mutable_baseline_revision()->set_prompt("complete-line");
  start.mutable_baseline_revision()->set_version(1);
  start.set_benchmark("gate");
  start.set_request_id("gate-1");
  start.mutable_policy()->set_min_pairs(1);
  v1::MetricTolerance& tolerance = *start.mutable_policy()->add_tolerances();
  tolerance.set_metric("exact_match");
  tolerance.set_row_tolerance(0.5);
  ASSERT_OK_AND_ASSIGN(const auto started, Call(&Stub::StartGate, start));
  EXPECT_EQ(started.gate().benchmark(), "gate");
  EXPECT_EQ(started.gate().subset(), v1::SUBSET_FULL);
  Finish(started.gate().candidate_run_id(), 1);
  Finish(started.gate().baseline_run_id(), 1);
  for (Row& row : run_store_.rows[started.gate().candidate_run_id()]) {
    row.index_commit = "c0";  // A model with an index says the same each time.
    if (row.item_id == "item2") row.metrics[0].value = 0;
  }
  for (Row& row : run_store_.rows[started.gate().baseline_run_id()]) {
    row.index_commit = "c0";
  }
  ASSERT_THAT(gatekeeper_.DecideDue(), IsOk());
  v1::OverrideGateRequest request;
  request.set_gate_id(started.gate().gate_id());
  request.set_item_id("item9");
  request.set_reason("the old answer was luck");
  request.set_author("ann");
  EXPECT_EQ(base::FieldOf(Call(&Stub::OverrideGate, request).status()),
            "item_id");
  request.set_item_id("item2");
  ASSERT_OK_AND_ASSIGN(const auto taken, Call(&Stub::OverrideGate, request));
  EXPECT_EQ(taken.gate().verdict(), v1::VERDICT_KIND_PASSED);
  ASSERT_EQ(taken.gate().sign_offs_size(), 1);
  EXPECT_EQ(taken.gate().sign_offs(0).author(), "ann");
}

}  // namespace
}  // namespace evalloop::evaluator
