#include "scorer/service/calibration_call.h"

#include <cmath>
#include <optional>
#include <string>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "scorer/domain/calibration.h"
#include "scorer/domain/metrics.h"

namespace evalloop::scorer {
namespace {

constexpr std::size_t kMaxRows = 20'000;
constexpr std::string_view kComposite = "composite";

// Nothing where a metric is unbounded. A metric of which less is better is
// turned, so that more is always better here.
std::optional<ScoreRange> RangeOf(const Metric* metric) {
  if (metric == nullptr) return ScoreRange();
  if (!metric->highest.has_value() || !std::isfinite(metric->lowest)) {
    return std::nullopt;
  }
  if (metric->higher_is_better)
    return ScoreRange{metric->lowest, *metric->highest};
  return ScoreRange{-*metric->highest, -metric->lowest};
}

void WriteEstimate(std::string_view name, const Correlation& correlation,
                   v1::GetCalibrationResponse& response,
                   v1::Estimate* (v1::GetCalibrationResponse::*field)()) {
  if (!correlation.estimate.has_value()) {
    v1::MetricValue& missing = *response.add_missing();
    missing.set_metric(std::string(name));
    missing.set_reason(std::string(correlation.reason));
    return;
  }
  v1::Estimate& out = *(response.*field)();
  out.set_value(correlation.estimate->value);
  out.set_lower(correlation.estimate->low);
  out.set_upper(correlation.estimate->high);
}

}  // namespace

absl::Status GetCalibration(ScoreStore& store, const Scorer& in_force,
                            const v1::GetCalibrationRequest& request,
                            v1::GetCalibrationResponse& response) {
  const std::string metric_name =
      request.metric().empty() ? std::string(kComposite) : request.metric();
  const Metric* const metric = FindMetric(metric_name);
  if (metric == nullptr && metric_name != kComposite) {
    return base::FieldError(
        "metric", fmt::format("no metric \"{}\"", metric_name.substr(0, 80)),
        "write composite, or one that GetScorer lists");
  }
  const std::string digest = request.scorer_digest().empty()
                                 ? in_force.digest()
                                 : request.scorer_digest();
  auto rows = store.Outcomes(metric_name, digest, kMaxRows);
  if (!rows.ok()) return rows.status();
  if (metric != nullptr && !metric->higher_is_better) {
    for (OutcomeRow& row : *rows) row.score = -row.score;
  }
  const Calibration calibration = Calibrate(*rows, RangeOf(metric));
  response.set_metric(metric_name);
  response.set_scorer_digest(digest);
  response.set_rows(static_cast<std::uint32_t>(calibration.rows));
  response.set_accepted(static_cast<std::uint32_t>(calibration.accepted));
  response.set_tasks(static_cast<std::uint32_t>(calibration.tasks));
  WriteEstimate("pearson", calibration.pearson, response,
                &v1::GetCalibrationResponse::mutable_pearson);
  WriteEstimate("spearman", calibration.spearman, response,
                &v1::GetCalibrationResponse::mutable_spearman);
  WriteEstimate("auc", calibration.auc, response,
                &v1::GetCalibrationResponse::mutable_auc);
  if (calibration.brier.has_value()) response.set_brier(*calibration.brier);
  if (calibration.ece.has_value()) response.set_ece(*calibration.ece);
  for (const CalibrationBin& bin : calibration.bins) {
    v1::CalibrationBin& out = *response.add_bins();
    out.set_rows(static_cast<std::uint32_t>(bin.rows));
    out.set_mean_score(bin.mean_score);
    out.set_accepted(bin.accepted);
  }
  for (const IsotonicStep& step : calibration.isotonic) {
    v1::IsotonicStep& out = *response.add_isotonic();
    out.set_score(step.score);
    out.set_probability(step.probability);
  }
  response.set_standing(std::string(NameOf(calibration.standing)));
  return absl::OkStatus();
}

}  // namespace evalloop::scorer
