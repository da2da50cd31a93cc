#ifndef EVALLOOP_REPLAY_TOTALS_H_
#define EVALLOOP_REPLAY_TOTALS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/base/statistics.h"

namespace evalloop::replay {

// What typing some lines came to. Plain sums: tallies add up in any order.
struct Tally {
  std::int64_t lines = 0;
  std::int64_t requests = 0;
  std::int64_t shown = 0;
  std::int64_t accepted = 0;
  std::int64_t typed_characters = 0;     // Non-blank, typed by hand.
  std::int64_t accepted_characters = 0;  // Non-blank, from suggestions.
  std::int64_t rejected_characters = 0;  // Non-blank, of rejected suggestions.
  std::vector<float> latencies_ms;       // One a request, in no order.

  Tally& operator+=(const Tally& other);
};

struct Bounds {
  double low = 0;
  double high = 0;
};

// The figures that are always reported together. A figure that can't be
// computed is absent: acceptance where nothing was shown, an interval where
// there was one commit only.
struct Totals {
  std::int64_t lines = 0;
  std::int64_t shown = 0;
  std::int64_t accepted = 0;
  std::optional<double> acceptance;  // accepted / shown
  std::optional<Bounds> acceptance_ci;
  std::optional<double> completed_chars;  // accepted / (typed + accepted)
  std::optional<Bounds> completed_chars_ci;
  std::optional<double> rejected_chars;  // Per 400 lines.
  std::optional<double> p95_ms;
};

// Sums up `commits`; 95 % intervals resample whole commits (2,000 resamples,
// percentile). Deterministic for a seed and an order of commits.
Totals Summarize(std::span<const Tally> commits, std::uint64_t seed);

// {"lines":..,"shown":..,...}: the contract's totals as one line of JSON, an
// absent figure as null, an interval as [low, high].
std::string ToJson(const Totals& totals);

}  // namespace evalloop::replay

#endif  // EVALLOOP_REPLAY_TOTALS_H_
