#include "scorer/domain/rubric.h"

#include <algorithm>

#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "scorer/domain/metrics.h"

namespace evalloop::scorer {

const Rubric& DefaultRubric() {
  static const Rubric rubric{.name = "default",
                             .version = 1,
                             .terms = {
                                 {"chrf", 0.4, "helpful"},
                                 {"edit_similarity", 0.3, "helpful"},
                                 {"token_jaccard", 0.2, "helpful"},
                                 {"exact_match", 0.1, "helpful"},
                             }};
  return rubric;
}

std::optional<double> Composite(const Rubric& rubric,
                                std::span<const MetricScore> scores) {
  double sum = 0.0;
  for (const RubricTerm& term : rubric.terms) {
    const auto found = std::find_if(
        scores.begin(), scores.end(),
        [&](const MetricScore& s) { return s.metric == term.metric; });
    const Metric* const metric = FindMetric(term.metric);
    if (found == scores.end() || !found->value.has_value() ||
        metric == nullptr || !metric->highest.has_value()) {
      return std::nullopt;
    }
    const double scaled =
        (*found->value - metric->lowest) / (*metric->highest - metric->lowest);
    sum += term.weight * (metric->higher_is_better ? scaled : 1.0 - scaled);
  }
  return std::clamp(sum, 0.0, 1.0);
}

const std::string& ScorerDigest() {
  static const std::string digest = [] {
    std::string text;
    for (const Metric& metric : AllMetrics()) {
      text += fmt::format("metric {} {}\n", metric.name, metric.version);
    }
    const Rubric& rubric = DefaultRubric();
    text += fmt::format("rubric {} {}\n", rubric.name, rubric.version);
    for (const RubricTerm& term : rubric.terms) {
      text +=
          fmt::format("term {} {} {}\n", term.metric, term.weight, term.group);
    }
    return base::Sha256Hex(text);
  }();
  return digest;
}

}  // namespace evalloop::scorer
