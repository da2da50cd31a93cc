#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "evaluator/domain/row_values.h"
#include "evaluator/testing/many_rows_fixture.h"

// The database's figures against a loop over the same rows in memory.
namespace evalloop::evaluator {
namespace {

using ::testing::HasSubstr;

class AggregateRowsTest : public ManyRowsTest {
 protected:
  static void ExpectMetric(const GroupTally& group,
                           const std::vector<Known>& rows,
                           const std::string& metric) {
    std::map<std::string, base::RatioTally> clusters;
    base::RatioTally all;
    std::vector<double> values;
    std::int64_t scored = 0, told = 0;
    for (const Known& known : rows) {
      if (!known.row.scored) continue;
      ++scored;
      const auto part =
          metric == "composite"
              ? std::optional(base::RatioTally{*known.row.composite, 1})
              : PartOf(known.row, metric);
      if (!part.has_value()) continue;
      ++told;
      AddTo(clusters[known.row.commit], *part);
      AddTo(all, *part);
      if (part->denominator > 0) values.push_back(RatioOf(*part));
    }
    const auto found = std::find_if(
        group.metrics.begin(), group.metrics.end(),
        [&](const MetricTally& tally) { return tally.metric == metric; });
    ASSERT_NE(found, group.metrics.end()) << metric;
    double squares = 0;
    std::int64_t commits = 0;
    for (const auto& [commit, tally] : clusters) {
      squares +=
          std::pow(tally.numerator - RatioOf(all) * tally.denominator, 2);
      commits += tally.denominator > 0 ? 1 : 0;
    }
    EXPECT_NEAR(found->numerator, all.numerator, 1e-6) << metric;
    EXPECT_NEAR(found->denominator, all.denominator, 1e-6) << metric;
    EXPECT_NEAR(found->squares, squares, 1e-6 * (1 + squares)) << metric;
    EXPECT_EQ(found->clusters, commits) << metric;
    EXPECT_EQ(found->rows, static_cast<std::int64_t>(values.size())) << metric;
    EXPECT_EQ(found->missing, scored - told) << metric;
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
      return values[static_cast<std::size_t>(
                        std::ceil(share * static_cast<double>(values.size()))) -
                    1];
    };
    EXPECT_NEAR(found->p10, at(0.1), 1e-9) << metric;
    EXPECT_NEAR(found->p90, at(0.9), 1e-9) << metric;
  }

  static void ExpectGroup(const GroupTally& group,
                          const std::vector<Known>& rows) {
    std::set<std::string> items, runs;
    std::int64_t scored = 0, failed = 0, cost = 0;
    for (const Known& known : rows) {
      items.insert(known.row.item_id);
      runs.insert(known.run.id);
      (known.row.scored ? scored : failed) += 1;
      cost += known.row.cost_micros;
    }
    EXPECT_EQ(group.rows, scored);
    EXPECT_EQ(group.failed, failed);
    EXPECT_EQ(group.items, static_cast<std::int64_t>(items.size()));
    EXPECT_EQ(group.runs, static_cast<std::int64_t>(runs.size()));
    EXPECT_EQ(group.cost_micros, cost);
    for (const char* metric : {"exact_match", "chrf", "composite", "acceptance",
                               "completed_chars", "rejected_chars"}) {
      ExpectMetric(group, rows, metric);
    }
    EXPECT_EQ(group.metrics.size(), 6u);
  }

  AggregateAnswer Ask(const AggregateQuestion& question) {
    const auto answer = queries_.Aggregate(question);
    EXPECT_THAT(answer, IsOk());
    return answer.value_or(AggregateAnswer());
  }
};

TEST_F(AggregateRowsTest, FiguresAreThoseOfALoopOverTheRows) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 8, 3));
  AddRun("r2", "qwen", absl::CivilDay(2026, 11, 30));
  AddRun("r3", "llama", absl::CivilDay(2026, 12, 31));
  const auto all = Ask({});
  ASSERT_EQ(all.groups.size(), 1u);
  EXPECT_FALSE(all.truncated);
  EXPECT_TRUE(all.groups[0].keys.empty());
  EXPECT_EQ(all.groups[0].scorer_digest, "d1");
  ExpectGroup(all.groups[0], Expected([](auto&, auto&) { return true; }));

  const auto grouped =
      Ask({.filter = "item.tags:db AND run.start_time >= 2026-07-01",
           .dimensions = {Dimension::kModel, Dimension::kQuarter}});
  ASSERT_EQ(grouped.groups.size(), 3u);
  const auto has_tag = [](const Item& item) { return item.tags.size() > 1; };
  using Keys = std::vector<std::string>;
  EXPECT_EQ(grouped.groups[0].keys, (Keys{"llama", "2026-Q4"}));
  EXPECT_EQ(grouped.groups[1].keys, (Keys{"qwen", "2026-Q3"}));
  EXPECT_EQ(grouped.groups[2].keys, (Keys{"qwen", "2026-Q4"}));
  const char* runs[] = {"r3", "r1", "r2"};
  for (int i = 0; i < 3; ++i) {
    ExpectGroup(grouped.groups[i], Expected([&](auto& known, auto& item) {
                  return known.run.id == runs[i] && has_tag(item);
                }));
  }
}

TEST_F(AggregateRowsTest, AnItemCountsOnceForEachOfItsTags) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 8, 3));
  const auto answer = Ask({.dimensions = {Dimension::kTag}});
  ASSERT_EQ(answer.groups.size(), 2u);
  EXPECT_EQ(answer.groups[0].keys[0], "all");
  ExpectGroup(answer.groups[0], Expected([](auto&, auto&) { return true; }));
  EXPECT_EQ(answer.groups[1].keys[0], "db");
  ExpectGroup(answer.groups[1],
              Expected([](auto&, auto& item) { return item.tags.size() > 1; }));
}

TEST_F(AggregateRowsTest, EveryDimensionGroups) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 12, 31));
  const auto keys = [&](Dimension dimension) {
    std::vector<std::string> found;
    for (const GroupTally& group : Ask({.dimensions = {dimension}}).groups) {
      found.push_back(group.keys.at(0));
    }
    return found;
  };
  using ::testing::ElementsAre;
  EXPECT_THAT(keys(Dimension::kModel), ElementsAre("qwen"));
  EXPECT_THAT(keys(Dimension::kPrompt), ElementsAre("p"));
  EXPECT_THAT(keys(Dimension::kRevision), ElementsAre("p@1"));
  EXPECT_THAT(keys(Dimension::kBenchmark), ElementsAre("gate@1"));
  EXPECT_THAT(keys(Dimension::kRun), ElementsAre("r1"));
  EXPECT_THAT(keys(Dimension::kRepository), ElementsAre("/repo"));
  EXPECT_THAT(keys(Dimension::kClass), ElementsAre("assignment", "call"));
  EXPECT_THAT(keys(Dimension::kLanguage), ElementsAre("go", "python"));
  EXPECT_THAT(keys(Dimension::kAuthor),
              ElementsAre("dev-0", "dev-1", "dev-2", "dev-3"));
  EXPECT_THAT(keys(Dimension::kDay), ElementsAre("2026-12-31"));
  EXPECT_THAT(keys(Dimension::kWeek), ElementsAre("2026-W53"));
  EXPECT_THAT(keys(Dimension::kMonth), ElementsAre("2026-12"));
  EXPECT_THAT(keys(Dimension::kQuarter), ElementsAre("2026-Q4"));
}

TEST_F(AggregateRowsTest, TwoScorerDigestsAreNeverOneFigure) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 8, 3), "d1");
  AddRun("r2", "qwen", absl::CivilDay(2026, 8, 4), "d2");
  const auto answer = Ask({.dimensions = {Dimension::kModel}});
  ASSERT_EQ(answer.groups.size(), 2u);
  EXPECT_EQ(answer.groups[0].scorer_digest, "d1");
  EXPECT_EQ(answer.groups[1].scorer_digest, "d2");
  ExpectGroup(answer.groups[1], Expected([](auto& known, auto&) {
                return known.run.id == "r2";
              }));
  EXPECT_EQ(Ask({.filter = "run.scorer_digest = d1"}).groups.size(), 1u);
}

TEST_F(AggregateRowsTest, AnswersThatWereScoredAgainArePaidForOnce) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 8, 3), "d1");
  AddRun("r2", "qwen", absl::CivilDay(2026, 8, 4), "d2", Subset::kFull, "r1");
  const auto answer = Ask({});
  ASSERT_EQ(answer.groups.size(), 2u);
  // Two items are in quarantine; a row costs 3.
  EXPECT_EQ(answer.groups[0].cost_micros, 3 * 2 * (kItems - 2));
  EXPECT_EQ(answer.groups[1].cost_micros, 0);
}

TEST_F(AggregateRowsTest, RunsUnderWayAndPickedRowsCountOnlyWhenAskedFor) {
  AddRun("r1", "qwen", absl::CivilDay(2026, 8, 3));
  AddRun("r2", "picked", absl::CivilDay(2026, 8, 3), "d1", Subset::kRows);
  evaluator::Run running = PlanRun("r3", kItems);
  running.revision.model = "running";
  StartRun(running);
  Record("d1", {ByChance("r3", items_[5], 0), ByChance("r3", items_[6], 0)});
  const auto models = [&](const char* filter) {
    std::set<std::string> found;
    for (const GroupTally& group :
         Ask({.filter = filter, .dimensions = {Dimension::kModel}}).groups) {
      found.insert(group.keys[0]);
    }
    return found;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(models(""), (Names{"qwen"}));
  EXPECT_EQ(models("run.subset = rows"), (Names{"picked"}));
  EXPECT_EQ(models("run.state = running"), (Names{"running"}));
}

TEST_F(AggregateRowsTest, GroupsAreOrderedAndBounded) {
  AddRun("r1", "a", absl::CivilDay(2026, 8, 3));
  AddRun("r2", "b", absl::CivilDay(2026, 8, 3));
  AddRun("r3", "c", absl::CivilDay(2026, 8, 3));
  AggregateQuestion question{.dimensions = {Dimension::kRun},
                             .metrics = {"chrf"},
                             .order = GroupOrder::kMetric,
                             .order_metric = "exact_match",
                             .descending = true};
  const auto ranked = Ask(question);
  ASSERT_EQ(ranked.groups.size(), 3u);
  double last = 1;
  for (const GroupTally& group : ranked.groups) {
    ASSERT_EQ(group.metrics.size(), 1u);
    EXPECT_EQ(group.metrics[0].metric, "chrf");
    double right = 0, rows = 0;
    for (const Known& known : Expected(
             [&](auto&one, auto&) { return one.run.id == group.keys[0]; })) {
      if (!known.row.scored) continue;
      right += *known.row.metrics[0].value;
      rows += 1;
    }
    EXPECT_LE(right / rows, last);
    last = right / rows;
  }
  question.max_groups = 2;
  const auto bounded = Ask(question);
  EXPECT_EQ(bounded.groups.size(), 2u);
  EXPECT_TRUE(bounded.truncated);
  EXPECT_EQ(bounded.groups[0].keys, ranked.groups[0].keys);
  question.max_groups = 3;
  EXPECT_FALSE(Ask(question).truncated);
}

TEST_F(AggregateRowsTest, NothingThereIsNoGroup) {
  EXPECT_TRUE(Ask({}).groups.empty());
  EXPECT_THAT(queries_.Aggregate({.filter = "tags:db"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("there is no field \"tags\"")));
}

}  // namespace
}  // namespace evalloop::evaluator
