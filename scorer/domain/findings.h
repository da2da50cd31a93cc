#ifndef EVALLOOP_SCORER_DOMAIN_FINDINGS_H_
#define EVALLOOP_SCORER_DOMAIN_FINDINGS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/domain/candidate.h"
#include "scorer/domain/code_tools.h"
#include "scorer/domain/metrics.h"

namespace evalloop::scorer {

// What is told of one candidate at most.
inline constexpr std::size_t kMostFindings = 40;

// What the metric of that name counted in the candidate's own text.
std::vector<Finding> ExplainSecurity(const Candidate& candidate);
std::vector<Finding> ExplainSecrets(const Candidate& candidate);
std::vector<Finding> ExplainLicences(const Candidate& candidate);
std::vector<Finding> ExplainInvented(const Candidate& candidate);

// Those of a tool's findings in FileWith(candidate, candidate.text) that lie in
// the candidate.
std::vector<Finding> InCandidate(std::string_view metric,
                                 const Candidate& candidate,
                                 std::span<const ToolFinding> findings);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_FINDINGS_H_
