#include "cli/frontier_text.h"

#include <gtest/gtest.h>

#include <sstream>

namespace evalloop::cli {
namespace {

v1::FrontierPoint* Add(v1::GetFrontierResponse& frontier, unsigned version,
                       double quality, double cost) {
  v1::FrontierPoint* const point = frontier.add_points();
  point->set_prompt("p");
  point->set_revision_version(version);
  point->mutable_quality()->set_value(quality);
  point->mutable_quality()->set_lower(quality - 0.05);
  point->mutable_quality()->set_upper(quality + 0.05);
  point->mutable_completed()->set_value(quality);
  if (cost > 0) point->set_cost_micros_per_task(cost);
  return point;
}

TEST(FrontierTextTest, TheFrontierIsInCapitalsAndTheDominatedInSmallLetters) {
  v1::GetFrontierResponse frontier;
  frontier.set_metric("exact_match");
  Add(frontier, 1, 0.5, 100);
  Add(frontier, 2, 0.8, 200)->set_knee(true);
  Add(frontier, 3, 0.7, 300)->set_dominated(true);
  Add(frontier, 4, 0.9, 0);  // No price: in the table, not in the plot.
  const std::string text = FrontierText(frontier);
  EXPECT_NE(text.find("no price"), std::string::npos);
  EXPECT_NE(text.find("the curve flattens here"), std::string::npos);
  std::istringstream lines(text);
  std::string line, plot;
  while (std::getline(lines, line)) {
    if (line.size() > 11 && (line[11] == '|' || line[11] == '+')) {
      EXPECT_LE(line.size(), 78u) << line;
      plot += line.substr(12) + "\n";
    }
  }
  EXPECT_NE(plot.find('A'), std::string::npos) << text;
  EXPECT_NE(plot.find('B'), std::string::npos) << text;
  EXPECT_NE(plot.find('c'), std::string::npos) << text;
  EXPECT_EQ(plot.find('D'), std::string::npos) << text;
  // The cheapest stands leftmost, the best of those priced above it.
  EXPECT_LT(plot.find('B'), plot.find('A'));
}

TEST(FrontierTextTest, OnePricedPointHasNoPlot) {
  v1::GetFrontierResponse frontier;
  Add(frontier, 1, 0.5, 100);
  EXPECT_EQ(FrontierText(frontier).find("cost of a thousand tasks"),
            std::string::npos);
}

}  // namespace
}  // namespace evalloop::cli
