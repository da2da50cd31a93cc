#ifndef EVALLOOP_SCORER_DOMAIN_CALIBRATION_H_
#define EVALLOOP_SCORER_DOMAIN_CALIBRATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/statistics.h"

namespace evalloop::scorer {

// How well a score tells an outcome. All functions here are pure and give the
// same for rows in any order, but for the interval's bounds.

// A score and what became of what was scored.
struct OutcomeRow {
  double score = 0;
  bool accepted = false;
  std::string task;  // Ranks are compared within one.
};

// An estimate, or why there is none: "no_rows", "one_outcome" (all accepted, or
// none), "zero_variance", "no_pairs" (no task has both outcomes).
struct Correlation {
  std::optional<base::Estimate> estimate;
  std::string_view reason;
};

// Rows of neighbouring probabilities.
struct CalibrationBin {
  std::size_t rows = 0;
  double mean_score = 0;  // Of the probabilities.
  double accepted = 0;    // Share of the outcomes.
};

// From `score` on, up to the next step.
struct IsotonicStep {
  double score = 0;
  double probability = 0;
};

// What a score is good for, by its rank correlation with outcomes.
enum class Standing : std::uint8_t {
  kTooFewRows,   // Under kMinRows.
  kRecalibrate,  // Under .3: no longer to be trusted as it is.
  kUsable,
  kLeading,  // Over .5: tells outcomes ahead.
};

std::string_view NameOf(Standing standing);

inline constexpr std::size_t kMinRows = 200;
inline constexpr std::size_t kCalibrationBins = 15;

struct Calibration {
  std::size_t rows = 0;
  std::size_t accepted = 0;
  std::size_t tasks = 0;
  Correlation pearson;
  Correlation spearman;  // Ties share their mean rank.
  // Chance that the accepted one of two rows of a task has the higher score,
  // ties counted half: all such pairs of all tasks weigh the same.
  Correlation auc;
  // The rest only where scores could be scaled to [0, 1].
  std::optional<double> brier;
  std::optional<double> ece;
  std::vector<CalibrationBin> bins;
  std::vector<IsotonicStep> isotonic;  // Empty under kMinRows.
  Standing standing = Standing::kTooFewRows;
};

// The ends of a score's range.
struct ScoreRange {
  double lowest = 0;
  double highest = 1;
};

struct CalibrationOptions {
  int resamples = 1'000;  // Of rows within their task, percentile intervals.
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

// `range`: nothing where the score is unbounded.
Calibration Calibrate(std::span<const OutcomeRow> rows,
                      std::optional<ScoreRange> range,
                      const CalibrationOptions& options = {});

// Probabilities in [0, 1] with outcomes, sorted into bins of equal numbers of
// rows (the first ones hold one more where they don't divide); rows of equal
// probability share their mean outcome, so that their order says nothing.
std::vector<CalibrationBin> EqualMassBins(std::span<const OutcomeRow> rows,
                                          std::size_t bins);

// Expected calibration error: the bins' distances of mean from share, weighted
// by rows. 0 without bins.
double ExpectedCalibrationError(std::span<const CalibrationBin> bins);

// The rising step function closest to the outcomes in squares (pool adjacent
// violators, Barlow et al. 1972).
std::vector<IsotonicStep> FitIsotonic(std::span<const OutcomeRow> rows);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_DOMAIN_CALIBRATION_H_
