#include "cli/query_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalloop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::AggregateRowsResponse Aggregated() {
  v1::AggregateRowsResponse answer;
  v1::RowGroup& group = *answer.add_groups();
  v1::GroupKey& model = *group.add_keys();
  model.set_dimension("model");
  model.set_value("qwen");
  v1::GroupKey& digest = *group.add_keys();
  digest.set_dimension("scorer_digest");
  digest.set_value("0123456789abcdef");
  group.set_rows(120);
  group.set_items(60);
  group.set_runs(2);
  v1::MetricSummary& metric = *group.add_metrics();
  metric.set_metric("exact_match");
  metric.mutable_mean()->set_value(0.5);
  metric.mutable_mean()->set_lower(0.4);
  metric.mutable_mean()->set_upper(0.6);
  metric.set_rows(118);
  metric.set_missing(2);
  return answer;
}

TEST(AggregateTextTest, ALineTellsAGroupsMetricWithItsInterval) {
  const std::string text = AggregateText(Aggregated());
  EXPECT_THAT(text, HasSubstr("model  scorer_digest  metric"));
  EXPECT_THAT(text, HasSubstr("qwen   0123456789ab   exact_match  0.5000 "
                              "[0.4000, 0.6000]"));
  EXPECT_THAT(text, Not(HasSubstr("there are more")));
}

TEST(AggregateTextTest, SaysWhenThereAreMoreOrNone) {
  v1::AggregateRowsResponse answer = Aggregated();
  answer.set_truncated(true);
  EXPECT_THAT(AggregateText(answer), HasSubstr("raise --max-groups"));
  EXPECT_EQ(AggregateText({}), "no finished run has such rows");
}

TEST(RunsTextTest, ALineTellsARun) {
  v1::ListRunsResponse runs;
  v1::Run& run = *runs.add_runs();
  run.set_run_id("run-1");
  run.set_prompt("complete-line");
  run.set_revision_version(3);
  run.set_state(v1::Run::STATE_FINISHED);
  run.set_scored(9);
  run.set_rows(10);
  run.set_cost_micros(1'500'000);
  runs.set_next_page_token("more");
  const std::string text = RunsText(runs);
  EXPECT_THAT(text, HasSubstr("complete-line@3"));
  EXPECT_THAT(text, HasSubstr("finished"));
  EXPECT_THAT(text, HasSubstr("9 of 10"));
  EXPECT_THAT(text, HasSubstr("1.5000"));
  EXPECT_THAT(text, HasSubstr("raise --limit"));
}

TEST(RegressionsTextTest, TellsWhatChangedBeforeWhatGotWorse) {
  v1::FindRegressionsResponse found;
  found.mutable_since_run()->set_prompt("complete-line");
  found.mutable_since_run()->set_revision_version(3);
  found.mutable_until_run()->set_prompt("complete-line");
  found.mutable_until_run()->set_revision_version(5);
  found.mutable_until_run()->set_benchmark("gate");
  found.mutable_until_run()->set_benchmark_version(2);
  v1::ChangeSince& change = *found.add_changes();
  change.set_kind("sampling");
  change.set_field("sampling.temperature");
  change.set_from("0");
  change.set_to("0.7");
  change.set_author("ann");
  found.mutable_comparison()->add_deltas()->set_metric("chrf");
  const std::string text = RegressionsText(found);
  EXPECT_THAT(text, HasSubstr("complete-line@3 -> complete-line@5 on gate@2"));
  EXPECT_THAT(text, HasSubstr("sampling.temperature: 0 -> 0.7, by ann"));
  EXPECT_LT(text.find("sampling"), text.find("chrf"));
}

TEST(FlipsTextTest, ALineTellsAnItem) {
  EXPECT_EQ(FlipsText({}), "no item flips");
  v1::ListFlipsResponse flips;
  v1::Flip& flip = *flips.add_flips();
  flip.set_item_id("item-1");
  flip.mutable_location()->set_path("a.py");
  flip.mutable_location()->set_line(7);
  flip.set_values(4);
  flip.set_highest(1);
  flip.set_unsteadiness(0.5);
  const std::string text = FlipsText(flips);
  EXPECT_THAT(text, HasSubstr("a.py:7"));
  EXPECT_THAT(text, HasSubstr("0.500"));
}

}  // namespace
}  // namespace evalloop::cli
