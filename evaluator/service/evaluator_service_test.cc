#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/service_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorServiceTest, StartsARunAndAsksForEachOfItsRows) {
  ASSERT_OK_AND_ASSIGN(const auto started,
                       Call(&Stub::StartRun, Asked(2, "one")));
  EXPECT_EQ(started.run().prompt(), "complete-line");
  EXPECT_EQ(started.run().revision_version(), 2u);
  EXPECT_EQ(started.run().benchmark(), "gate");
  EXPECT_EQ(started.run().benchmark_version(), 1u);
  EXPECT_EQ(started.run().samples(), 1u);
  EXPECT_EQ(started.run().rows(), 4u);
  EXPECT_EQ(started.run().state(), v1::Run::STATE_RUNNING);
  EXPECT_EQ(events_.asked[started.run().run_id()], 4u);
}

TEST_F(EvaluatorServiceTest, TheSameRequestIdIsTheSameRun) {
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Call(&Stub::StartRun, Asked(1, "one")));
  ASSERT_OK_AND_ASSIGN(const auto again,
                       Call(&Stub::StartRun, Asked(1, "one")));
  EXPECT_EQ(again.run().run_id(), first.run().run_id());
  EXPECT_EQ(events_.asked[first.run().run_id()], 4u);
  ASSERT_OK_AND_ASSIGN(const auto other,
                       Call(&Stub::StartRun, Asked(1, "two")));
  EXPECT_NE(other.run().run_id(), first.run().run_id());
}

TEST_F(EvaluatorServiceTest, NamesTheFieldOfARunThatIsWrong) {
  const auto field = [&](const v1::StartRunRequest& request) {
    const auto status = Call(&Stub::StartRun, request).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_EQ(base::ReasonOf(status), "INVALID_ARGUMENT");
    return base::FieldOf(status);
  };
  auto request = Asked(1, "one");
  request.clear_benchmark();
  EXPECT_EQ(field(request), "benchmark");
  request = Asked(1, "one");
  request.set_samples(101);
  EXPECT_EQ(field(request), "samples");
  request = Asked(1, "one");
  request.set_subset(v1::SUBSET_HOLDOUT);
  EXPECT_EQ(field(request), "subset");
  EXPECT_TRUE(run_store_.runs.empty());
}

TEST_F(EvaluatorServiceTest, WhatIsUnknownIsNotFound) {
  EXPECT_THAT(Call(&Stub::StartRun, Asked(9, "one")),
              StatusIs(absl::StatusCode::kNotFound));
  auto request = Asked(1, "one");
  request.set_benchmark("other");
  EXPECT_THAT(Call(&Stub::StartRun, request),
              StatusIs(absl::StatusCode::kNotFound));
  const auto unknown = [](auto message) {
    message.set_run_id("run-none");
    return message;
  };
  const auto missing = StatusIs(absl::StatusCode::kNotFound);
  EXPECT_THAT(Call(&Stub::GetRun, unknown(v1::GetRunRequest())), missing);
  EXPECT_THAT(Call(&Stub::CancelRun, unknown(v1::CancelRunRequest())), missing);
  EXPECT_THAT(Call(&Stub::RetryRun, unknown(v1::RetryRunRequest())), missing);
  EXPECT_THAT(Call(&Stub::ListRows, unknown(v1::ListRowsRequest())), missing);
  v1::GetGateRequest gate;
  gate.set_gate_id("gate-none");
  EXPECT_THAT(Call(&Stub::GetGate, gate), missing);
}

TEST_F(EvaluatorServiceTest, ShowsARunWithItsMetricsAndRows) {
  v1::GetRunRequest get;
  get.set_run_id(Finished(1, 0.5));
  ASSERT_OK_AND_ASSIGN(const auto shown, Call(&Stub::GetRun, get));
  EXPECT_EQ(shown.run().state(), v1::Run::STATE_FINISHED);
  ASSERT_GE(shown.run().metrics_size(), 1);
  EXPECT_EQ(shown.run().metrics(0).metric(), "exact_match");
  EXPECT_EQ(shown.run().metrics(0).mean().value(), 0.5);
  v1::ListRowsRequest rows;
  rows.set_run_id(get.run_id());
  ASSERT_OK_AND_ASSIGN(const auto listed, Call(&Stub::ListRows, rows));
  ASSERT_EQ(listed.rows_size(), kItems);
  EXPECT_EQ(listed.rows(0).item_id(), "item0");
}

TEST_F(EvaluatorServiceTest, ListsRunsAndBoundsThePage) {
  const std::string first = Finished(1, 0.5);
  const std::string second = Finished(2, 0.5);
  v1::ListRunsRequest request;
  ASSERT_OK_AND_ASSIGN(const auto all, Call(&Stub::ListRuns, request));
  ASSERT_EQ(all.runs_size(), 2);
  EXPECT_EQ(all.runs(0).run_id(), first);
  EXPECT_EQ(all.runs(1).run_id(), second);
  EXPECT_EQ(all.next_page_token(), "");
  request.mutable_page()->set_page_size(2);
  ASSERT_OK_AND_ASSIGN(const auto full, Call(&Stub::ListRuns, request));
  EXPECT_EQ(full.next_page_token(), "");  // Full, and all there is.
  request.mutable_page()->set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto half, Call(&Stub::ListRuns, request));
  EXPECT_EQ(half.next_page_token(), first);
  request.mutable_page()->set_page_size(1001);
  const auto status = Call(&Stub::ListRuns, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(status), "page.page_size");
}

TEST_F(EvaluatorServiceTest, CancelsARun) {
  ASSERT_OK_AND_ASSIGN(const auto started,
                       Call(&Stub::StartRun, Asked(1, "one")));
  v1::CancelRunRequest request;
  request.set_run_id(started.run().run_id());
  ASSERT_OK_AND_ASSIGN(const auto cancelled, Call(&Stub::CancelRun, request));
  EXPECT_EQ(cancelled.run().run_id(), started.run().run_id());
  EXPECT_EQ(cancelled.run().state(), v1::Run::STATE_CANCELLED);
}

TEST_F(EvaluatorServiceTest, ARetryAsksAgainForTheRowsThatFailedAlone) {
  const std::string id = Finished(1, 0.5);
  run_store_.rows[id][2].scored = false;
  v1::RetryRunRequest request;
  request.set_run_id(id);
  ASSERT_OK_AND_ASSIGN(const auto retried, Call(&Stub::RetryRun, request));
  EXPECT_EQ(retried.run().run_id(), id);
  EXPECT_EQ(events_.asked[id], kItems + 1u);
}

TEST_F(EvaluatorServiceTest, ComparesTwoRunsRowByRow) {
  v1::CompareRunsRequest request;
  request.set_baseline_run_id(Finished(1, 0.25));
  request.set_candidate_run_id(Finished(2, 0.75));
  ASSERT_OK_AND_ASSIGN(const auto response, Call(&Stub::CompareRuns, request));
  const v1::Comparison& comparison = response.comparison();
  EXPECT_EQ(comparison.baseline_run_id(), request.baseline_run_id());
  EXPECT_EQ(comparison.missing_rows(), 0u);
  EXPECT_EQ(comparison.rows_size(), kItems);
  ASSERT_GE(comparison.deltas_size(), 1);
  EXPECT_EQ(comparison.deltas(0).metric(), "exact_match");
  EXPECT_EQ(comparison.deltas(0).pairs(), 4u);
  EXPECT_EQ(comparison.deltas(0).better(), 4u);
  EXPECT_NEAR(comparison.deltas(0).delta().value(), 0.5, 1e-9);
}

TEST_F(EvaluatorServiceTest, RefusesToCompareWhatIsUnlikeAndNamesTheCommand) {
  v1::CompareRunsRequest request;
  request.set_baseline_run_id(Finished(1, 0.25));
  request.set_candidate_run_id(Finished(2, 0.75));
  run_store_.runs[0].scorer_digest = "older";
  auto status = Call(&Stub::CompareRuns, request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               HasSubstr("evalloop run rerun " +
                                         request.baseline_run_id())));
  EXPECT_EQ(base::ReasonOf(status), "STALE_BASELINE");
  run_store_.runs[0].mode = RunMode::kTyped;
  run_store_.runs[1].index_commit = "abc";
  EXPECT_THAT(Call(&Stub::CompareRuns, request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("evalloop run start --prompt complete-line@1 "
                                 "--benchmark gate@1 --samples 1 "
                                 "--index-commit abc")));
}

TEST_F(EvaluatorServiceTest, AWatchTellsTheEndOfARun) {
  v1::WatchRunRequest request;
  request.set_run_id(Finished(1, 0.5));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + seconds(20));
  const auto reader = stub_->WatchRun(&context, request);
  v1::WatchRunResponse told;
  int messages = 0;
  while (reader->Read(&told)) ++messages;
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(messages, 1);
  EXPECT_EQ(told.run().state(), v1::Run::STATE_FINISHED);
  EXPECT_GE(told.run().metrics_size(), 1);
}

TEST_F(EvaluatorServiceTest, ADeadlineEndsTheWatchOfARunThatDoesNot) {
  ASSERT_OK_AND_ASSIGN(const auto started,
                       Call(&Stub::StartRun, Asked(1, "one")));
  v1::WatchRunRequest request;
  request.set_run_id(started.run().run_id());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + milliseconds(600));
  const auto reader = stub_->WatchRun(&context, request);
  v1::WatchRunResponse told;
  while (reader->Read(&told)) {
    EXPECT_EQ(told.run().state(), v1::Run::STATE_RUNNING);
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(EvaluatorServiceTest, ImportsItemsWithHiddenTestsAndTellsTheirStrength) {
  v1::ImportBenchmarkRequest request;
  request.set_name("he");
  v1::Item& item = *request.add_items();
  item.set_item_id("HumanEval/0");
  item.mutable_location()->set_language("python");
  item.set_prefix("def f():\n");
  item.set_agreed("    return 1\n");
  item.mutable_tests()->set_program("def check(f): assert f() == 1");
  item.mutable_tests()->set_entry_point("f");
  ASSERT_OK_AND_ASSIGN(const auto made, Call(&Stub::ImportBenchmark, request));
  EXPECT_EQ(made.benchmark().tested(), 1u);
  ASSERT_EQ(events_.oracles.size(), 1u);
  Oracle flaky;
  flaky.reason = "flaky";
  testing::FakeUnitOfWork work;
  ASSERT_THAT(
      benchmarks_.RecordOracle(work, "he", 1, events_.oracles[0], flaky),
      IsOk());
  v1::ListItemsRequest list;
  list.set_benchmark("he");
  ASSERT_OK_AND_ASSIGN(const auto items, Call(&Stub::ListItems, list));
  ASSERT_EQ(items.items_size(), 1);
  EXPECT_EQ(items.items(0).tests().entry_point(), "f");
  EXPECT_TRUE(items.items(0).quarantined());
  EXPECT_EQ(items.items(0).oracle().reason(), "flaky");

  request.mutable_items(0)->clear_prefix();
  const auto refused = Call(&Stub::ImportBenchmark, request).status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(base::FieldOf(refused), "items[0].prefix");
}

}  // namespace
}  // namespace evalloop::evaluator
