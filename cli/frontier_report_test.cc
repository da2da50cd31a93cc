#include "cli/frontier_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/frontier_plot.h"

namespace evalloop::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Line and column of the only such character right of the axis.
std::pair<int, int> PlaceOf(const std::string& plot, char mark) {
  std::pair<int, int> place{-1, -1};
  const auto lines = LinesOf(plot);
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const auto at = lines[row].find(mark, 10);
    if (at == std::string::npos || lines[row].find("---") < at) continue;
    EXPECT_EQ(place.first, -1) << mark << " is there twice\n" << plot;
    place = {static_cast<int>(row), static_cast<int>(at)};
  }
  EXPECT_NE(place.first, -1) << mark << " is missing\n" << plot;
  return place;
}

TEST(FrontierPlotTest, DearerIsRightAndBetterIsUp) {
  const std::vector<PlotPoint> points = {
      {.mark = 'A', .cost = 1, .quality = 0.5, .joined = true},
      {.mark = 'B', .cost = 2, .quality = 0.9, .joined = true},
      {.mark = 'c', .cost = 3, .quality = 0.7}};
  const std::string plot = FrontierPlot(points);
  const auto a = PlaceOf(plot, 'A'), b = PlaceOf(plot, 'B'),
             c = PlaceOf(plot, 'c');
  EXPECT_GT(a.first, c.first);
  EXPECT_GT(c.first, b.first);
  EXPECT_LT(a.second, b.second);
  EXPECT_LT(b.second, c.second);
  // Linear: B lies in the middle between A and c, up to a cell.
  EXPECT_NEAR(2 * b.second, a.second + c.second, 1);
  EXPECT_GT(std::count(plot.begin(), plot.end(), '.'), 10);
  EXPECT_THAT(plot, Not(HasSubstr("logarithmic")));
  for (const std::string& line : LinesOf(plot)) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST(FrontierPlotTest, IntervalsWideCostsAndPointsThatFallTogetherAreTold) {
  const std::vector<PlotPoint> points = {
      {.mark = 'A',
       .cost = 0.01,
       .quality = 0.5,
       .lower = 0.4,
       .upper = 0.6,
       .joined = true},
      {.mark = 'b', .cost = 5, .quality = 1},
      {.mark = 'c', .cost = 5, .quality = 1}};
  const std::string plot = FrontierPlot(points);
  EXPECT_THAT(plot, HasSubstr("logarithmic"));
  EXPECT_NE(PlaceOf(plot, '*').first, -1);
  const auto a = PlaceOf(plot, 'A');
  const auto lines = LinesOf(plot);
  const auto row = [&](int off) {
    return lines[static_cast<std::size_t>(a.first + off)]
                [static_cast<std::size_t>(a.second)];
  };
  EXPECT_EQ(row(-1), '|');
  EXPECT_EQ(row(1), '|');
  EXPECT_EQ(FrontierPlot({}), "");
  EXPECT_THAT(FrontierPlot({points.data(), 1}), HasSubstr("A"));
}

v1::GetFrontierResponse Told() {
  v1::GetFrontierResponse told;
  told.set_metric("pass_at_1");
  told.set_completed_at(1);
  told.set_benchmark_version(2);
  const auto add = [&](const char* prompt, double quality, double cost) {
    v1::FrontierPoint& point = *told.add_points();
    point.set_prompt(prompt);
    point.set_revision_version(1);
    point.set_model("m");
    point.mutable_quality()->set_value(quality);
    point.mutable_completed()->set_value(quality);
    point.set_attempts_per_task(1);
    if (cost > 0) point.set_cost_micros_per_task(cost);
    return &point;
  };
  add("small", 0.5, 100);
  v1::FrontierPoint& worse = *add("worse", 0.4, 200);
  worse.set_dominated(true);
  worse.set_dominated_by("small@1");
  add("big", 0.9, 500)->set_cost_micros_per_completed_task(555.6);
  add("free", 0.7, 0);
  v1::FrontierStep& step = *told.add_steps();
  step.set_from("small@1");
  step.set_to("big@1");
  step.set_quality_gain(0.4);
  step.set_cost_micros_more(400);
  step.set_cost_micros_per_point(10);
  v1::Recommendation& made = *told.add_recommendations();
  made.set_dimension("tag");
  made.set_name("evil\x1b[31m");
  made.set_best("big@1");
  made.set_recommended("small@1");
  made.set_saves_share(0.8);
  made.set_reason("they can't be told apart");
  told.add_notes("the price of free@1 is not known");
  return told;
}

TEST(FrontierReportTest, TellsPointsStepsRecommendationsAndNotes) {
  v1::GetFrontierRequest request;
  request.set_benchmark("Sums");
  const std::string text = FrontierText(request, Told());
  EXPECT_THAT(text, HasSubstr("pass_at_1 on Sums@2"));
  EXPECT_THAT(text, HasSubstr("\nA  small@1"));
  EXPECT_THAT(text, HasSubstr("\nb  worse@1"));
  EXPECT_THAT(text, HasSubstr("dominated by small@1"));
  EXPECT_THAT(text, HasSubstr("\nC  big@1"));
  EXPECT_THAT(text, HasSubstr("0.5556"));  // By completed task.
  EXPECT_THAT(text, HasSubstr("\n-  free@1"));
  EXPECT_THAT(text, HasSubstr("no price"));
  EXPECT_THAT(text, HasSubstr("not drawn: 1"));
  EXPECT_THAT(text, HasSubstr("small@1 -> big@1  +0.4000  0.4        0.01"));
  EXPECT_THAT(text, Not(HasSubstr("corrections saved")));
  EXPECT_THAT(text, HasSubstr("80%"));
  EXPECT_THAT(text, HasSubstr("\n    they can't be told apart"));
  EXPECT_THAT(text, HasSubstr("\nnote: the price of free@1"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(FrontierReportTest, AStepPaysWhereItSavesMoreCorrectionsThanItCosts) {
  v1::GetFrontierRequest request;
  request.set_benchmark("Sums");
  // Forty in a hundred tasks need no correction any more: 480 of 400.
  request.set_correction_micros(1'200);
  EXPECT_THAT(FrontierText(request, Told()),
              HasSubstr("0.48               pays"));
  request.set_correction_micros(900);
  EXPECT_THAT(FrontierText(request, Told()),
              HasSubstr("0.36               does not pay"));
}

}  // namespace
}  // namespace evalloop::cli
