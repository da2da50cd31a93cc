#include "evaluator/domain/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::evaluator {
namespace {

using evalloop::testing::IsOk;
using evalloop::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The field that the request is refused for, and the words.
std::pair<std::string, std::string> Refused(const AggregateRequest& request) {
  const auto status = QuestionOf(request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument));
  return {base::FieldOf(status).value_or(""), std::string(status.message())};
}

TEST(QuestionOfTest, NamesBecomeDimensionsAndAnOrder) {
  const auto question = QuestionOf({.filter = "item.tags:db",
                                    .group_by = {"model", "quarter"},
                                    .metrics = {"chrf"},
                                    .order_by = "exact_match desc",
                                    .max_groups = 7});
  ASSERT_THAT(question, IsOk());
  EXPECT_EQ(question->filter, "item.tags:db");
  EXPECT_THAT(question->dimensions,
              ElementsAre(Dimension::kModel, Dimension::kQuarter));
  EXPECT_EQ(question->order, GroupOrder::kMetric);
  EXPECT_EQ(question->order_metric, "exact_match");
  EXPECT_TRUE(question->descending);
  EXPECT_EQ(question->max_groups, 7u);
  EXPECT_EQ(QuestionOf({.order_by = "rows"})->order, GroupOrder::kRows);
  EXPECT_EQ(QuestionOf({.order_by = "cost_micros desc"})->order,
            GroupOrder::kCost);
  EXPECT_EQ(QuestionOf({})->order, GroupOrder::kKeys);
}

TEST(QuestionOfTest, WhatIsWrongIsNamedWithWhatIsAllowed) {
  const auto unknown = Refused({.group_by = {"team"}});
  EXPECT_EQ(unknown.first, "group_by");
  EXPECT_THAT(unknown.second, HasSubstr("dimensions: model, prompt, revision"));
  EXPECT_THAT(Refused({.group_by = {"tag", "tag"}}).second, HasSubstr("twice"));
  EXPECT_THAT(
      Refused({.group_by = {"tag", "day", "run", "class", "model"}}).second,
      HasSubstr("at most 4"));
  EXPECT_EQ(Refused({.order_by = "rows down"}).first, "order_by");
  EXPECT_EQ(Refused({.order_by = " desc"}).first, "order_by");
  EXPECT_EQ(Refused({.metrics = {""}}).first, "metrics");
  EXPECT_EQ(Refused({.metrics = std::vector<std::string>(51, "m")}).first,
            "metrics");
  EXPECT_EQ(Refused({.max_groups = 0}).first, "max_groups");
  EXPECT_EQ(Refused({.max_groups = 1001}).first, "max_groups");
}

// Three commits with the rows (1, 0), (1, 1) and (0): mean 3/5, residuals -0.2,
// 0.8 and -0.6, so 1.04 in squares; se = sqrt(1.04 * 3 / 2) / 5 = 0.2498, and
// t(0.975, 2) = 4.3027.
TEST(EstimateOfTest, TheIntervalIsThatOfARatioOverCommits) {
  const Estimate estimate = EstimateOf({.metric = "pass_at_1",
                                        .numerator = 3,
                                        .denominator = 5,
                                        .clusters = 3,
                                        .squares = 1.04});
  EXPECT_DOUBLE_EQ(estimate.value, 0.6);
  EXPECT_NEAR(*estimate.upper - estimate.value, 1.0748, 1e-3);
  EXPECT_NEAR(estimate.value - *estimate.lower, 1.0748, 1e-3);
}

TEST(EstimateOfTest, NoSpreadIsNoProof) {
  MetricTally alike{.metric = "m",
                    .numerator = 5,
                    .denominator = 5,
                    .clusters = 3,
                    .squares = 0};
  EXPECT_EQ(EstimateOf(alike).value, 1);
  EXPECT_FALSE(EstimateOf(alike).lower.has_value());
  MetricTally one{.metric = "m",
                  .numerator = 2,
                  .denominator = 5,
                  .clusters = 1,
                  .squares = 0.3};
  EXPECT_FALSE(EstimateOf(one).upper.has_value());
}

}  // namespace
}  // namespace evalloop::evaluator
