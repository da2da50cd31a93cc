#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_KNOWN_OUTCOME_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_KNOWN_OUTCOME_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "code_analysis/history.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/commit.h"
#include "prompt_engine/domain/placement.h"
#include "prompt_engine/domain/watch.h"

namespace evalloop::prompt_engine {

// What is told when it is known what was committed in a completion's place.
struct KnownOutcome {
  Outcome outcome;
  std::string prefix;
  std::string suffix;
  std::string text;                     // What was suggested.
  std::vector<std::string> references;  // See v1::OutcomeKnown.
  absl::Time know_time;
};

// Tells the others. Thread-safe.
class OutcomeEvents {
 public:
  virtual ~OutcomeEvents() = default;
  virtual absl::Status Known(base::UnitOfWork& work,
                             std::span<const KnownOutcome> known) = 0;
};

// What a landing says beside where it is.
struct LandingReport {
  std::optional<Placement> placement;
  std::string prefix;  // Code up to the cursor, and below the added lines.
  std::string suffix;
  std::vector<std::string> references;
};

// Reads the surroundings of a landing in `commit`, asks for the developers'
// variants and places the suggestion among them: the line as it would stand
// with the suggestion in it. Errors are the source's.
absl::StatusOr<LandingReport> Report(const Watch& watch, const Landing& landing,
                                     const CommitHeader& commit,
                                     VariantSource& source);

// Whether a completion is among the `share` in [0, 1] that is scored live; by
// its id alone, so that every replica answers the same.
bool IsSampled(std::string_view completion_id, double share);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_KNOWN_OUTCOME_H_
