#ifndef EVALLOOP_SCORER_DOMAIN_SCORER_H_
#define EVALLOOP_SCORER_DOMAIN_SCORER_H_

#include <span>
#include <string>
#include <vector>

#include "scorer/domain/metrics.h"
#include "scorer/domain/rubric.h"

namespace evalloop::scorer {

// One definition of good: all metrics there are, and a rubric. Immutable.
class Scorer {
 public:
  explicit Scorer(Rubric rubric);

  // The one with DefaultRubric().
  static const Scorer& BuiltIn();

  const Rubric& rubric() const { return rubric_; }

  // Lower-case hex sha256 over the names and versions of all metrics and over
  // the rubric with its version: what must be equal for two scores to be
  // compared.
  const std::string& digest() const { return digest_; }

  // What is measured of every row that is scored by it: what its rubric names
  // and what gates judge by unless told otherwise, in the order of AllMetrics;
  // all of them for the built-in rubric. The others cost time (syntax trees,
  // tools) for values that nobody asked for.
  std::span<const Metric* const> metrics() const { return metrics_; }

 private:
  const Rubric rubric_;
  const std::string digest_;
  const std::vector<const Metric*> metrics_;
};

// Lower-case hex sha256 over the terms alone: equal for two rubrics that score
// alike.
std::string TermsDigest(const Rubric& rubric);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_SCORER_H_
