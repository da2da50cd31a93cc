#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "platform/base/statistics.h"

namespace evalloop::base {
namespace {

constexpr std::int64_t kMostRows = 100'000;
constexpr std::int64_t kMostPairs = 10'000'000;  // A direction.
// Terms and sample sizes rarer than this don't move a power of 0.8.
constexpr double kNegligible = 1e-14;

// Binomial tails by summing terms downwards from the largest. log(n!) comes
// from a table: std::lgamma writes a global.
class Binomial {
 public:
  explicit Binomial(std::int64_t most) {
    log_factorial_.resize(static_cast<std::size_t>(most) + 1, 0);
    for (std::size_t i = 1; i < log_factorial_.size(); ++i) {
      log_factorial_[i] =
          log_factorial_[i - 1] + std::log(static_cast<double>(i));
    }
  }

  double Probability(std::int64_t n, std::int64_t k, double p) const {
    if (p <= 0) return k == 0 ? 1 : 0;
    if (p >= 1) return k == n ? 1 : 0;
    return std::exp(Log(n) - Log(k) - Log(n - k) +
                    static_cast<double>(k) * std::log(p) +
                    static_cast<double>(n - k) * std::log1p(-p));
  }

  // P(X <= k), exact to about 1e-14 for k at or under the median; above it the
  // other tail is summed.
  double AtMost(std::int64_t n, std::int64_t k, double p) const {
    if (k < 0) return 0;
    if (k >= n) return 1;
    if (static_cast<double>(k) > static_cast<double>(n) * p) {
      return 1 - AtMost(n, n - k - 1, 1 - p);
    }
    double term = Probability(n, k, p);
    double sum = 0;
    for (std::int64_t i = k; i >= 0 && term > kNegligible * sum; --i) {
      sum += term;
      term *= static_cast<double>(i) * (1 - p) /
              (static_cast<double>(n - i + 1) * p);
    }
    return std::min(sum, 1.0);
  }

 private:
  double Log(std::int64_t n) const {
    return log_factorial_[static_cast<std::size_t>(n)];
  }

  std::vector<double> log_factorial_;
};

// Chance of rejecting, once the critical counts are known.
class PowerCurve {
 public:
  explicit PowerCurve(const PowerQuestion& question)
      : question_(question), binomial_(question.rows) {
    // critical_[d]: the largest smaller count that is significant among d
    // discordant pairs, -1 for none. It grows by at most one a step.
    critical_.reserve(static_cast<std::size_t>(question.rows) + 1);
    std::int64_t critical = -1;
    for (std::int64_t d = 0; d <= question.rows; ++d) {
      if (2 * (critical + 1) < d &&
          2 * binomial_.AtMost(d, critical + 1, 0.5) <= question.alpha) {
        ++critical;
      }
      critical_.push_back(critical);
    }
  }

  double At(double difference) const {
    const double share = question_.discordant_share;
    const double gain = (1 + difference / share) / 2;
    const auto likeliest = std::min(
        question_.rows,
        static_cast<std::int64_t>(static_cast<double>(question_.rows) * share));
    double power = 0;
    for (std::int64_t d = likeliest; d >= 0; --d) {
      if (!AddGiven(d, gain, power)) break;
    }
    for (std::int64_t d = likeliest + 1; d <= question_.rows; ++d) {
      if (!AddGiven(d, gain, power)) break;
    }
    return power;
  }

 private:
  // False once d is too rare to matter.
  bool AddGiven(std::int64_t d, double gain, double& power) const {
    const double chance =
        binomial_.Probability(question_.rows, d, question_.discordant_share);
    if (chance < kNegligible) return false;
    const std::int64_t critical = critical_[static_cast<std::size_t>(d)];
    if (critical >= 0) {
      power += chance * (binomial_.AtMost(d, critical, gain) +
                         binomial_.AtMost(d, critical, 1 - gain));
    }
    return true;
  }

  PowerQuestion question_;
  Binomial binomial_;
  std::vector<std::int64_t> critical_;
};

bool InRange(const PowerQuestion& question) {
  return question.rows >= 1 && question.rows <= kMostRows &&
         question.discordant_share > 0 && question.discordant_share <= 1 &&
         question.alpha > 0 && question.alpha < 1 && question.power > 0 &&
         question.power < 1;
}

}  // namespace

absl::StatusOr<double> McNemarExactP(std::int64_t gained, std::int64_t lost) {
  if (gained < 0 || lost < 0 || gained > kMostPairs || lost > kMostPairs) {
    return absl::InvalidArgumentError(
        "counts of discordant pairs out of range");
  }
  const std::int64_t pairs = gained + lost;
  const double tail =
      Binomial(pairs).AtMost(pairs, std::min(gained, lost), 0.5);
  return std::min(1.0, 2 * tail);
}

absl::StatusOr<double> McNemarPower(const PowerQuestion& question,
                                    double difference) {
  if (!InRange(question) || difference < 0 ||
      difference > question.discordant_share) {
    return absl::InvalidArgumentError("power question out of range");
  }
  return PowerCurve(question).At(difference);
}

absl::StatusOr<double> MinimumDetectableEffect(const PowerQuestion& question) {
  if (!InRange(question)) {
    return absl::InvalidArgumentError("power question out of range");
  }
  const PowerCurve curve(question);
  double high = question.discordant_share;
  if (curve.At(high) < question.power) {
    return absl::FailedPreconditionError("too_few_rows");
  }
  double low = 0;
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2;
    (curve.At(middle) < question.power ? low : high) = middle;
  }
  return high;
}

}  // namespace evalloop::base
