#include "scorer/domain/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "platform/base/reason.h"
#include "platform/testing/status_matchers.h"

namespace evalloop::scorer {
namespace {

using testing::StatusIs;

TEST(MetricsTest, HaveNamesOfTheirOwnAndRangesThatHold) {
  std::set<std::string_view> names;
  for (const Metric& metric : AllMetrics()) {
    EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
    EXPECT_EQ(FindMetric(metric.name), &metric);
    EXPECT_FALSE(metric.description.empty()) << metric.name;
    for (const std::string_view text : {"", "a = b + 1", "foo(bar) \xff"}) {
      const Candidate candidate{.text = text};
      const auto measure = metric.compute(candidate, "a = b + 2");
      if (!measure.value.has_value()) {
        EXPECT_FALSE(measure.reason.empty()) << metric.name;
        continue;
      }
      EXPECT_GE(*measure.value, metric.lowest) << metric.name;
      if (metric.highest.has_value()) {
        EXPECT_LE(*measure.value, *metric.highest) << metric.name;
      }
    }
  }
}

TEST(MetricsTest, AreSelectedInTheOrderAskedFor) {
  const std::vector<std::string> names = {"chrf", "bleu"};
  ASSERT_OK_AND_ASSIGN(const auto metrics, SelectMetrics(names));
  ASSERT_EQ(metrics.size(), 2u);
  EXPECT_EQ(metrics[0]->name, "chrf");
  EXPECT_EQ(metrics[1]->name, "bleu");
  ASSERT_OK_AND_ASSIGN(const auto all, SelectMetrics({}));
  EXPECT_EQ(all.size(), AllMetrics().size());
}

TEST(MetricsTest, AnUnknownNameIsTheCallersFault) {
  const std::vector<std::string> names = {"chrf", "nonsense"};
  const auto metrics = SelectMetrics(names);
  EXPECT_THAT(metrics, StatusIs(absl::StatusCode::kInvalidArgument,
                                ::testing::HasSubstr("nonsense")));
  EXPECT_EQ(base::FieldOf(metrics.status()), "metrics");
}

}  // namespace
}  // namespace evalloop::scorer
