#include "cli/query_output.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <string_view>
#include <utility>
#include <vector>

#include "cli/names.h"
#include "cli/run_output.h"
#include "cli/terminal.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = std::vector<std::vector<std::string>>;

// Of a digest: enough to tell two apart.
constexpr std::size_t kShownDigest = 12;

std::string Shortened(const v1::GroupKey& key) {
  if (key.value().empty()) return "-";
  return key.dimension() == "scorer_digest"
             ? key.value().substr(0, kShownDigest)
             : key.value();
}

std::string Place(const v1::Location& location) {
  return fmt::format("{}:{}", location.path(), location.line());
}

}  // namespace

std::string RunsText(const v1::ListRunsResponse& runs) {
  Rows rows = {{"run", "revision", "model", "benchmark", "state", "scored",
                "failed", "cost", "started", "author"}};
  for (const v1::Run& run : runs.runs()) {
    rows.push_back(
        {run.run_id(), RevisionName(run.prompt(), run.revision_version()),
         run.model(),
         fmt::format("{}@{}", run.benchmark(), run.benchmark_version()),
         StateName(run.state()),
         fmt::format("{} of {}", run.scored(), run.rows()),
         fmt::format("{}", run.failed()),
         fmt::format("{:.4f}", static_cast<double>(run.cost_micros()) / 1e6),
         TimeUtil::ToString(run.start_time()), run.author()});
  }
  std::string text = Table(rows);
  if (!runs.next_page_token().empty()) {
    text += "\nthere are more: raise --limit or narrow --filter";
  }
  return text;
}

std::string AggregateText(const v1::AggregateRowsResponse& answer) {
  if (answer.groups_size() == 0) return "no finished run has such rows";
  std::vector<std::string> heading;
  for (const v1::GroupKey& key : answer.groups(0).keys()) {
    heading.push_back(key.dimension());
  }
  for (const char* name : {"metric", "mean [95 %]", "p10", "p90", "rows",
                           "missing", "items", "runs", "failed"}) {
    heading.emplace_back(name);
  }
  Rows rows = {std::move(heading)};
  for (const v1::RowGroup& group : answer.groups()) {
    for (const v1::MetricSummary& metric : group.metrics()) {
      std::vector<std::string>& row = rows.emplace_back();
      for (const v1::GroupKey& key : group.keys()) {
        row.push_back(Shortened(key));
      }
      row.insert(
          row.end(),
          {metric.metric(), EstimateText(metric.mean(), false),
           fmt::format("{:.4f}", metric.p10()),
           fmt::format("{:.4f}", metric.p90()),
           fmt::format("{}", metric.rows()),
           fmt::format("{}", metric.missing()),
           fmt::format("{}", group.items()), fmt::format("{}", group.runs()),
           fmt::format("{}", group.failed())});
    }
  }
  std::string text = Table(rows);
  if (answer.truncated()) {
    text += "\nthere are more groups: raise --max-groups or narrow --filter";
  }
  return text;
}

std::string RegressionsText(const v1::FindRegressionsResponse& found) {
  const v1::Run& since = found.since_run();
  const v1::Run& until = found.until_run();
  std::string text =
      fmt::format("{} -> {} on {}@{}",
                  RevisionName(since.prompt(), since.revision_version()),
                  RevisionName(until.prompt(), until.revision_version()),
                  until.benchmark(), until.benchmark_version());
  if (found.changes_size() > 0) text += "\n  changed:";
  for (const v1::ChangeSince& change : found.changes()) {
    text += ChangeText(change);
  }
  return text + "\n\n" + ComparisonText(found.comparison());
}

std::string FlipsText(const v1::ListFlipsResponse& flips) {
  if (flips.flips_size() == 0) return "no item flips";
  Rows rows = {{"item", "where", "metric", "unsteady", "values", "lowest",
                "highest", "mean"}};
  for (const v1::Flip& flip : flips.flips()) {
    rows.push_back({flip.item_id(), Place(flip.location()), flip.metric(),
                    fmt::format("{:.3f}", flip.unsteadiness()),
                    fmt::format("{}", flip.values()),
                    fmt::format("{:.4g}", flip.lowest()),
                    fmt::format("{:.4g}", flip.highest()),
                    fmt::format("{:.4g}", flip.mean())});
  }
  std::string text = Table(rows);
  if (!flips.next_page_token().empty()) {
    text += "\nthere are more: raise --limit";
  }
  return text;
}

}  // namespace evalloop::cli
