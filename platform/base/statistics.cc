#include "platform/base/statistics.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "absl/status/status.h"

namespace evalloop::base {
namespace {

// A resample without any denominator is drawn again, this often at most; with
// one informative cluster among many, a draw misses it with chance 1/e.
constexpr int kMostRedraws = 1000;

double NormalCdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

// `sorted` at share `p`, linear between order statistics.
double Quantile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = at - static_cast<double>(below);
  return sorted[below] * (1 - weight) + sorted[above] * weight;
}

// The statistic of a resample: how often each cluster was drawn is spread over
// the calls of `Add`; `Value` is absent where a denominator is 0.
struct RatioSum {
  RatioTally sum;

  void Add(const RatioTally& tally, double times) {
    sum.numerator += times * tally.numerator;
    sum.denominator += times * tally.denominator;
  }
  std::optional<double> Value() const {
    if (sum.denominator <= 0) return std::nullopt;
    return sum.numerator / sum.denominator;
  }
};

struct DifferenceSum {
  RatioSum before;
  RatioSum after;

  void Add(const PairedRatioTally& tally, double times) {
    before.Add(tally.before, times);
    after.Add(tally.after, times);
  }
  std::optional<double> Value() const {
    const auto from = before.Value();
    const auto to = after.Value();
    if (!from.has_value() || !to.has_value()) return std::nullopt;
    return *to - *from;
  }
};

// Efron's acceleration from leaving out one cluster at a time; 0 (plain bias
// correction) where one cluster alone carries a denominator.
template <class Sum, class Cluster>
double Acceleration(std::span<const Cluster> clusters, const Sum& all) {
  std::vector<double> without;
  without.reserve(clusters.size());
  for (const Cluster& cluster : clusters) {
    Sum rest = all;
    rest.Add(cluster, -1);
    const auto value = rest.Value();
    if (!value.has_value()) return 0;
    without.push_back(*value);
  }
  double mean = 0;
  for (const double value : without) mean += value;
  mean /= static_cast<double>(without.size());
  double squares = 0;
  double cubes = 0;
  for (const double value : without) {
    const double off = mean - value;
    squares += off * off;
    cubes += off * off * off;
  }
  if (squares <= 0) return 0;
  return cubes / (6 * std::pow(squares, 1.5));
}

struct Shares {
  double low;
  double high;
};

// Which quantiles of the resamples bound the interval.
template <class Sum, class Cluster>
Shares BcaShares(std::span<const Cluster> clusters, const Sum& all,
                 double value, const std::vector<double>& sorted,
                 Shares percentile) {
  const auto [first, last] =
      std::equal_range(sorted.begin(), sorted.end(), value);
  const double under = static_cast<double>(first - sorted.begin()) +
                       0.5 * static_cast<double>(last - first);
  const double share = under / static_cast<double>(sorted.size());
  if (share <= 0 || share >= 1) return percentile;
  const double bias = NormalQuantile(share);
  const double acceleration = Acceleration(clusters, all);
  const auto corrected = [&](double p) {
    const double z = bias + NormalQuantile(p);
    const double stretch = 1 - acceleration * z;
    return stretch <= 0 ? p : NormalCdf(bias + z / stretch);
  };
  return {corrected(percentile.low), corrected(percentile.high)};
}

template <class Sum, class Cluster>
absl::StatusOr<Estimate> Bootstrap(std::span<const Cluster> clusters,
                                   const BootstrapOptions& options) {
  if (options.resamples < 1 || options.confidence <= 0 ||
      options.confidence >= 1) {
    return absl::InvalidArgumentError(
        "resamples must be 1 or more, confidence in (0, 1)");
  }
  if (clusters.empty()) return absl::FailedPreconditionError("no_rows");
  Sum all;
  for (const Cluster& cluster : clusters) all.Add(cluster, 1);
  const auto value = all.Value();
  if (!value.has_value()) {
    return absl::FailedPreconditionError("zero_denominator");
  }
  if (clusters.size() == 1) {
    return absl::FailedPreconditionError("one_cluster");
  }
  Random random(options.seed);
  std::vector<double> resamples;
  resamples.reserve(static_cast<std::size_t>(options.resamples));
  for (int i = 0; i < options.resamples; ++i) {
    for (int attempt = 0; attempt < kMostRedraws; ++attempt) {
      Sum sum;
      for (std::size_t draw = 0; draw < clusters.size(); ++draw) {
        sum.Add(clusters[random.Below(clusters.size())], 1);
      }
      if (const auto resample = sum.Value(); resample.has_value()) {
        resamples.push_back(*resample);
        break;
      }
    }
  }
  if (resamples.empty()) {
    return absl::FailedPreconditionError("zero_denominator");
  }
  std::sort(resamples.begin(), resamples.end());
  Shares shares{(1 - options.confidence) / 2, (1 + options.confidence) / 2};
  if (options.method == IntervalMethod::kBca) {
    shares = BcaShares(clusters, all, *value, resamples, shares);
  }
  return Estimate{*value, Quantile(resamples, shares.low),
                  Quantile(resamples, shares.high)};
}

std::uint64_t RotateLeft(std::uint64_t x, int k) {
  return (x << k) | (x >> (64 - k));
}

}  // namespace

// Acklam's rational approximation (2003), then one step of Halley's method,
// which leaves an error near the precision of a double.
double NormalQuantile(double p) {
  static constexpr double kA[] = {
      -3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
      1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  static constexpr double kB[] = {-5.447609879822406e+01, 1.615858368580409e+02,
                                  -1.556989798598866e+02, 6.680131188771972e+01,
                                  -1.328068155288572e+01};
  static constexpr double kC[] = {
      -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
      -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  static constexpr double kD[] = {7.784695709041462e-03, 3.224671290700398e-01,
                                  2.445134137142996e+00, 3.754408661907416e+00};
  constexpr double kLow = 0.02425;
  const auto tail = [](double q) {
    return (((((kC[0] * q + kC[1]) * q + kC[2]) * q + kC[3]) * q + kC[4]) * q +
            kC[5]) /
           ((((kD[0] * q + kD[1]) * q + kD[2]) * q + kD[3]) * q + 1);
  };
  double x = 0;
  if (p < kLow) {
    x = tail(std::sqrt(-2 * std::log(p)));
  } else if (p > 1 - kLow) {
    x = -tail(std::sqrt(-2 * std::log1p(-p)));
  } else {
    const double q = p - 0.5;
    const double r = q * q;
    x = (((((kA[0] * r + kA[1]) * r + kA[2]) * r + kA[3]) * r + kA[4]) * r +
         kA[5]) *
        q /
        (((((kB[0] * r + kB[1]) * r + kB[2]) * r + kB[3]) * r + kB[4]) * r + 1);
  }
  const double error = NormalCdf(x) - p;
  const double step =
      error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - step / (1 + x * step / 2);
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    seed += 0x9e3779b97f4a7c15;
    std::uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

std::uint64_t Random::Next() {
  const std::uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

std::uint64_t Random::Below(std::uint64_t bound) {
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(Next()) * bound;
  auto low = static_cast<std::uint64_t>(product);
  if (low < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (low < threshold) {
      product = static_cast<Wide>(Next()) * bound;
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

absl::StatusOr<Estimate> BootstrapRatio(std::span<const RatioTally> clusters,
                                        const BootstrapOptions& options) {
  return Bootstrap<RatioSum>(clusters, options);
}

absl::StatusOr<Estimate> BootstrapRatioDifference(
    std::span<const PairedRatioTally> clusters,
    const BootstrapOptions& options) {
  return Bootstrap<DifferenceSum>(clusters, options);
}

}  // namespace evalloop::base
