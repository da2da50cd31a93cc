#include "model_server/domain/blend.h"

namespace evalloop::model_server {

std::vector<double> Blend(const Evidence& evidence,
                          const Parameters& parameters,
                          std::uint32_t vocabulary_size) {
  std::vector<double> probability(evidence.candidates.size(),
                                  1.0 / (vocabulary_size + 1.0));
  for (int slot = 0; slot < evidence.slots; ++slot) {
    const auto s = static_cast<std::size_t>(slot);
    const SlotTotals& totals = evidence.totals[s];
    const double weight = parameters.file_weight[s];
    const double total = totals.total + weight * totals.file_total;
    if (total <= 0) continue;
    const double backoff =
        parameters.discount[s] * (totals.distinct + totals.file_distinct);
    const double scale = 1.0 / (total + backoff);
    for (std::size_t i = 0; i < probability.size(); ++i) {
      const CandidateCount& count = evidence.counts[s][i];
      probability[i] =
          (count.index + weight * count.file + backoff * probability[i]) *
          scale;
    }
  }
  return probability;
}

Match LongestMatch(const Evidence& evidence, std::size_t candidate) {
  for (int slot = evidence.slots - 1; slot >= 0; --slot) {
    const auto s = static_cast<std::size_t>(slot);
    const CandidateCount& count = evidence.counts[s][candidate];
    if (count.index + count.file > 0) {
      return {kOrders[s], static_cast<int>(count.index + count.file)};
    }
  }
  return {};
}

}  // namespace evalloop::model_server
