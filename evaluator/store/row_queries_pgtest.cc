#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluator/testing/many_rows_fixture.h"

namespace evalloop::evaluator {
namespace {

using RowQueriesTest = ManyRowsTest;

TEST_F(RowQueriesTest, TheNewestAlikeRunsAreFound) {
  AddRun("r1", "m", absl::CivilDay(2026, 8, 3));
  AddRun("r2", "m", absl::CivilDay(2026, 8, 4));
  const auto start = [&](const char* id, int day, const char* digest,
                         const char* index) {
    evaluator::Run run = PlanRun(id, 2 * kItems);
    run.revision.version = 2;
    run.samples = 2;
    run.index_commit = index;
    run.start_time =
        absl::FromCivil(absl::CivilDay(2026, 9, day), absl::UTCTimeZone());
    StartRun(run);
    std::vector<Row> rows;
    for (const Item& item : items_) {
      for (std::uint32_t sample = 0; sample < 2; ++sample) {
        rows.push_back(ByChance(id, item, sample));
      }
    }
    Record(digest, rows);
  };
  EXPECT_FALSE(queries_.NewestRun("p", 2, "", 0)->has_value());
  start("s1", 1, "d1", "c0");
  start("s2", 2, "d1", "c9");  // Another index,
  start("s3", 3, "d2", "c0");  // another scorer.
  EXPECT_EQ(queries_.NewestRun("p", 2, "", 0)->value_or(""), "s3");
  EXPECT_EQ(queries_.NewestRun("p", 1, "gate", 1)->value_or(""), "r2");
  EXPECT_FALSE(queries_.NewestRun("p", 1, "gate", 2)->has_value());
  const auto alike = queries_.NewestAlike("p", 1, 2, "gate");
  ASSERT_THAT(alike, IsOk());
  ASSERT_TRUE(alike->has_value());
  EXPECT_EQ((*alike)->since, "r2");
  EXPECT_EQ((*alike)->until, "s1");
  EXPECT_FALSE(queries_.NewestAlike("p", 1, 2, "other")->has_value());
}

TEST_F(RowQueriesTest, FlipsAreToldLeastSteadyFirstPageByPage) {
  // Three items over two runs of two samples: 0101, 0011, 1111; one more in
  // quarantine.
  const char* values[] = {"0110", "0101", "0011", "1111"};
  const int of[] = {0, 10, 11, 12};
  for (int r = 0; r < 2; ++r) {
    evaluator::Run run = PlanRun("r" + std::to_string(r), 2 * kItems);
    run.samples = 2;
    run.start_time += absl::Hours(r);
    StartRun(run);
    std::vector<Row> rows;
    for (int i = 0; i < kItems; ++i) {
      for (std::uint32_t sample = 0; sample < 2; ++sample) {
        Row row = ByChance(run.id, items_[i], sample);
        row.infrastructure_error.clear();
        double value = 1;
        for (int k = 0; k < 4; ++k) {
          if (of[k] == i) value = values[k][2 * r + sample] - '0';
        }
        row.metrics = {{"pass_at_1", value, ""}, {"chrf", 10 + value, ""}};
        rows.push_back(row);
      }
    }
    Record("d1", rows);
  }
  FlipQuestion question{.prompt = "p",
                        .version = 1,
                        .benchmark = "gate",
                        .benchmark_version = 1,
                        .metric = "pass_at_1"};
  const auto first = queries_.Flips(question, {.page_size = 1});
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->items.size(), 1u);
  EXPECT_EQ(first->items[0].item_id, "item-10");
  EXPECT_EQ(first->items[0].values, 4);
  EXPECT_EQ(first->items[0].unsteadiness, 1);
  EXPECT_EQ(first->items[0].mean, 0.5);
  EXPECT_EQ(first->items[0].facts.language, "python");
  const auto rest = queries_.Flips(
      question, {.page_size = 5, .page_token = first->next_page_token});
  ASSERT_THAT(rest, IsOk());
  ASSERT_EQ(rest->items.size(), 1u);
  EXPECT_EQ(rest->items[0].item_id, "item-11");
  EXPECT_NEAR(rest->items[0].unsteadiness, 1.0 / 3, 1e-12);
  EXPECT_EQ(rest->next_page_token, "");
  // Of other values, the standard deviation.
  question.metric = "chrf";
  const auto spread = queries_.Flips(question, {});
  ASSERT_EQ(spread->items.size(), 2u);
  EXPECT_DOUBLE_EQ(spread->items[0].unsteadiness, 0.5);
  EXPECT_DOUBLE_EQ(spread->items[0].lowest, 10);
}

}  // namespace
}  // namespace evalloop::evaluator
