#include "cli/frontier_report.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/frontier_plot.h"
#include "cli/names.h"
#include "cli/report_text.h"
#include "cli/run_output.h"
#include "cli/terminal.h"

namespace evalloop::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// Micros for a task are thousandths for a thousand tasks.
constexpr double kForThousand = 1e-3;
constexpr int kMarks = 26;

std::string Cost(std::optional<double> micros) {
  return micros.has_value() ? fmt::format("{:.4g}", *micros * kForThousand)
                            : "-";
}

std::string Name(const v1::FrontierPoint& point) {
  return RevisionName(point.prompt(), point.revision_version());
}

// Of each point, '\0': it is not drawn.
std::vector<char> MarksOf(const v1::GetFrontierResponse& frontier) {
  std::vector<char> marks;
  int next = 0;
  for (const v1::FrontierPoint& point : frontier.points()) {
    const bool drawn = point.has_cost_micros_per_task() && next < kMarks;
    const char first = point.dominated() ? 'a' : 'A';
    marks.push_back(drawn ? static_cast<char>(first + next++) : '\0');
  }
  return marks;
}

std::string PointsText(const v1::GetFrontierResponse& frontier,
                       const std::vector<char>& marks) {
  Rows rows = {{"", "revision", "model", "quality [95 %]", "completed", "cost",
                "by completed", "asked", "quality/unit", "p95 ms", ""}};
  for (int i = 0; i < frontier.points_size(); ++i) {
    const v1::FrontierPoint& point = frontier.points(i);
    const char mark = marks[static_cast<std::size_t>(i)];
    std::string state = point.dominated()
                            ? "dominated by " + point.dominated_by()
                        : point.has_cost_micros_per_task() ? "frontier"
                                                           : "no price";
    if (point.knee()) state += ", knee";
    const auto optional = [](bool has, double value) {
      return has ? std::optional(value) : std::nullopt;
    };
    rows.push_back(
        {mark == '\0' ? "-" : std::string(1, mark), Name(point),
         OneVisibleLine(point.model()), EstimateText(point.quality(), false),
         fmt::format("{:.1f}%", 100 * point.completed().value()),
         Cost(optional(point.has_cost_micros_per_task(),
                       point.cost_micros_per_task())),
         Cost(optional(point.has_cost_micros_per_completed_task(),
                       point.cost_micros_per_completed_task())),
         fmt::format("{:.3g}", point.attempts_per_task()),
         point.has_quality_per_unit()
             ? fmt::format("{:.4g}", point.quality_per_unit())
             : "-",
         Figure(optional(point.has_p95_ms(), point.p95_ms()), 0), state});
  }
  return Table(rows);
}

std::string PlotText(const v1::GetFrontierResponse& frontier,
                     const std::vector<char>& marks) {
  std::vector<PlotPoint> points;
  int left_out = 0;
  for (int i = 0; i < frontier.points_size(); ++i) {
    const v1::FrontierPoint& point = frontier.points(i);
    if (marks[static_cast<std::size_t>(i)] == '\0') {
      ++left_out;
      continue;
    }
    PlotPoint drawn;
    drawn.mark = marks[static_cast<std::size_t>(i)];
    drawn.cost = point.cost_micros_per_task() * kForThousand;
    drawn.quality = point.quality().value();
    if (point.quality().has_lower()) drawn.lower = point.quality().lower();
    if (point.quality().has_upper()) drawn.upper = point.quality().upper();
    drawn.joined = !point.dominated();
    points.push_back(drawn);
  }
  if (points.empty()) return "";
  std::string text = fmt::format(
      "{} upwards, cost of 1,000 tasks to the right; capitals are on the\n"
      "frontier, small letters dominated, | is a 95 % interval, * several "
      "points\n{}",
      OneVisibleLine(frontier.metric()), FrontierPlot(points));
  if (left_out > 0) text += fmt::format("\nnot drawn: {}", left_out);
  return text;
}

// What a step's cost compares with: the corrections that it makes needless.
std::string StepsText(const v1::GetFrontierRequest& request,
                      const v1::GetFrontierResponse& frontier) {
  if (frontier.steps().empty()) return "";
  std::map<std::string, double> completed;
  for (const v1::FrontierPoint& point : frontier.points()) {
    completed[Name(point)] = point.completed().value();
  }
  const bool priced = request.correction_micros() > 0;
  Rows rows = {{"step", "quality", "cost more", "a point costs"}};
  if (priced) {
    rows[0].push_back("corrections saved");
    rows[0].push_back("");
  }
  for (const v1::FrontierStep& step : frontier.steps()) {
    rows.push_back({step.from() + " -> " + step.to(),
                    fmt::format("{:+.4f}", step.quality_gain()),
                    Cost(step.cost_micros_more()),
                    Cost(step.cost_micros_per_point())});
    if (!priced) continue;
    const double saved = (completed[step.to()] - completed[step.from()]) *
                         static_cast<double>(request.correction_micros());
    rows.back().push_back(Cost(saved));
    rows.back().push_back(saved > step.cost_micros_more() ? "pays"
                                                          : "does not pay");
  }
  return Table(rows);
}

std::string RecommendationsText(const v1::GetFrontierResponse& frontier) {
  Rows rows = {{"for", "items", "take", "quality [95 %]", "saves", "best"}};
  std::vector<std::string> reasons;
  for (const v1::Recommendation& made : frontier.recommendations()) {
    rows.push_back({made.name().empty()
                        ? made.dimension()
                        : OneVisibleLine(made.dimension() + " " + made.name()),
                    fmt::format("{}", made.items()), made.recommended(),
                    EstimateText(made.recommended_quality(), false),
                    made.has_saves_share()
                        ? fmt::format("{:.0f}%", 100 * made.saves_share())
                        : "-",
                    made.recommended() == made.best()
                        ? "itself"
                        : fmt::format("{} {:.4f}", made.best(),
                                      made.best_quality().value())});
    reasons.push_back(OneVisibleLine(made.reason()));
  }
  // Each reason goes under its line.
  const std::string table = Table(rows);
  std::string text;
  std::size_t at = 0;
  for (std::size_t line = 0; line < rows.size(); ++line) {
    const std::size_t end = std::min(table.find('\n', at), table.size());
    text += table.substr(at, end - at);
    at = end + 1;
    if (line > 0) text += "\n    " + reasons[line - 1];
    if (line + 1 < rows.size()) text += '\n';
  }
  return text;
}

}  // namespace

std::string FrontierText(const v1::GetFrontierRequest& request,
                         const v1::GetFrontierResponse& frontier) {
  const std::vector<char> marks = MarksOf(frontier);
  std::string text = fmt::format(
      "{} on {}@{}, a task is completed at {:g}; costs are of 1,000 "
      "tasks\n\n{}",
      OneVisibleLine(frontier.metric()), request.benchmark(),
      frontier.benchmark_version(), frontier.completed_at(),
      PointsText(frontier, marks));
  for (const std::string& part :
       {PlotText(frontier, marks), StepsText(request, frontier),
        RecommendationsText(frontier)}) {
    if (!part.empty()) text += "\n\n" + part;
  }
  if (frontier.notes_size() > 0) text += '\n';
  for (const std::string& note : frontier.notes()) {
    text += "\nnote: " + OneVisibleLine(note);
  }
  return text;
}

}  // namespace evalloop::cli
