#include "cli/frontier_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cli/terminal.h"

namespace evalloop::cli {
namespace {

constexpr int kWidth = 64;
constexpr int kHeight = 14;

std::string Name(const v1::FrontierPoint& point) {
  return fmt::format("{}@{}", point.prompt(), point.revision_version());
}

std::string Bounds(const v1::Estimate& estimate, int digits) {
  if (!estimate.has_lower()) {
    return fmt::format("{:.{}f}", estimate.value(), digits);
  }
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", estimate.value(), digits,
                     estimate.lower(), digits, estimate.upper(), digits);
}

// Money of one task is small: units for a thousand.
std::string PerThousand(double micros) {
  return fmt::format("{:.4g}", micros / 1'000);
}

std::string TableOf(const v1::GetFrontierResponse& frontier) {
  std::vector<std::vector<std::string>> rows = {
      {"", "revision", "model", frontier.metric() + " [95 %]", "completed",
       "cost / 1000", "cost / 1000 completed", "attempts", "p95 ms", ""}};
  char mark = 'A';
  for (const v1::FrontierPoint& point : frontier.points()) {
    std::string what;
    if (point.dominated()) what = "dominated by " + point.dominated_by();
    if (point.knee()) what = "the curve flattens here";
    rows.push_back(
        {std::string(1, mark), Name(point), point.model(),
         Bounds(point.quality(), 3),
         fmt::format("{:.1f} %", 100 * point.completed().value()),
         point.has_cost_micros_per_task()
             ? PerThousand(point.cost_micros_per_task())
             : "no price",
         point.has_cost_micros_per_completed_task()
             ? PerThousand(point.cost_micros_per_completed_task())
             : "-",
         fmt::format("{:.2f}", point.attempts_per_task()),
         point.has_p95_ms() ? fmt::format("{:.0f}", point.p95_ms()) : "-",
         what});
    if (mark < 'Z') ++mark;
  }
  return Table(rows);
}

struct Axis {
  double low = 0;
  double high = 1;

  void Take(double value, bool first) {
    low = first ? value : std::min(low, value);
    high = first ? value : std::max(high, value);
  }
  int Place(double value, int cells) const {
    if (high <= low) return cells / 2;
    return static_cast<int>(
        std::lround((value - low) / (high - low) * (cells - 1)));
  }
};

// Capitals: on the frontier; small letters: dominated; bars: the interval.
std::string PlotOf(const v1::GetFrontierResponse& frontier) {
  Axis cost, quality;
  int priced = 0;
  for (const v1::FrontierPoint& point : frontier.points()) {
    if (!point.has_cost_micros_per_task()) continue;
    cost.Take(point.cost_micros_per_task(), priced == 0);
    quality.Take(point.quality().value(), priced == 0);
    if (point.quality().has_lower()) {
      quality.Take(point.quality().lower(), false);
      quality.Take(point.quality().upper(), false);
    }
    ++priced;
  }
  if (priced < 2) return "";
  std::vector<std::string> cells(kHeight, std::string(kWidth, ' '));
  const auto row = [&](double value) {
    return static_cast<std::size_t>(kHeight - 1 -
                                    quality.Place(value, kHeight));
  };
  char mark = 'A';
  for (const v1::FrontierPoint& point : frontier.points()) {
    const char own = mark;
    if (mark < 'Z') ++mark;
    if (!point.has_cost_micros_per_task()) continue;
    const auto column = static_cast<std::size_t>(
        cost.Place(point.cost_micros_per_task(), kWidth));
    if (point.quality().has_lower()) {
      for (std::size_t at = row(point.quality().upper());
           at <= row(point.quality().lower()); ++at) {
        if (cells[at][column] == ' ') cells[at][column] = '|';
      }
    }
    cells[row(point.quality().value())][column] =
        point.dominated() ? static_cast<char>(own - 'A' + 'a') : own;
  }
  std::string text;
  for (int i = 0; i < kHeight; ++i) {
    const double value =
        quality.high - (quality.high - quality.low) * i / (kHeight - 1);
    const bool labelled = i == 0 || i == kHeight - 1 || i == kHeight / 2;
    std::string line = labelled ? fmt::format("{:>10.3g} +", value)
                                : std::string(11, ' ') + "|";
    line += cells[static_cast<std::size_t>(i)];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  text += std::string(11, ' ') + "+" + std::string(kWidth, '-') + "\n";
  const std::string left = PerThousand(cost.low);
  const std::string right = PerThousand(cost.high);
  text += std::string(12, ' ') + left +
          std::string(
              static_cast<std::size_t>(std::max(
                  1, kWidth - static_cast<int>(left.size() + right.size()))),
              ' ') +
          right + "\n";
  return text + std::string(12, ' ') +
         "cost of a thousand tasks; small letters are dominated\n";
}

std::string StepsOf(const v1::GetFrontierResponse& frontier) {
  std::string text;
  for (const v1::FrontierStep& step : frontier.steps()) {
    text +=
        fmt::format("{} -> {}: {:+.3f}, {} more a thousand tasks, {} a point\n",
                    step.from(), step.to(), step.quality_gain(),
                    PerThousand(step.cost_micros_more()),
                    PerThousand(step.cost_micros_per_point()));
  }
  return text;
}

std::string RecommendationsOf(const v1::GetFrontierResponse& frontier) {
  std::vector<std::vector<std::string>> rows = {
      {"for", "take", frontier.metric(), "best", frontier.metric(), "items",
       "why"}};
  for (const v1::Recommendation& one : frontier.recommendations()) {
    rows.push_back(
        {one.name().empty() ? one.dimension()
                            : fmt::format("{} {}", one.dimension(), one.name()),
         one.recommended(),
         fmt::format("{:.3f}", one.recommended_quality().value()), one.best(),
         fmt::format("{:.3f}", one.best_quality().value()),
         std::to_string(one.items()), one.reason()});
  }
  return Table(rows);
}

}  // namespace

std::string FrontierText(const v1::GetFrontierResponse& frontier) {
  std::string text = TableOf(frontier);
  const auto add = [&text](const std::string& part) {
    if (part.empty()) return;
    while (!text.empty() && text.back() == '\n') text.pop_back();
    text += "\n\n" + part;
  };
  add(PlotOf(frontier));
  add(StepsOf(frontier));
  add(RecommendationsOf(frontier));
  std::string notes;
  for (const std::string& note : frontier.notes()) {
    notes += "note: " + note + "\n";
  }
  add(notes);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace evalloop::cli
