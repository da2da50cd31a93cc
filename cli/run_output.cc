#include "cli/run_output.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <string_view>
#include <vector>

#include "cli/benchmark_output.h"
#include "cli/names.h"
#include "cli/terminal.h"
#include "platform/base/reason.h"

namespace evalloop::cli {
namespace {

using google::protobuf::util::TimeUtil;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kShownText = 60;

std::string OneLine(std::string_view text) {
  std::string line(text.substr(0, kShownText));
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text.size() > kShownText ? line + "..." : line;
}

}  // namespace

std::string StateName(v1::Run::State state) {
  switch (state) {
    case v1::Run::STATE_RUNNING:
      return "running";
    case v1::Run::STATE_FINISHED:
      return "finished";
    case v1::Run::STATE_CANCELLED:
      return "cancelled";
    default:
      return "unknown";
  }
}

std::string EstimateText(const v1::Estimate& estimate, bool with_sign) {
  const std::string value = with_sign ? fmt::format("{:+.4f}", estimate.value())
                                      : fmt::format("{:.4f}", estimate.value());
  if (!estimate.has_lower() || !estimate.has_upper()) return value;
  return fmt::format("{} [{:.4f}, {:.4f}]", value, estimate.lower(),
                     estimate.upper());
}

std::string RunText(const v1::Run& run) {
  Rows head = {
      {"run", run.run_id()},
      {"revision", RevisionName(run.prompt(), run.revision_version())},
      {"model", fmt::format("{} {}", run.model(), run.model_snapshot())},
      {"benchmark",
       fmt::format("{}@{}", run.benchmark(), run.benchmark_version())},
      {"state", StateName(run.state())},
      {"rows", fmt::format("{} of {} scored, {} failed", run.scored(),
                           run.rows(), run.failed())},
      {"subset", run.subset() == v1::SUBSET_SMOKE     ? "smoke"
                 : run.subset() == v1::SUBSET_HOLDOUT ? "holdout"
                                                      : "full"},
      {"scorer", run.scorer_digest()},
      {"started", TimeUtil::ToString(run.start_time())}};
  if (run.has_tally()) {
    const v1::TypedTally& tally = run.tally();
    head.push_back(
        {"typed", fmt::format("{} lines, {} shown, {} accepted", tally.lines(),
                              tally.shown(), tally.accepted())});
  }
  std::string text = Table(head);
  for (const std::string& provider : run.providers()) {
    text += "\nprovider says: " + provider;
  }
  if (run.has_validity()) {
    const std::string validity = ValidityText(run.validity());
    if (!validity.empty()) text += "\n" + validity;
  }
  if (run.metrics_size() == 0) return text;
  Rows rows = {{"metric", "mean [95 %]", "p10", "p90", "rows", "missing"}};
  for (const v1::MetricSummary& metric : run.metrics()) {
    rows.push_back({metric.metric(), EstimateText(metric.mean(), false),
                    fmt::format("{:.4f}", metric.p10()),
                    fmt::format("{:.4f}", metric.p90()),
                    fmt::format("{}", metric.rows()),
                    fmt::format("{}", metric.missing())});
  }
  return text + "\n\n" + Table(rows);
}

std::string ComparisonText(const v1::Comparison& comparison) {
  Rows rows = {{"metric", "baseline", "candidate", "delta [95 %]", "pairs",
                "worse", "better", "p", "p10 to", "p90 to"}};
  for (const v1::MetricDelta& delta : comparison.deltas()) {
    rows.push_back(
        {delta.metric(), fmt::format("{:.4f}", delta.baseline()),
         fmt::format("{:.4f}", delta.candidate()),
         EstimateText(delta.delta(), true), fmt::format("{}", delta.pairs()),
         fmt::format("{}", delta.worse()), fmt::format("{}", delta.better()),
         delta.has_p_value() ? fmt::format("{:.4f}", delta.p_value()) : "-",
         fmt::format("{:.3g} {:.3g}", delta.baseline_p10(),
                     delta.candidate_p10()),
         fmt::format("{:.3g} {:.3g}", delta.baseline_p90(),
                     delta.candidate_p90())});
  }
  std::string text =
      fmt::format("{} -> {}, clustered by {} commits, {} rows missing\n",
                  comparison.baseline_run_id(), comparison.candidate_run_id(),
                  comparison.clusters(), comparison.missing_rows()) +
      (comparison.quarantined_rows() == 0
           ? ""
           : fmt::format("{} rows left out: their tests are in quarantine\n",
                         comparison.quarantined_rows())) +
      Table(rows);
  const std::string validity = ValidityText(comparison.validity());
  if (!validity.empty()) text += "\n\n" + validity;
  const std::string groups = GroupsText(comparison.groups());
  if (!groups.empty()) text += "\n\n" + groups;
  for (const v1::RowDelta& row : comparison.rows()) {
    text += fmt::format("\n{}\n  - {}\n  + {}", row.item_id(),
                        OneLine(row.baseline_text()),
                        OneLine(row.candidate_text()));
  }
  return text;
}

absl::StatusOr<v1::Subset> ParseSubset(const std::string& text) {
  if (text.empty() || text == "full") return v1::SUBSET_FULL;
  if (text == "smoke") return v1::SUBSET_SMOKE;
  if (text == "holdout") return v1::SUBSET_HOLDOUT;
  return base::FieldError("subset", fmt::format("\"{}\"", text),
                          "write smoke, full or holdout");
}

}  // namespace evalloop::cli
