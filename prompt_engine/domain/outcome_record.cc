#include "prompt_engine/domain/outcome_record.h"

#include <algorithm>
#include <cmath>

namespace evalloop::prompt_engine {
namespace {

// Wilson's interval (JASA 22, 1927) for a share of `cases`.
void SetWilson(double share, double cases, Figure& figure) {
  const double z = base::NormalQuantile(0.975);
  const double scale = 1 + z * z / cases;
  const double middle = (share + z * z / (2 * cases)) / scale;
  const double half =
      z / scale *
      std::sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases));
  figure.low = std::max(0.0, middle - half);
  figure.high = std::min(1.0, middle + half);
}

}  // namespace

Figure FigureOf(std::span<const OutcomeTally> commits,
                base::RatioTally OutcomeTally::*part) {
  std::vector<base::RatioTally> clusters;
  base::RatioTally all;
  for (const OutcomeTally& commit : commits) {
    const base::RatioTally& tally = commit.*part;
    if (tally.denominator == 0) continue;
    clusters.push_back(tally);
    all.numerator += tally.numerator;
    all.denominator += tally.denominator;
  }
  Figure figure;
  figure.rows = static_cast<std::uint64_t>(all.denominator);
  if (clusters.empty()) return figure;
  figure.value = all.numerator / all.denominator;
  const auto estimate = base::BootstrapRatio(clusters, {});
  if (!estimate.ok()) return figure;  // One commit says nothing of its like.
  figure.low = estimate->low;
  figure.high = estimate->high;
  // Where all commits agree, resampling sees nothing beyond them.
  if (estimate->low == estimate->high) {
    SetWilson(*figure.value, static_cast<double>(clusters.size()), figure);
  }
  return figure;
}

}  // namespace evalloop::prompt_engine
