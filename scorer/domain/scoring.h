#ifndef EVALLOOP_SCORER_DOMAIN_SCORING_H_
#define EVALLOOP_SCORER_DOMAIN_SCORING_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/domain/candidate.h"
#include "scorer/domain/code_tools.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/rubric.h"
#include "scorer/domain/scorer.h"

namespace evalloop::scorer {

// One metric of one candidate. A missing value is never 0: the reason says why.
struct MetricScore {
  std::string metric;
  std::optional<double> value;
  std::string reason;  // Empty with a value.

  bool operator==(const MetricScore&) const = default;
};

// All that one scorer says of one candidate. Scores of two digests are never
// compared.
struct ScoreSet {
  std::string scorer_digest;
  std::vector<MetricScore> metrics;
  std::optional<double> composite;  // [0, 1]; see Composition for these three.
  std::vector<GroupScore> groups;
  std::vector<std::string> failed;
  // What metrics counted in the candidate, in their order; kMostFindings.
  std::vector<Finding> findings;

  bool operator==(const ScoreSet&) const = default;
};

// The one way to a score: gRPC, Kafka and the command line all come here. With
// several references each metric is the best (the highest, or where less is
// better the lowest) of its single-reference values; where none has a value,
// the first one's reason stands. What takes a tool is asked of `tools` once for
// all candidates, each text once; where that is null it is missing as
// "no_sandbox". Otherwise deterministic and thread-safe; works on all cores
// until it returns. One score a candidate, in order.
std::vector<ScoreSet> ScoreRows(std::span<const Candidate> candidates,
                                std::span<const Metric* const> metrics,
                                CodeTools* tools,
                                const Scorer& scorer = Scorer::BuiltIn());

// One candidate without tools: no process is started.
ScoreSet ScoreRow(const Candidate& candidate,
                  std::span<const Metric* const> metrics,
                  const Scorer& scorer = Scorer::BuiltIn());

// The score of what could not be answered: every metric that `scorer` measures
// is missing for `reason`.
ScoreSet Unscored(std::string_view reason,
                  const Scorer& scorer = Scorer::BuiltIn());

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_SCORING_H_
