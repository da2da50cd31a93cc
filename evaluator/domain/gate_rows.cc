#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "evaluator/domain/gate.h"
#include "evaluator/domain/row_values.h"
#include "platform/base/hypotheses.h"

namespace evalloop::evaluator {
namespace {

constexpr double kFalseRows = 0.05;
constexpr double kFloorPercentile = 0.975;

// Values of each item's samples, lost ones as `lost`.
std::map<std::string_view, std::vector<double>> ValuesOf(
    std::span<const Row> rows, std::string_view metric, double lost) {
  std::map<std::string_view, std::vector<double>> values;
  for (const Row& row : rows) {
    values[row.item_id].push_back(
        row.scored ? ValueOf(row, metric).value_or(lost) : lost);
  }
  return values;
}

double MeanOf(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

}  // namespace

std::vector<NoiseFloor> NoiseFloorsOf(std::span<const RunMean> means) {
  // Of each metric, each revision's means.
  std::map<std::string, std::map<std::string, std::vector<double>>> by_metric;
  for (const RunMean& one : means) {
    by_metric[one.metric][one.revision_digest].push_back(one.mean);
  }
  std::vector<NoiseFloor> floors;
  for (const auto& [metric, revisions] : by_metric) {
    std::vector<double> differences;
    for (const auto& [digest, values] : revisions) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i + 1; j < values.size(); ++j) {
          differences.push_back(std::abs(values[i] - values[j]));
        }
      }
    }
    if (differences.empty()) continue;
    std::sort(differences.begin(), differences.end());
    // The smallest value that so large a share does not exceed.
    const auto at = static_cast<std::size_t>(
        std::ceil(kFloorPercentile * static_cast<double>(differences.size())));
    floors.push_back({metric, differences[std::max<std::size_t>(at, 1) - 1],
                      static_cast<std::int64_t>(differences.size())});
  }
  return floors;
}

std::map<std::string, Confirmation, std::less<>> ConfirmRows(
    const GatePolicy& policy, std::span<const FailingRow> failing,
    std::span<const Row> baseline, std::span<const Row> candidate) {
  std::map<std::string, Confirmation, std::less<>> out;
  std::vector<double> p_values;
  std::vector<std::string> tested;
  std::set<std::string_view> asked;
  for (const Row& row : candidate) asked.insert(row.item_id);
  for (const FailingRow& row : failing) {
    if (!asked.contains(row.item_id)) continue;
    double least = 1;
    for (const MetricTolerance& tolerance : policy.tolerances) {
      if (!tolerance.row_tolerance.has_value() ||
          std::find(row.metrics.begin(), row.metrics.end(), tolerance.metric) ==
              row.metrics.end()) {
        continue;
      }
      const bool higher = HigherIsBetter(tolerance.metric);
      // An answer that did not come is worse than any that did.
      const double lost = higher ? 0 : 1e9;
      auto was = ValuesOf(baseline, tolerance.metric, lost)[row.item_id];
      auto now = ValuesOf(candidate, tolerance.metric, lost)[row.item_id];
      if (!higher) {
        for (double& value : was) value = -value;
        for (double& value : now) value = -value;
      }
      if (MeanOf(was) - MeanOf(now) <= *tolerance.row_tolerance) continue;
      least = std::min(least, base::PermutationLossP(was, now) *
                                  static_cast<double>(row.metrics.size()));
    }
    tested.push_back(row.item_id);
    p_values.push_back(std::min(1.0, least));
  }
  const std::vector<double> holm = base::HolmAdjusted(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    out[tested[i]] = holm[i] <= kFalseRows ? Confirmation::kConfirmed
                                           : Confirmation::kChance;
  }
  return out;
}

std::vector<GroupDelta> FailingGroups(const GateDecision& decision,
                                      const Comparison& comparison) {
  std::vector<GroupDelta> failing;
  for (const GroupDelta& group : comparison.groups) {
    // By its own demand, or worth a look where the gate is not green.
    const bool demanded =
        std::any_of(decision.findings.begin(), decision.findings.end(),
                    [&](const GateFinding& finding) {
                      return finding.verdict != Verdict::kPassed &&
                             finding.dimension == group.dimension &&
                             finding.category == group.name;
                    });
    const bool shown =
        decision.verdict != Verdict::kPassed &&
        std::any_of(decision.findings.begin(), decision.findings.end(),
                    [&](const GateFinding& finding) {
                      const MetricDelta* delta = group.Find(finding.metric);
                      return finding.verdict != Verdict::kPassed &&
                             delta != nullptr &&
                             delta->bh_p.value_or(1) <= 0.05;
                    });
    if (demanded || shown) failing.push_back(group);
  }
  return failing;
}

std::vector<FailingRow> RowsToShow(const GateDecision& decision,
                                   const Comparison& comparison) {
  if (!decision.failing.empty()) return decision.failing;
  // Only means failed: the rows that pulled them down.
  std::map<std::uint32_t, FailingRow> rows;
  for (const GateFinding& finding : decision.findings) {
    if (finding.verdict == Verdict::kPassed) continue;
    const MetricDelta* delta = comparison.Find(finding.metric);
    if (delta == nullptr) continue;
    double largest = 0;
    for (const ItemLoss& one : delta->losses) {
      if (std::isfinite(one.loss)) largest = std::max(largest, one.loss);
    }
    for (const ItemLoss& one : delta->losses) {
      if (one.loss <= 0) continue;
      FailingRow& row = rows[one.item];
      row.item_id = comparison.item_ids.at(one.item);
      if (row.metrics.empty() || row.metrics.back() != finding.metric) {
        row.metrics.push_back(finding.metric);
      }
      row.loss = std::max(row.loss, one.loss / (largest > 0 ? largest : 1));
    }
  }
  std::vector<FailingRow> worst;
  worst.reserve(rows.size());
  for (auto& [item, row] : rows) worst.push_back(std::move(row));
  std::stable_sort(
      worst.begin(), worst.end(),
      [](const FailingRow& a, const FailingRow& b) { return a.loss > b.loss; });
  return worst;
}

}  // namespace evalloop::evaluator
