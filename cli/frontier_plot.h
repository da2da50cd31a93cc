#ifndef EVALLOOP_CLI_FRONTIER_PLOT_H_
#define EVALLOOP_CLI_FRONTIER_PLOT_H_

#include <optional>
#include <span>
#include <string>

namespace evalloop::cli {

struct PlotPoint {
  char mark = '*';
  double cost = 0;
  double quality = 0;
  // The interval of the quality.
  std::optional<double> lower;
  std::optional<double> upper;
  bool joined = false;  // To the next dearer one that is.
};

// Cost to the right, quality upwards, in plain ASCII of at most 80 columns and
// without colours: marks, '|' for intervals, '.' from each joined point to the
// next; '*' where points fall together. Costs that span a factor of 20 are on a
// logarithmic axis, which is said. Empty for no point. Pure.
std::string FrontierPlot(std::span<const PlotPoint> points);

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_FRONTIER_PLOT_H_
