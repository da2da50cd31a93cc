#include "cli/frontier_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace evalloop::cli {
namespace {

constexpr int kColumns = 68;
constexpr int kRows = 17;
constexpr int kLabelledRows = 4;  // Each fourth row tells its quality.
constexpr int kMargin = 2;        // Columns left free at either side.
constexpr double kLogFactor = 20;

// A place on an axis of `cells` cells.
class Axis {
 public:
  Axis(double low, double high, int cells, int margin)
      : low_(low), high_(high), cells_(cells), margin_(margin) {}

  int CellOf(double value) const {
    const int room = cells_ - 1 - 2 * margin_;
    if (high_ <= low_) return margin_ + room / 2;
    const double share = (value - low_) / (high_ - low_);
    return margin_ + static_cast<int>(std::lround(share * room));
  }
  double ValueAt(int cell) const {
    const int room = cells_ - 1 - 2 * margin_;
    return low_ + (high_ - low_) * (cell - margin_) / room;
  }

 private:
  const double low_, high_;
  const int cells_, margin_;
};

class Canvas {
 public:
  Canvas() : rows_(kRows, std::string(kColumns, ' ')) {}

  // Row 0 is at the bottom.
  char& At(int column, int row) {
    return rows_[static_cast<std::size_t>(kRows - 1 - row)]
                [static_cast<std::size_t>(column)];
  }
  std::string Row(int row) const {
    std::string line = rows_[static_cast<std::size_t>(kRows - 1 - row)];
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  }

  void Join(int from_column, int from_row, int to_column, int to_row) {
    const int steps = std::max(std::abs(to_column - from_column),
                               std::abs(to_row - from_row));
    for (int i = 1; i < steps; ++i) {
      const double share = static_cast<double>(i) / steps;
      At(from_column +
             static_cast<int>(std::lround(share * (to_column - from_column))),
         from_row +
             static_cast<int>(std::lround(share * (to_row - from_row)))) = '.';
    }
  }

 private:
  std::vector<std::string> rows_;
};

bool IsMark(char c) { return c != ' ' && c != '.' && c != '|'; }

}  // namespace

std::string FrontierPlot(std::span<const PlotPoint> points) {
  if (points.empty()) return "";
  double cheapest = points.front().cost, dearest = cheapest;
  double worst = points.front().quality, best = worst;
  for (const PlotPoint& point : points) {
    cheapest = std::min(cheapest, point.cost);
    dearest = std::max(dearest, point.cost);
    worst = std::min({worst, point.quality, point.lower.value_or(worst)});
    best = std::max({best, point.quality, point.upper.value_or(best)});
  }
  const bool logarithmic = cheapest > 0 && dearest >= kLogFactor * cheapest;
  const auto scaled = [&](double cost) {
    return logarithmic ? std::log(cost) : cost;
  };
  const Axis across(scaled(cheapest), scaled(dearest), kColumns, kMargin);
  const Axis up(worst, best, kRows, 0);
  const auto column = [&](const PlotPoint& point) {
    return across.CellOf(scaled(point.cost));
  };

  Canvas canvas;
  std::vector<const PlotPoint*> joined;
  for (const PlotPoint& point : points) {
    if (point.joined) joined.push_back(&point);
    if (!point.lower || !point.upper) continue;
    for (int row = up.CellOf(*point.lower); row <= up.CellOf(*point.upper);
         ++row) {
      canvas.At(column(point), row) = '|';
    }
  }
  std::stable_sort(
      joined.begin(), joined.end(),
      [](const auto* a, const auto* b) { return a->cost < b->cost; });
  for (std::size_t i = 1; i < joined.size(); ++i) {
    canvas.Join(column(*joined[i - 1]), up.CellOf(joined[i - 1]->quality),
                column(*joined[i]), up.CellOf(joined[i]->quality));
  }
  for (const PlotPoint& point : points) {
    char& cell = canvas.At(column(point), up.CellOf(point.quality));
    cell = IsMark(cell) ? '*' : point.mark;
  }

  std::string text;
  for (int row = kRows - 1; row >= 0; --row) {
    const bool labelled = row % kLabelledRows == 0;
    const std::string label = labelled
                                  ? fmt::format("{:>8.4g} +", up.ValueAt(row))
                                  : fmt::format("{:>8} |", "");
    std::string line = label + canvas.Row(row);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  text += fmt::format("{:>9}{}\n", "", std::string(kColumns + 1, '-'));
  const std::string low = fmt::format("{:.4g}", cheapest);
  const std::string high = fmt::format("{:.4g}", dearest);
  if (cheapest == dearest) {
    return text + fmt::format("{:>10}{:^{}}", "", low, kColumns);
  }
  const std::string_view middle = logarithmic ? "logarithmic" : "";
  const int room = kColumns - 2 * kMargin - static_cast<int>(low.size()) -
                   static_cast<int>(high.size());
  return text + fmt::format("{:>{}}{}{:^{}}{}", "", 10 + kMargin, low, middle,
                            room, high);
}

}  // namespace evalloop::cli
