#include "scorer/domain/scoring.h"

#include "scorer/domain/rubric.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

Measure BestOf(const Metric& metric, const Candidate& candidate) {
  if (candidate.references.empty()) {
    return metric.needs_reference ? Measure::Missing("no_reference")
                                  : metric.compute(candidate, std::nullopt);
  }
  Measure best;
  for (const std::string_view reference : candidate.references) {
    const Measure one = metric.compute(candidate, reference);
    if (!one.value.has_value()) {
      if (!best.value.has_value() && best.reason.empty()) best = one;
    } else if (!best.value.has_value() || *one.value > *best.value) {
      best = one;
    }
  }
  return best;
}

}  // namespace

ScoreSet ScoreRow(const Candidate& candidate,
                  std::span<const Metric* const> metrics) {
  ScoreSet scores;
  scores.scorer_digest = ScorerDigest();
  scores.metrics.reserve(metrics.size());
  for (const Metric* const metric : metrics) {
    const Measure measure = BestOf(*metric, candidate);
    scores.metrics.push_back({.metric = std::string(metric->name),
                              .value = measure.value,
                              .reason = std::string(measure.reason)});
  }
  scores.composite = Composite(DefaultRubric(), scores.metrics);
  return scores;
}

ScoreSet Unscored(std::string_view reason) {
  ScoreSet scores;
  scores.scorer_digest = ScorerDigest();
  for (const Metric& metric : AllMetrics()) {
    scores.metrics.push_back({.metric = std::string(metric.name),
                              .value = std::nullopt,
                              .reason = std::string(reason)});
  }
  return scores;
}

}  // namespace evalloop::scorer
