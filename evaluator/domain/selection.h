#ifndef EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_
#define EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/domain/frontier.h"
#include "evaluator/domain/ports.h"

namespace evalloop::evaluator {

struct FrontierRequest {
  std::string benchmark;
  std::uint32_t benchmark_version = 0;  // 0: the newest.
  Subset subset = Subset::kFull;
  std::string metric;                // Empty: pass_at_1 where items have tests,
                                     // else exact_match.
  std::vector<std::string> prompts;  // None: all.
  std::optional<double> completed_at;
  FrontierOptions options;
};

// The frontier of the newest finished runs of each revision; only those with
// the scorer digest of the newest, the others are named in notes, as scores of
// two digests are never compared. At most 200 revisions.
// InvalidArgument names the field; NotFound: benchmark; FailedPrecondition
// (NO_RUNS): no finished run, with the command that makes one.
absl::StatusOr<Frontier> SelectRuns(BenchmarkStore& benchmarks, RunStore& runs,
                                    const FrontierRequest& request);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_SELECTION_H_
