#ifndef EVALLOOP_PLATFORM_BASE_STATISTICS_H_
#define EVALLOOP_PLATFORM_BASE_STATISTICS_H_

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"

namespace evalloop::base {

// The statistics behind every interval, gate and power line. All functions are
// pure and depend on their arguments and seed alone. What can't be
// computed is FailedPrecondition, whose message is the machine-readable reason
// ("no_rows", "zero_denominator", ...), never 0.

// xoshiro256** seeded by splitmix64 (Blackman, Vigna 2018, public domain
// reference). The standard library's distributions differ between vendors;
// these don't. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t Next();
  // Uniform in [0, bound); `bound` > 0. Unbiased (Lemire 2019).
  std::uint64_t Below(std::uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double Unit();

 private:
  std::uint64_t state_[4];
};

// The point that a standard normal variable stays under with probability `p`,
// in (0, 1).
double NormalQuantile(double p);

// What one cluster (a commit, a file, an author: rows that aren't independent)
// adds to a ratio of sums. For a mean: the sum of its rows, and their number.
struct RatioTally {
  double numerator = 0;
  double denominator = 0;
};

// The same rows before and after.
struct PairedRatioTally {
  RatioTally before;
  RatioTally after;
};

struct Estimate {
  double value = 0;  // From all rows.
  double low = 0;    // The interval's bounds; low <= high.
  double high = 0;
};

enum class IntervalMethod {
  kPercentile,
  // Bias-corrected and accelerated (Efron 1987), acceleration by jackknife over
  // clusters. Falls back to percentile where all resamples agree.
  kBca,
};

struct BootstrapOptions {
  int resamples = 10'000;    // 1 or more.
  double confidence = 0.95;  // In (0, 1).
  std::uint64_t seed = 1;
  IntervalMethod method = IntervalMethod::kBca;
};

// sum(numerator) / sum(denominator) with an interval that resamples whole
// clusters (Davison, Hinkley 1997, 3.8). A resample without any denominator is
// drawn again, so a sparse ratio keeps its meaning.
// FailedPrecondition: "no_rows", "zero_denominator"; with one cluster
// "one_cluster": a single cluster says nothing about its like.
absl::StatusOr<Estimate> BootstrapRatio(std::span<const RatioTally> clusters,
                                        const BootstrapOptions& options);

// Ratio after minus ratio before, clusters resampled in pairs. Same errors.
absl::StatusOr<Estimate> BootstrapRatioDifference(
    std::span<const PairedRatioTally> clusters,
    const BootstrapOptions& options);

// Two-sided exact McNemar test: the chance, where both directions are equally
// likely, of a split of `gained` + `lost` discordant pairs at least this uneven
// (doubled binomial tail, at most 1). 1 where nothing is discordant.
// InvalidArgument: a count under 0 or over 10 million.
absl::StatusOr<double> McNemarExactP(std::int64_t gained, std::int64_t lost);

struct PowerQuestion {
  std::int64_t rows = 0;        // Paired rows, 1 to 100'000.
  double discordant_share = 0;  // Share of rows that differ, in (0, 1].
  double alpha = 0.05;
  double power = 0.8;
};

// The chance that McNemarExactP falls to `alpha` or under, when the true
// difference of the two shares is `difference` (0 to discordant_share).
// InvalidArgument: a value outside its range.
absl::StatusOr<double> McNemarPower(const PowerQuestion& question,
                                    double difference);

// The smallest true difference (a share: 0.05 is 5 points) that the exact
// McNemar test finds with the asked power.
// FailedPrecondition "too_few_rows": not even the largest possible difference
// would be found. InvalidArgument: a value outside its range.
absl::StatusOr<double> MinimumDetectableEffect(const PowerQuestion& question);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_STATISTICS_H_
