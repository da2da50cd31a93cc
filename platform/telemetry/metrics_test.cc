#include "platform/telemetry/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace evalloop::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MetricsTest, SameNameAndLabelsAreTheSameMetric) {
  Registry registry;
  registry.GetCounter("evalloop_unit_things_total", "Things.", {{"k", "a"}})
      .Add();
  registry.GetCounter("evalloop_unit_things_total", "Things.", {{"k", "a"}})
      .Add(2);
  EXPECT_THAT(registry.Serialize(),
              HasSubstr("evalloop_unit_things_total{k=\"a\"} 3"));
}

TEST(MetricsTest, HistogramCountsIntoItsBuckets) {
  Registry registry;
  auto histogram = registry.GetHistogram("evalloop_unit_wait_seconds", "Wait.",
                                         {}, {0.1, 1});
  histogram.Observe(0.5);
  const std::string text = registry.Serialize();
  EXPECT_THAT(text,
              HasSubstr("evalloop_unit_wait_seconds_bucket{le=\"0.1\"} 0"));
  EXPECT_THAT(text, HasSubstr("evalloop_unit_wait_seconds_bucket{le=\"1\"} 1"));
}

TEST(MetricsTest, LabelSetsPastTheBoundShareOneCalledOther) {
  Registry registry;
  for (int i = 0; i < Registry::kMaxLabelSets + 50; ++i) {
    registry
        .GetCounter("evalloop_unit_many_total", "Many.",
                    {{"k", std::to_string(i)}})
        .Add();
  }
  const std::string text = registry.Serialize();
  EXPECT_THAT(text, HasSubstr("evalloop_unit_many_total{k=\"199\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("{k=\"200\"}")));
  EXPECT_THAT(text, HasSubstr("evalloop_unit_many_total{k=\"other\"} 50"));
}

TEST(MetricsTest, HooksSetGaugesJustBeforeTheyAreRead) {
  Registry registry;
  Gauge depth = registry.GetGauge("evalloop_unit_queue_depth", "Depth.");
  int queued = 0;
  registry.BeforeSerialize([&] { depth.Set(queued); });
  queued = 7;
  EXPECT_THAT(registry.Serialize(), HasSubstr("evalloop_unit_queue_depth 7"));
}

}  // namespace
}  // namespace evalloop::telemetry
