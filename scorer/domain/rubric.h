#ifndef EVALLOOP_SCORER_DOMAIN_RUBRIC_H_
#define EVALLOOP_SCORER_DOMAIN_RUBRIC_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/domain/scoring.h"

namespace evalloop::scorer {

// One metric's part in a composite.
struct RubricTerm {
  std::string_view metric;
  double weight = 0.0;
  std::string_view group;  // honest, harmless or helpful.
};

// How metrics make one number.
struct Rubric {
  std::string_view name;
  std::uint32_t version = 0;
  std::vector<RubricTerm> terms;  // Weights add up to 1.
};

// Similarity to what was committed, as long as no tests are run. chrF leads
// because it agrees best with whether code passes its tests, edit similarity
// comes next; `parses` stays out, since live completions come without the code
// around them and a composite must mean the same for all.
const Rubric& DefaultRubric();

// The terms' weighted mean, each metric scaled to [0, 1] by its range. Nothing
// when a term's metric has no value: dropping terms would compare unlike
// numbers.
std::optional<double> Composite(const Rubric& rubric,
                                std::span<const MetricScore> scores);

// Lower-case hex sha256 over the names and versions of all metrics and over the
// rubric: what must be equal for two scores to be compared.
const std::string& ScorerDigest();

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_RUBRIC_H_
