#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/testing/service_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorServiceTest, AListsFilterOrderAndMaskReachIt) {
  Finished(1, 0.5);
  v1::ListRunsRequest request;
  request.set_filter("state = finished");
  request.set_order_by("cost_micros desc");
  request.mutable_page()->set_page_token("a token");
  request.mutable_read_mask()->add_paths("run_id");
  request.mutable_read_mask()->add_paths("start_time.seconds");
  ASSERT_OK_AND_ASSIGN(const auto runs, Call(&Stub::ListRuns, request));
  EXPECT_EQ(run_store_.listed.filter, "state = finished");
  EXPECT_EQ(run_store_.listed.order_by, "cost_micros desc");
  EXPECT_EQ(run_store_.listed.page_token, "a token");
  EXPECT_EQ(run_store_.listed.page_size, 50u);
  ASSERT_EQ(runs.runs_size(), 1);
  EXPECT_NE(runs.runs(0).run_id(), "");
  EXPECT_EQ(runs.runs(0).prompt(), "");
}

TEST_F(EvaluatorServiceTest, EveryListTakesAReadMaskAndRefusesAWrongOne) {
  const std::string run = Finished(1, 0.5);
  const auto refused = [](const auto& answered, const char* known) {
    EXPECT_THAT(answered.status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(known)));
    EXPECT_EQ(base::FieldOf(answered.status()), "read_mask");
  };
  const auto masked = [](auto request) {
    request.mutable_read_mask()->add_paths("no_such");
    return request;
  };
  v1::ListRowsRequest rows;
  rows.set_run_id(run);
  v1::ListItemsRequest items;
  items.set_benchmark("gate");
  refused(Call(&Stub::ListRuns, masked(v1::ListRunsRequest())), "run_id");
  refused(Call(&Stub::ListRows, masked(rows)), "item_id");
  refused(Call(&Stub::ListItems, masked(items)), "variants");
  refused(Call(&Stub::ListBenchmarks, masked(v1::ListBenchmarksRequest())),
          "changelog");
  refused(Call(&Stub::ListGates, masked(v1::ListGatesRequest())), "gate_id");
  refused(Call(&Stub::ListDecisions, masked(v1::ListDecisionsRequest())),
          "decision_id");
}

TEST_F(EvaluatorServiceTest, FiguresComeInGroupsOfOneScorerDigest) {
  row_queries_.answer = {.groups = {{.keys = {"qwen", "2026-Q4"},
                                     .scorer_digest = "d1",
                                     .rows = 5,
                                     .items = 4,
                                     .runs = 2,
                                     .failed = 1,
                                     .cost_micros = 7,
                                     .metrics = {{.metric = "chrf",
                                                  .numerator = 3,
                                                  .denominator = 5,
                                                  .clusters = 3,
                                                  .squares = 1.04,
                                                  .p10 = 0.1,
                                                  .p90 = 0.9,
                                                  .rows = 5,
                                                  .missing = 0}}}},
                         .truncated = true};
  v1::AggregateRowsRequest request;
  request.add_group_by("model");
  request.add_group_by("quarter");
  ASSERT_OK_AND_ASSIGN(const auto answer, Call(&Stub::AggregateRows, request));
  EXPECT_EQ(row_queries_.asked.max_groups, 100u);
  EXPECT_TRUE(answer.truncated());
  ASSERT_EQ(answer.groups_size(), 1);
  const v1::RowGroup& group = answer.groups(0);
  ASSERT_EQ(group.keys_size(), 3);
  EXPECT_EQ(group.keys(0).dimension(), "model");
  EXPECT_EQ(group.keys(0).value(), "qwen");
  EXPECT_EQ(group.keys(1).value(), "2026-Q4");
  EXPECT_EQ(group.keys(2).dimension(), "scorer_digest");
  EXPECT_EQ(group.keys(2).value(), "d1");
  EXPECT_EQ(group.failed(), 1u);
  ASSERT_EQ(group.metrics_size(), 1);
  EXPECT_DOUBLE_EQ(group.metrics(0).mean().value(), 0.6);
  EXPECT_TRUE(group.metrics(0).mean().has_lower());
  request.set_group_by(0, "teams");
  EXPECT_EQ(base::FieldOf(Call(&Stub::AggregateRows, request).status()),
            "group_by");
}

TEST_F(EvaluatorServiceTest, RegressionsAreThoseOfTheNewestAlikeRuns) {
  const std::string before = Finished(1, 0.75);
  const std::string after = Finished(3, 0.25);
  v1::FindRegressionsRequest request;
  request.set_prompt("complete-line");
  request.set_since_version(1);
  request.set_until_version(3);
  ASSERT_OK_AND_ASSIGN(const auto found, Call(&Stub::FindRegressions, request));
  EXPECT_EQ(found.since_run().run_id(), before);
  EXPECT_EQ(found.until_run().run_id(), after);
  ASSERT_GE(found.comparison().deltas_size(), 1);
  EXPECT_LT(found.comparison().deltas(0).delta().value(), 0);
  EXPECT_EQ(found.comparison().rows_size(), kItems);
  // The template changed twice on the way; the last one who did is named.
  ASSERT_GE(found.changes_size(), 1);
  EXPECT_EQ(found.changes(0).kind(), "template");
  EXPECT_EQ(found.changes(0).author(), "author of 3");
  request.set_max_rows(1);
  EXPECT_EQ(Call(&Stub::FindRegressions, request)->comparison().rows_size(), 1);
}

TEST_F(EvaluatorServiceTest, WithoutAlikeRunsTheCommandIsToldThatMakesThem) {
  v1::FindRegressionsRequest request;
  request.set_prompt("complete-line");
  request.set_since_version(1);
  request.set_until_version(3);
  const auto why = [&] {
    const auto status = Call(&Stub::FindRegressions, request).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
    EXPECT_EQ(base::ReasonOf(status), "NO_RUNS");
    return std::string(status.message());
  };
  EXPECT_THAT(why(), HasSubstr("evalloop run start --prompt complete-line@3 "
                               "--benchmark NAME"));
  Finished(3, 0.5);
  EXPECT_THAT(why(), HasSubstr("evalloop run start --prompt complete-line@1 "
                               "--benchmark gate@1 --samples 1"));
}

TEST_F(EvaluatorServiceTest, ARegressionNeedsTwoRevisions) {
  v1::FindRegressionsRequest request;
  const auto field = [&] {
    return base::FieldOf(Call(&Stub::FindRegressions, request).status());
  };
  EXPECT_EQ(field(), "prompt");
  request.set_prompt("complete-line");
  EXPECT_EQ(field(), "since_version");
  request.set_since_version(library_.production);
  EXPECT_EQ(field(), "since_version");
  request.set_until_version(2);
  request.set_max_rows(1001);
  EXPECT_EQ(field(), "max_rows");
  request.set_max_rows(0);
  request.set_since_version(9);
  EXPECT_THAT(Call(&Stub::FindRegressions, request),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(EvaluatorServiceTest, FlipsAreOfOneRevisionAndByTheMetricThatCounts) {
  v1::ListFlipsRequest request;
  request.set_prompt("complete-line");
  const auto missing = Call(&Stub::ListFlips, request).status();
  EXPECT_EQ(base::FieldOf(missing), "benchmark");
  request.set_benchmark("gate");
  EXPECT_THAT(Call(&Stub::ListFlips, request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("evalloop run start --prompt complete-line@1 "
                                 "--benchmark gate@1")));
  Finished(1, 0.5);
  row_queries_.flips = {.items = {{.item_id = "item1",
                                   .facts = {.path = "a.py", .line = 3},
                                   .values = 4,
                                   .lowest = 0,
                                   .highest = 1,
                                   .mean = 0.5,
                                   .unsteadiness = 1}},
                        .next_page_token = "next"};
  ASSERT_OK_AND_ASSIGN(const auto flips, Call(&Stub::ListFlips, request));
  EXPECT_EQ(row_queries_.flips_asked.version, library_.production);
  EXPECT_EQ(row_queries_.flips_asked.benchmark_version, 1u);
  EXPECT_EQ(row_queries_.flips_asked.metric, "exact_match");
  ASSERT_EQ(flips.flips_size(), 1);
  EXPECT_EQ(flips.flips(0).item_id(), "item1");
  EXPECT_EQ(flips.flips(0).location().path(), "a.py");
  EXPECT_EQ(flips.flips(0).metric(), "exact_match");
  EXPECT_EQ(flips.flips(0).unsteadiness(), 1);
  EXPECT_EQ(flips.next_page_token(), "next");
}

}  // namespace
}  // namespace evalloop::evaluator
