#include "evaluator/domain/gate.h"

#include <algorithm>
#include <cmath>

#include "evaluator/domain/gate_rules.h"
#include "fmt/format.h"
#include "platform/base/statistics.h"

namespace evalloop::evaluator {
namespace {

constexpr double kPower = 0.8;

// `metric`'s interval turned so that positive is better.
struct Gain {
  double value;
  double lower;
  double upper;
};

std::optional<Gain> GainOf(const MetricDelta& delta) {
  if (!delta.delta.lower.has_value()) return std::nullopt;
  if (delta.higher_is_better) {
    return Gain{delta.delta.value, *delta.delta.lower, *delta.delta.upper};
  }
  return Gain{-delta.delta.value, -*delta.delta.upper, -*delta.delta.lower};
}

// As many digits as a reader can use: shares to a thousandth, counts whole.
std::string Figure(double value, bool with_sign = false) {
  const double size = std::abs(value);
  const int digits = size >= 1'000 ? 0 : (size >= 10 ? 1 : 3);
  return with_sign ? fmt::format("{:+.{}f}", value, digits)
                   : fmt::format("{:.{}f}", value, digits);
}

std::string Words(const MetricDelta& delta) {
  std::string text =
      fmt::format("{} to {}", Figure(delta.baseline), Figure(delta.candidate));
  if (delta.delta.lower.has_value()) {
    text += fmt::format(", change {} [{}, {}]", Figure(delta.delta.value, true),
                        Figure(*delta.delta.lower, true),
                        Figure(*delta.delta.upper, true));
  }
  return text + fmt::format(", {} pairs", delta.pairs);
}

GateFinding NoInterval(const MetricDelta& delta, std::string_view demand) {
  return {delta.metric, std::string(demand), Verdict::kInconclusive,
          Words(delta) + ": all pairs come from one commit"};
}

GateFinding CheckAverage(const MetricDelta& delta, double asked,
                         std::span<const NoiseFloor> floors) {
  double floor = 0;
  for (const NoiseFloor& one : floors) {
    if (one.metric == delta.metric) floor = one.floor;
  }
  const double tolerance = std::max(asked, floor);
  const auto gain = GainOf(delta);
  if (!gain.has_value()) return NoInterval(delta, "average");
  GateFinding finding{delta.metric, "average", Verdict::kInconclusive, ""};
  if (gain->lower >= -tolerance) {
    finding.verdict = Verdict::kPassed;
  } else if (gain->upper < 0 && gain->value < -tolerance) {
    finding.verdict = Verdict::kRegressed;
  }
  finding.detail = fmt::format("{}; may be worse by at most {}", Words(delta),
                               Figure(tolerance));
  if (floor > asked) {
    finding.detail +=
        fmt::format(" (two runs of one revision differ by {})", Figure(floor));
  }
  return finding;
}

GateFinding CheckGain(const MetricDelta& delta, double required) {
  const auto gain = GainOf(delta);
  if (!gain.has_value()) return NoInterval(delta, "gain");
  GateFinding finding{delta.metric, "gain", Verdict::kInconclusive, ""};
  if (gain->lower > required) {
    finding.verdict = Verdict::kPassed;
  } else if (gain->upper < required) {
    finding.verdict = Verdict::kRegressed;
  }
  finding.detail =
      fmt::format("{}; must gain more than {}", Words(delta), Figure(required));
  return finding;
}

// Rows beyond one metric's tolerance. Those that asking again explained by
// chance don't count; of more than were asked again, the same share counts.
GateFinding CheckRows(const MetricDelta& delta,
                      const MetricTolerance& tolerance,
                      const Comparison& comparison,
                      const GateEvidence& evidence) {
  std::int64_t beyond = 0, asked = 0, chance = 0;
  for (const ItemLoss& one : delta.losses) {
    if (one.loss <= *tolerance.row_tolerance) continue;
    ++beyond;
    const auto found =
        evidence.asked_again.find(comparison.item_ids.at(one.item));
    if (found == evidence.asked_again.end()) continue;
    ++asked;
    chance += found->second == Confirmation::kChance;
  }
  const double count = asked == 0 ? static_cast<double>(beyond)
                                  : static_cast<double>(beyond) *
                                        static_cast<double>(asked - chance) /
                                        static_cast<double>(asked);
  const double share = delta.losses.empty()
                           ? 0
                           : count / static_cast<double>(delta.losses.size());
  GateFinding finding{
      delta.metric, "rows",
      share <= tolerance.max_regressed_share ? Verdict::kPassed
                                             : Verdict::kRegressed,
      fmt::format("{} of {} rows worse by more than {}", beyond,
                  delta.losses.size(), Figure(*tolerance.row_tolerance))};
  if (asked > 0) {
    finding.detail += fmt::format(", {} of {} asked again are worse again",
                                  asked - chance, asked);
  } else if (beyond > 0 && evidence.deterministic) {
    finding.detail += ", the revision says the same each time";
  }
  finding.detail += fmt::format(", at most {:.3g} % may be",
                                100 * tolerance.max_regressed_share);
  return finding;
}

// Whether the item's loss counts as beyond a row tolerance, for the report.
void CollectFailing(const GatePolicy& policy, const Comparison& comparison,
                    const GateEvidence& evidence, GateDecision& decision) {
  std::map<std::uint32_t, FailingRow> rows;
  for (const MetricTolerance& tolerance : policy.tolerances) {
    if (!tolerance.row_tolerance.has_value()) continue;
    const MetricDelta* delta = comparison.Find(tolerance.metric);
    if (delta == nullptr) continue;
    for (const ItemLoss& one : delta->losses) {
      if (one.loss <= *tolerance.row_tolerance) continue;
      FailingRow& row = rows[one.item];
      row.metrics.push_back(tolerance.metric);
      row.loss = std::max(row.loss,
                          one.loss / std::max(*tolerance.row_tolerance, 1e-3));
    }
  }
  for (auto& [item, row] : rows) {
    row.item_id = comparison.item_ids.at(item);
    if (const auto found = evidence.asked_again.find(row.item_id);
        found != evidence.asked_again.end()) {
      row.confirmation = found->second;
    }
    decision.failing.push_back(std::move(row));
  }
  std::stable_sort(
      decision.failing.begin(), decision.failing.end(),
      [](const FailingRow& a, const FailingRow& b) { return a.loss > b.loss; });
}

GateFinding CheckThreshold(const MetricDelta& delta, double threshold) {
  const bool kept = delta.higher_is_better ? delta.candidate >= threshold
                                           : delta.candidate <= threshold;
  return {delta.metric, "threshold",
          kept ? Verdict::kPassed : Verdict::kRegressed,
          fmt::format("{}, must be {} {}", Figure(delta.candidate),
                      delta.higher_is_better ? "at least" : "at most",
                      Figure(threshold))};
}

// The demand on one category, where there is one.
CategoryDemand DemandOn(const GroupDelta& group,
                        const MetricTolerance& tolerance) {
  for (const CategoryDemand& demand : tolerance.categories) {
    if (demand.dimension == group.dimension && demand.name == group.name) {
      return demand;
    }
  }
  return {.dimension = group.dimension,
          .name = group.name,
          .average_tolerance = tolerance.category_tolerance,
          .threshold = std::nullopt};
}

// Categories that break a demand; those that keep it are not worth a line.
void CheckCategories(const MetricTolerance& tolerance,
                     const Comparison& comparison, double error,
                     std::vector<GateFinding>& findings) {
  for (const GroupDelta& group : comparison.groups) {
    const MetricDelta* delta = group.Find(tolerance.metric);
    if (delta == nullptr || group.pairs < kSmallGroup) continue;
    const CategoryDemand demand = DemandOn(group, tolerance);
    GateFinding finding{delta->metric, "category", Verdict::kRegressed, ""};
    finding.dimension = group.dimension;
    finding.category = group.name;
    const double loss =
        delta->higher_is_better ? -delta->delta.value : delta->delta.value;
    if (demand.average_tolerance.has_value() &&
        loss > *demand.average_tolerance &&
        delta->holm_p.value_or(1) <= error) {
      finding.detail = fmt::format(
          "{} {}: {}, p = {:.2g} over all categories; may be worse by at most "
          "{}",
          group.dimension, group.name, Words(*delta), *delta->holm_p,
          Figure(*demand.average_tolerance));
      findings.push_back(finding);
    }
    if (!demand.threshold.has_value()) continue;
    GateFinding kept = CheckThreshold(*delta, *demand.threshold);
    if (kept.verdict == Verdict::kPassed) continue;
    finding.detail =
        fmt::format("{} {}: {}", group.dimension, group.name, kept.detail);
    findings.push_back(std::move(finding));
  }
}

void CheckMetric(const MetricTolerance& tolerance, const Comparison& comparison,
                 const GateEvidence& evidence, double category_error,
                 std::vector<GateFinding>& findings) {
  const MetricDelta* delta = comparison.Find(tolerance.metric);
  if (delta == nullptr) {
    findings.push_back({tolerance.metric, "pairs", Verdict::kInconclusive,
                        "no row of the baseline has this metric"});
    return;
  }
  if (tolerance.average_tolerance.has_value()) {
    findings.push_back(
        CheckAverage(*delta, *tolerance.average_tolerance, evidence.floors));
  }
  if (tolerance.required_gain.has_value()) {
    findings.push_back(CheckGain(*delta, *tolerance.required_gain));
  }
  if (tolerance.row_tolerance.has_value()) {
    findings.push_back(CheckRows(*delta, tolerance, comparison, evidence));
  }
  if (tolerance.threshold.has_value()) {
    findings.push_back(CheckThreshold(*delta, *tolerance.threshold));
  }
  if (JudgesCategories(tolerance)) {
    CheckCategories(tolerance, comparison, category_error, findings);
  }
}

// Findings about how much there is to judge by.
void CheckPairs(const GatePolicy& policy, const Comparison& comparison,
                std::vector<GateFinding>& findings) {
  std::int64_t pairs = 0;
  for (const MetricDelta& delta : comparison.deltas) {
    pairs = std::max(pairs, delta.pairs);
  }
  // Samples of one item are no more items.
  if (!comparison.item_ids.empty()) {
    pairs =
        std::min(pairs, static_cast<std::int64_t>(comparison.item_ids.size()));
  }
  if (pairs < policy.min_pairs) {
    findings.push_back(
        {"", "pairs", Verdict::kInconclusive,
         fmt::format("{} pairs, {} are needed", pairs, policy.min_pairs)});
  }
  if (comparison.missing_in_candidate > 0) {
    findings.push_back(
        {"", "missing", Verdict::kRegressed,
         fmt::format("{} rows have no answer and failed: evalloop run retry {} "
                     "sends them again, for a new gate",
                     comparison.missing_in_candidate,
                     comparison.candidate_run)});
  }
  const std::int64_t before =
      comparison.missing_rows - comparison.missing_in_candidate;
  if (before > 0) {
    findings.push_back(
        {"", "missing", Verdict::kInconclusive,
         fmt::format("{} rows lack an answer of the baseline: evalloop run "
                     "retry {} sends them again, for a new gate",
                     before, comparison.baseline_run)});
  }
}

// A finding that more samples can change.
bool OfEvidence(const GateFinding& finding) {
  return finding.demand == "average" || finding.demand == "gain";
}

std::optional<double> DetectableEffect(const GatePolicy& policy,
                                       const Comparison& comparison) {
  if (policy.tolerances.empty()) return std::nullopt;
  const MetricDelta* target = comparison.Find(policy.tolerances.front().metric);
  if (target == nullptr || !target->delta.lower.has_value()) {
    return std::nullopt;
  }
  const double half_width =
      base::NormalQuantile(0.5 + comparison.confidence / 2);
  const double error =
      (*target->delta.upper - *target->delta.lower) / (2 * half_width);
  return (half_width + base::NormalQuantile(kPower)) * error;
}

// Whether half of the rows or more were tested, as Benchmark::TestsLead has it.
bool TestsLead(const Comparison& comparison) {
  const MetricDelta* const tests = comparison.Find(kPassAt1);
  return tests != nullptr &&
         std::all_of(comparison.deltas.begin(), comparison.deltas.end(),
                     [tests](const MetricDelta& delta) {
                       return 2 * tests->pairs >= delta.pairs;
                     });
}

}  // namespace

GateDecision Decide(const GatePolicy& policy, const Comparison& comparison,
                    const GateEvidence& evidence) {
  GateDecision decision;
  const double category_error = CategoryErrorOf(policy, evidence.looks);
  CheckPairs(policy, comparison, decision.findings);
  for (const MetricTolerance& tolerance : policy.tolerances) {
    CheckMetric(tolerance, comparison, evidence, category_error,
                decision.findings);
  }
  CollectFailing(policy, comparison, evidence, decision);
  const bool has_tests = TestsLead(comparison);
  const bool rows_decide =
      policy.rows_decide && comparison.item_ids.size() <= kGoldenItems;
  bool for_evidence = false, for_rows = false, otherwise = false;
  for (GateFinding& finding : decision.findings) {
    if (finding.verdict == Verdict::kPassed) continue;
    const bool of_means = OfEvidence(finding) || finding.demand == "category";
    if ((has_tests && IsSimilarity(finding.metric)) ||
        (rows_decide && of_means)) {
      finding.alarm = true;
    } else if (finding.demand == "rows") {
      for_rows = true;
    } else if (finding.verdict == Verdict::kInconclusive &&
               OfEvidence(finding)) {
      for_evidence = true;
    } else {
      otherwise = true;
    }
  }
  decision.verdict = Verdict::kPassed;
  for (const GateFinding& finding : decision.findings) {
    if (finding.alarm || finding.verdict == Verdict::kPassed) continue;
    decision.verdict = finding.verdict;
    if (finding.verdict == Verdict::kRegressed) break;
  }
  decision.needs_confirmation =
      for_rows && !evidence.deterministic && evidence.asked_again.empty();
  decision.needs_samples =
      for_evidence && !otherwise && evidence.look < evidence.looks;
  if (decision.verdict == Verdict::kInconclusive) {
    decision.warns = policy.on_inconclusive == OnInconclusive::kWarn;
    if (policy.on_inconclusive == OnInconclusive::kSampleMore &&
        evidence.deterministic) {
      decision.findings.push_back(
          {"", "pairs", Verdict::kInconclusive,
           "the revision says the same each time: more samples prove nothing, "
           "more items would"});
    }
  }
  decision.minimum_detectable_effect = DetectableEffect(policy, comparison);
  return decision;
}

}  // namespace evalloop::evaluator
