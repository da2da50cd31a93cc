#include "scorer/domain/scorer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "platform/base/crypto.h"
#include "scorer/domain/metrics.h"

namespace evalloop::scorer {
namespace {

std::string Number(std::optional<double> value) {
  return value.has_value() ? fmt::format("{}", *value) : "-";
}

std::string TermLines(const Rubric& rubric) {
  std::string text;
  for (const RubricTerm& term : rubric.terms) {
    text += fmt::format("term {} {} {} {} {} {} {}\n", term.metric, term.weight,
                        Number(term.floor), term.group, NameOf(term.applies),
                        Number(term.best), Number(term.worst));
  }
  return text;
}

std::string DigestOf(const Rubric& rubric) {
  std::string text;
  for (const Metric& metric : AllMetrics()) {
    text += fmt::format("metric {} {}\n", metric.name, metric.version);
  }
  text += fmt::format("rubric {} {}\n", rubric.name, rubric.version);
  return base::Sha256Hex(text + TermLines(rubric));
}

// The evaluator's default policies demand something of these, or they are what
// such a task is about.
constexpr std::array<std::string_view, 6> kJudgedBy = {
    "edit_similarity", "chrf",     "pass_at_1",
    "acceptance",      "hit_at_5", "criteria_met"};

std::vector<const Metric*> MetricsOf(const Rubric& rubric) {
  const bool all = rubric.name == DefaultRubric().name;
  std::vector<const Metric*> metrics;
  for (const Metric& metric : AllMetrics()) {
    const bool named = std::any_of(
        rubric.terms.begin(), rubric.terms.end(),
        [&](const auto& term) { return term.metric == metric.name; });
    if (all || named ||
        std::find(kJudgedBy.begin(), kJudgedBy.end(), metric.name) !=
            kJudgedBy.end()) {
      metrics.push_back(&metric);
    }
  }
  return metrics;
}

}  // namespace

Scorer::Scorer(Rubric rubric)
    : rubric_(std::move(rubric)),
      digest_(DigestOf(rubric_)),
      metrics_(MetricsOf(rubric_)) {}

const Scorer& Scorer::BuiltIn() {
  static const Scorer scorer(DefaultRubric());
  return scorer;
}

std::string TermsDigest(const Rubric& rubric) {
  return base::Sha256Hex(TermLines(rubric));
}

}  // namespace evalloop::scorer
