#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_RECORD_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_RECORD_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/statistics.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/outcome.h"
#include "prompt_engine/domain/placement.h"
#include "prompt_engine/domain/watch.h"

namespace evalloop::prompt_engine {

// One metric of a live score; without a value the reason says why.
struct ScoredMetric {
  std::string metric;
  std::optional<double> value;
  std::string reason;
};

// What scorer made of a completion once its outcome was known.
struct LiveScore {
  std::string completion_id;
  std::string scorer_digest;
  std::vector<ScoredMetric> metrics;
  std::optional<double> composite;
  absl::Time score_time;
};

// All that is known of one completion.
struct OutcomeRecord {
  Outcome outcome;
  // Once it is known; before, pending_reason says why not: no_location,
  // nothing_said, not_ingested, unknown_commit or not_committed_yet.
  std::optional<CommittedOutcome> committed;
  std::string pending_reason;
  // Absent: placement_reason is pending or no_variants.
  std::optional<Placement> placement;
  std::string placement_reason;
  std::optional<LiveScore> score;
};

// Counts for one revision and model.
struct OutcomeCounts {
  std::uint64_t completions = 0;
  std::uint64_t settled = 0;
  std::uint64_t shown = 0;
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;  // Shown, told of, and not accepted.
  std::uint64_t hidden = 0;
  std::uint64_t kept = 0;
  std::uint64_t edited = 0;
  std::uint64_t dropped = 0;
  std::uint64_t pending = 0;
  std::uint64_t alive_7_days = 0;
  std::uint64_t judged_7_days = 0;
  std::uint64_t alive_30_days = 0;
  std::uint64_t judged_30_days = 0;
};

// What one commit adds to the figures that have an interval.
struct OutcomeTally {
  base::RatioTally at_least_median;
  base::RatioTally composite;  // Of the newest scorer digest alone.
};

struct OutcomeSummary {
  std::string prompt;
  std::uint32_t revision_version = 0;
  std::string model;
  OutcomeCounts counts;
  std::string scorer_digest;  // Of the composites; empty without one.
  std::vector<OutcomeTally> commits;
};

// A share or a mean, with its bounds where there are two commits or more.
struct Figure {
  std::uint64_t rows = 0;
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
};
// Completions of one commit are no independent cases, so whole commits are
// resampled (95 %, BCa); where all of them agree the bounds are Wilson's for as
// many cases as commits. For figures in [0, 1]. Deterministic.
Figure FigureOf(std::span<const OutcomeTally> commits,
                base::RatioTally OutcomeTally::*part);

// Outcomes with all that was learnt of them. Thread-safe across units of work.
class OutcomeRecords {
 public:
  virtual ~OutcomeRecords() = default;

  virtual absl::StatusOr<std::optional<OutcomeRecord>> Find(
      base::UnitOfWork& work, std::string_view completion_id) = 0;
  // By prompt, version and model.
  virtual absl::StatusOr<std::vector<OutcomeSummary>> Summarise(
      base::UnitOfWork& work, const OutcomeFilter& filter) = 0;
  // Keeps the newest score of each completion that has an outcome.
  virtual absl::Status PutScores(base::UnitOfWork& work,
                                 std::span<const LiveScore> scores) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_OUTCOME_RECORD_H_
