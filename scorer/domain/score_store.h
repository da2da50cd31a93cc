#ifndef EVALLOOP_SCORER_DOMAIN_SCORE_STORE_H_
#define EVALLOOP_SCORER_DOMAIN_SCORE_STORE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/unit_of_work.h"
#include "scorer/domain/calibration.h"
#include "scorer/domain/scoring.h"

namespace evalloop::scorer {

// What one typed line cost and saved, as serving counted it. Characters are
// non-blank ones.
struct Tally {
  std::int64_t lines = 0;
  std::int64_t requests = 0;
  std::int64_t shown = 0;
  std::int64_t accepted = 0;
  std::int64_t typed_chars = 0;
  std::int64_t accepted_chars = 0;
  std::int64_t rejected_chars = 0;

  bool operator==(const Tally&) const = default;
};

// What became of a completion that was shown.
struct Outcome {
  bool accepted = false;
  std::string task;  // Ranks are compared within one.

  bool operator==(const Outcome&) const = default;
};

// A score as stored, once for a subject and a scorer digest.
struct StoredScore {
  // completions/{id}, outcomes/{completion id}, or
  // runs/{run}/items/{item}/samples/{sample}.
  std::string subject;
  ScoreSet score;
  std::optional<Tally> tally;
  std::optional<Outcome> outcome;
  absl::Time score_time;  // Microseconds.
};

// Where a page of a list, newest first, goes on: after this row.
struct ScoreCursor {
  absl::Time score_time = absl::InfiniteFuture();
  std::string subject;
  std::string scorer_digest;
};

// Where scores live. Thread-safe.
class ScoreStore {
 public:
  virtual ~ScoreStore() = default;

  // Adds those whose (subject, scorer digest) is new; the first score of one
  // stands, unless "infrastructure" kept all of its metrics from a value. All
  // in one statement.
  virtual absl::Status Record(base::UnitOfWork& work,
                              std::span<const StoredScore> scores) = 0;

  // The newest score of `subject`, whatever its digest. NotFound without one.
  virtual absl::StatusOr<StoredScore> Newest(std::string_view subject) = 0;

  // At most `limit` scores whose subject begins with `prefix`, newest first.
  virtual absl::StatusOr<std::vector<StoredScore>> List(
      std::string_view prefix, const ScoreCursor& after, std::size_t limit) = 0;

  // The newest `limit` scores by `scorer_digest` that have both a value of
  // `metric` ("composite", or one of AllMetrics()) and an outcome.
  virtual absl::StatusOr<std::vector<OutcomeRow>> Outcomes(
      std::string_view metric, std::string_view scorer_digest,
      std::size_t limit) = 0;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_SCORE_STORE_H_
