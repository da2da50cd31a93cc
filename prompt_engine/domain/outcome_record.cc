#include "prompt_engine/domain/outcome_record.h"

namespace evalloop::prompt_engine {

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
  return figure;
}

}  // namespace evalloop::prompt_engine
