#include "evaluator/domain/row_values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>

#include "evaluator/domain/comparison.h"

namespace evalloop::evaluator {
namespace {

using base::RatioTally;

constexpr std::array kTypedMetrics = {kAcceptance, kCompletedChars,
                                      kRejectedChars};

RatioTally TypedRatio(std::string_view metric, const TypedTally& tally) {
  const auto ratio = [](std::int64_t over, std::int64_t under) {
    return RatioTally{static_cast<double>(over), static_cast<double>(under)};
  };
  if (metric == kAcceptance) return ratio(tally.accepted, tally.shown);
  if (metric == kCompletedChars) {
    return ratio(tally.accepted_chars,
                 tally.typed_chars + tally.accepted_chars);
  }
  return ratio(tally.rejected_chars * 400, tally.lines);
}

}  // namespace

bool IsTyped(std::string_view metric) {
  return std::find(kTypedMetrics.begin(), kTypedMetrics.end(), metric) !=
         kTypedMetrics.end();
}

std::optional<RatioTally> PartOf(const Row& row, std::string_view metric) {
  if (IsTyped(metric)) {
    if (!row.tally.has_value()) return std::nullopt;
    return TypedRatio(metric, *row.tally);
  }
  for (const MetricValue& value : row.metrics) {
    if (value.metric == metric && value.value.has_value()) {
      return RatioTally{*value.value, 1.0};
    }
  }
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if ((*row.value_names)[i] == metric && !std::isnan(row.values[i])) {
      return RatioTally{row.values[i], 1.0};
    }
  }
  return std::nullopt;
}

std::optional<double> ValueOf(const Row& row, std::string_view metric) {
  const auto part = PartOf(row, metric);
  if (!part.has_value() || part->denominator == 0) return std::nullopt;
  return part->numerator / part->denominator;
}

void MetricNames::Add(const Row& row) {
  for (const MetricValue& value : row.metrics) names_.insert(value.metric);
  if (row.value_names != last_) {
    last_ = row.value_names;
    if (last_ != nullptr) names_.insert(last_->begin(), last_->end());
  }
  if (row.tally.has_value()) {
    names_.insert(kTypedMetrics.begin(), kTypedMetrics.end());
  }
}

std::vector<std::string> MetricsOf(std::span<const Row> rows) {
  MetricNames names;
  for (const Row& row : rows) names.Add(row);
  return {names.sorted().begin(), names.sorted().end()};
}

double RatioOf(const RatioTally& tally) {
  return tally.denominator == 0 ? 0 : tally.numerator / tally.denominator;
}

void AddTo(RatioTally& sum, const RatioTally& part) {
  sum.numerator += part.numerator;
  sum.denominator += part.denominator;
}

double QuantileOf(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(
                                       share * (values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Estimate WithBounds(double value,
                    const absl::StatusOr<base::Estimate>& interval) {
  Estimate estimate{
      .value = value, .lower = std::nullopt, .upper = std::nullopt};
  if (interval.ok()) {
    estimate.lower = interval->low;
    estimate.upper = interval->high;
  }
  return estimate;
}

}  // namespace evalloop::evaluator
