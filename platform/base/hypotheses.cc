#include "platform/base/hypotheses.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace evalloop::base {
namespace {

constexpr int kMaxTerms = 500;
constexpr double kTiny = 1e-300;
constexpr double kEnough = 1e-14;
constexpr std::size_t kMaxPermuted = 10;

// The continued fraction of the incomplete beta function, by Lentz's method.
double BetaFraction(double a, double b, double x) {
  const auto not_zero = [](double v) {
    return std::abs(v) < kTiny ? kTiny : v;
  };
  double c = 1;
  double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= kMaxTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / not_zero(1 + even * d);
    c = not_zero(1 + even / c);
    fraction *= d * c;
    const double odd =
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / not_zero(1 + odd * d);
    c = not_zero(1 + odd / c);
    const double step = d * c;
    fraction *= step;
    if (std::abs(step - 1) < kEnough) break;
  }
  return fraction;
}

double IncompleteBeta(double a, double b, double x) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
               a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * BetaFraction(a, b, x) / a;
  return 1 - front * BetaFraction(b, a, 1 - x) / b;
}

std::vector<std::size_t> Rising(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(),
      [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

}  // namespace

double StudentTCdf(double t, double freedom) {
  if (std::isinf(t)) return t > 0 ? 1 : 0;
  const double tail =
      0.5 * IncompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
  return t > 0 ? 1 - tail : tail;
}

double StudentTQuantile(double p, double freedom) {
  double low = -1, high = 1;
  while (StudentTCdf(low, freedom) > p && low > -1e12) low *= 2;
  while (StudentTCdf(high, freedom) < p && high < 1e12) high *= 2;
  for (int i = 0; i < 200 && high - low > 1e-12 * (1 + std::abs(low)); ++i) {
    const double middle = (low + high) / 2;
    (StudentTCdf(middle, freedom) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<double> HolmAdjusted(std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.size());
  const std::vector<std::size_t> order = Rising(p_values);
  double least = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double p = p_values[order[i]] * static_cast<double>(order.size() - i);
    least = std::max(least, std::min(1.0, p));
    adjusted[order[i]] = least;
  }
  return adjusted;
}

std::vector<double> BenjaminiHochbergAdjusted(
    std::span<const double> p_values) {
  std::vector<double> adjusted(p_values.size());
  const std::vector<std::size_t> order = Rising(p_values);
  double most = 1;
  for (std::size_t i = order.size(); i > 0; --i) {
    const double p = p_values[order[i - 1]] *
                     static_cast<double>(order.size()) / static_cast<double>(i);
    most = std::min(most, p);
    adjusted[order[i - 1]] = most;
  }
  return adjusted;
}

double PermutationLossP(std::span<const double> before,
                        std::span<const double> after) {
  const std::size_t size = before.size();
  if (size == 0 || size != after.size() || size > kMaxPermuted) return 1;
  std::vector<double> all(before.begin(), before.end());
  all.insert(all.end(), after.begin(), after.end());
  const double sum = std::accumulate(after.begin(), after.end(), 0.0);
  // Sums that are equal but for rounding count as equal.
  const double slack =
      1e-9 *
      (1 + std::accumulate(all.begin(), all.end(), 0.0,
                           [](double a, double b) { return a + std::abs(b); }));
  std::int64_t as_low = 0, splits = 0;
  for (std::uint32_t mask = 0; mask < (1u << all.size()); ++mask) {
    if (static_cast<std::size_t>(std::popcount(mask)) != size) continue;
    double drawn = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (mask & (1u << i)) drawn += all[i];
    }
    ++splits;
    as_low += drawn <= sum + slack;
  }
  return static_cast<double>(as_low) / static_cast<double>(splits);
}

}  // namespace evalloop::base
