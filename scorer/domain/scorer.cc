#include "scorer/domain/scorer.h"

#include <optional>
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

}  // namespace

Scorer::Scorer(Rubric rubric)
    : rubric_(std::move(rubric)), digest_(DigestOf(rubric_)) {}

const Scorer& Scorer::BuiltIn() {
  static const Scorer scorer(DefaultRubric());
  return scorer;
}

std::string TermsDigest(const Rubric& rubric) {
  return base::Sha256Hex(TermLines(rubric));
}

}  // namespace evalloop::scorer
