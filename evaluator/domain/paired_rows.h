#ifndef EVALLOOP_EVALUATOR_DOMAIN_PAIRED_ROWS_H_
#define EVALLOOP_EVALUATOR_DOMAIN_PAIRED_ROWS_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/comparison.h"
#include "platform/base/statistics.h"

// The inside of Compare: pairs, what they add to a metric, and their groups.
namespace evalloop::evaluator {

struct RowPair {
  const Row* baseline;
  const Row* candidate;  // Null: it has no answer.
};

// What one pair adds to a metric.
struct PairPart {
  bool counts = false;  // The baseline has a value.
  bool lost = false;    // The candidate has none.
  base::RatioTally was;
  base::RatioTally now;
};

struct PartsOfMetric {
  std::string metric;
  std::vector<PairPart> parts;  // One for each pair.
  bool binary = true;           // All values are 0 or 1.
};

// A delta without its interval, and what the interval is made of.
struct ClusteredDelta {
  MetricDelta delta;
  std::vector<base::PairedRatioTally> clusters;
};

// One pair lost and one won that nobody saw. Without them a few rows of 0 and 1
// that happen to agree would have an interval of no width, as if they were
// proof (Agresti, Min 2005, for matched proportions).
inline constexpr base::PairedRatioTally kUnseenPairs[] = {
    {.before = {1, 1}, .after = {0, 1}}, {.before = {0, 1}, .after = {1, 1}}};

PartsOfMetric PartsOf(std::span<const RowPair> pairs,
                      const std::string& metric);

// Over the pairs at `chosen`.
ClusteredDelta Sum(const PartsOfMetric& metric, std::span<const RowPair> pairs,
                   std::span<const std::uint32_t> chosen);

// Each item's mean loss over its samples, where it has one.
std::vector<ItemLoss> LossesOf(const PartsOfMetric& metric,
                               std::span<const RowPair> pairs,
                               std::span<const std::uint32_t> item_of,
                               std::size_t items);

// Pairs by class, language and tag of their item. `pairs` outlives it.
class Grouping {
 public:
  Grouping(std::span<const RowPair> pairs, const FactsById& facts);

  // Gives each group its delta of one more metric.
  void Add(const PartsOfMetric& metric, double confidence);

  std::vector<GroupDelta> Take() && { return std::move(groups_); }

 private:
  std::span<const RowPair> pairs_;
  std::vector<GroupDelta> groups_;
  std::vector<std::vector<std::uint32_t>> members_;  // Of each group.
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_PAIRED_ROWS_H_
