#ifndef EVALLOOP_PLATFORM_BASE_HYPOTHESES_H_
#define EVALLOOP_PLATFORM_BASE_HYPOTHESES_H_

#include <span>
#include <vector>

// Tests and what keeps many of them honest. All functions are pure.
namespace evalloop::base {

// The chance that Student's t with `freedom` > 0 degrees of freedom stays at or
// under `t`, by the regularised incomplete beta function's continued fraction
// (Abramowitz, Stegun 26.5.8, 26.7.1).
double StudentTCdf(double t, double freedom);

// The t that StudentTCdf gives `p` for; `p` in (0, 1).
double StudentTQuantile(double p, double freedom);

// p-values by Holm 1979: those at or under alpha are true findings, all of them
// with a chance of at least 1 - alpha, however they hang together.
std::vector<double> HolmAdjusted(std::span<const double> p_values);

// p-values by Benjamini, Hochberg 1995: of those at or under q a share of at
// most q is false on average.
std::vector<double> BenjaminiHochbergAdjusted(std::span<const double> p_values);

// One-sided permutation test of two samples of the same size (at most 10): the
// chance that a split at random puts `after` at least so far under `before`.
// Exact. 1 where they are empty or not of one size.
double PermutationLossP(std::span<const double> before,
                        std::span<const double> after);

}  // namespace evalloop::base

#endif  // EVALLOOP_PLATFORM_BASE_HYPOTHESES_H_
