#include <gtest/gtest.h>

#include "evaluator/testing/service_fixture.h"

namespace evalloop::evaluator {
namespace {

TEST_F(EvaluatorServiceTest, TheFrontierTellsCostQualityAndWhatIsMissing) {
  const std::string cheap = Finished(1, 0.5), dear = Finished(2, 0.75);
  for (Row& row : run_store_.rows[cheap]) row.cost_micros = 100;
  for (Row& row : run_store_.rows[dear]) row.cost_micros = 400;
  Finished(3, 0.75);
  v1::GetFrontierRequest request;
  request.set_benchmark("gate");
  request.set_completed_at(0.75);
  request.set_correction_micros(1'000);
  ASSERT_OK_AND_ASSIGN(const auto told, Call(&Stub::GetFrontier, request));
  EXPECT_EQ(told.metric(), "exact_match");
  EXPECT_EQ(told.completed_at(), 0.75);
  EXPECT_EQ(told.benchmark_version(), 1u);
  ASSERT_EQ(told.points_size(), 3);
  const v1::FrontierPoint& first = told.points(0);
  EXPECT_EQ(first.prompt(), "complete-line");
  EXPECT_EQ(first.revision_version(), 1u);
  EXPECT_EQ(first.run_id(), cheap);
  EXPECT_EQ(first.rows(), unsigned{kItems});
  EXPECT_EQ(first.quality().value(), 0.5);
  EXPECT_EQ(first.cost_micros_per_task(), 100);
  EXPECT_FALSE(first.has_cost_micros_per_completed_task());
  EXPECT_EQ(first.quality_per_unit(), 5);
  EXPECT_EQ(told.points(1).cost_micros_per_completed_task(), 400);
  EXPECT_EQ(told.points(1).completed().value(), 1);
  EXPECT_FALSE(told.points(2).has_cost_micros_per_task());
  ASSERT_EQ(told.steps_size(), 1);
  EXPECT_EQ(told.steps(0).to(), "complete-line@2");
  EXPECT_EQ(told.steps(0).cost_micros_per_point(), 12);  // 300 by 25 points.
  ASSERT_GE(told.recommendations_size(), 1);
  EXPECT_EQ(told.recommendations(0).dimension(), "overall");
  EXPECT_GE(told.notes_size(), 1);
}

TEST_F(EvaluatorServiceTest, AFrontierNeedsABenchmarkThatHasRuns) {
  v1::GetFrontierRequest request;
  EXPECT_EQ(base::FieldOf(Call(&Stub::GetFrontier, request).status()),
            "benchmark");
  request.set_benchmark("gate");
  EXPECT_THAT(Call(&Stub::GetFrontier, request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("evalloop run start")));
  request.set_subset(v1::SUBSET_HOLDOUT);
  EXPECT_THAT(Call(&Stub::GetFrontier, request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("--subset holdout")));
  request.clear_subset();
  for (int i = 0; i < 101; ++i) request.add_prompts("p");
  EXPECT_EQ(base::FieldOf(Call(&Stub::GetFrontier, request).status()),
            "prompts");
}

}  // namespace
}  // namespace evalloop::evaluator
