#ifndef EVALLOOP_EVALUATOR_DOMAIN_RUN_OUTCOMES_H_
#define EVALLOOP_EVALUATOR_DOMAIN_RUN_OUTCOMES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "evaluator/domain/comparison.h"
#include "evaluator/domain/run.h"
#include "platform/base/statistics.h"

// What is kept of a run to weigh cost against quality: sums by item, so that
// rows can be read a page at a time.
namespace evalloop::evaluator {

// A metric as it is weighed. More of it must be better.
struct MetricTerms {
  std::string metric;
  // What it is at most: 1, or 100 for bleu and chrf.
  double range = 1;
  // A task is completed where the metric reaches this.
  double completed_at = 1;
};

// 1, or 100 for bleu and chrf.
double RangeOf(std::string_view metric);

// A finished run, as far as choosing among runs takes it.
struct FinishedRun {
  std::string id;
  std::string prompt;
  std::uint32_t version = 0;
  std::string model;
  std::string model_snapshot;
  RunMode mode = RunMode::kOnce;
  std::string subset_digest;
  std::string scorer_digest;
  std::string index_commit;
  absl::Time start_time;

  std::string Revision() const;  // prompt@version
};

// The items of all runs, numbered from 0, and the commit of each.
class ItemIndex {
 public:
  // Its number; a new item gets the next one.
  std::uint32_t Of(std::string_view item_id, std::string_view commit);

  std::size_t size() const { return clusters_.size(); }
  std::uint32_t ClusterOf(std::uint32_t item) const { return clusters_[item]; }
  // Of each item, by number; null: `facts` doesn't know it.
  std::vector<const ItemFacts*> Facts(const FactsById& facts) const;

 private:
  std::map<std::string, std::uint32_t, std::less<>> items_;
  std::map<std::string, std::uint32_t, std::less<>> commits_;
  std::vector<std::uint32_t> clusters_;  // By item.
};

// One item in one run, over its samples. Each sample with a value is a task.
struct ItemOutcome {
  base::RatioTally quality;
  std::int64_t cost_micros = 0;
  std::uint32_t tasks = 0;
  std::uint32_t completed = 0;
  std::uint32_t unpriced = 0;  // Tasks that no cost is known of.
};

// A run's sums.
struct RunOutcomes {
  FinishedRun run;
  std::vector<ItemOutcome> items;  // By number; may end before the last one.
  bool binary = true;              // All values are 0 or 1.
  // Over the tasks.
  std::int64_t attempts = 0;   // That were told; an untold one counts as none
                               // made again.
  std::int64_t calls = 0;      // Attempts that there would be, none made again.
  std::int64_t untold = 0;     // Tasks that don't tell their attempts.
  std::int64_t valueless = 0;  // Rows that the metric has no value of.
  std::optional<double> p50_ms;
  std::optional<double> p95_ms;

  // Null where the run has no task of the item.
  const ItemOutcome* Find(std::uint32_t item) const;
};

// Adds a scored row.
void AddRow(const Row& row, const MetricTerms& terms, ItemIndex& index,
            RunOutcomes& outcomes);

// Sums of a run over some items.
struct OutcomeSum {
  std::uint32_t items = 0;
  std::int64_t tasks = 0;
  std::int64_t completed = 0;
  std::int64_t unpriced = 0;
  base::RatioTally quality;
  double cost_micros = 0;

  double Quality() const;
  // Absent: no task tells a cost.
  std::optional<double> CostPerTask() const;
};
OutcomeSum SumOf(const RunOutcomes& outcomes,
                 std::span<const std::uint32_t> items);

// Means over some items, with intervals clustered by commit and within 0 and
// `range`. Where all values are 0 or 1, one row won and one lost that nobody
// saw keep a few rows that agree from looking like proof (as Agresti, Coull
// 1998).
Estimate QualityOf(const RunOutcomes& outcomes, const ItemIndex& index,
                   std::span<const std::uint32_t> items, double range);
Estimate CompletedShareOf(const RunOutcomes& outcomes, const ItemIndex& index,
                          std::span<const std::uint32_t> items);

// Quality of `to` minus that of `from` over those of `items` that both have,
// paired and clustered by commit; absent: there is none.
struct PairedGain {
  Estimate gain;
  std::uint32_t items = 0;

  // False also where nothing can be said.
  bool ToldApart() const;
};
std::optional<PairedGain> GainOf(const RunOutcomes& from, const RunOutcomes& to,
                                 const ItemIndex& index,
                                 std::span<const std::uint32_t> items);

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_DOMAIN_RUN_OUTCOMES_H_
