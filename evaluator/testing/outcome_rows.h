#ifndef EVALLOOP_EVALUATOR_TESTING_OUTCOME_ROWS_H_
#define EVALLOOP_EVALUATOR_TESTING_OUTCOME_ROWS_H_

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/run_outcomes.h"

namespace evalloop::evaluator {

inline const MetricTerms kPassTerms = {
    .metric = "pass_at_1", .range = 1, .completed_at = 1};

// The only sample of "item<number>", asked for once.
inline Row Outcome(int number, const std::string& commit, double value,
                   std::int64_t cost_micros,
                   const std::string& metric = "pass_at_1") {
  Row row;
  row.item_id = "item" + std::to_string(number);
  row.commit = commit;
  row.scored = true;
  row.metrics = {{metric, value, ""}};
  row.cost_micros = cost_micros;
  row.attempts = 1;
  return row;
}

// A run of PROMPT@1 with one row for each value, each item a commit of its own.
inline RunOutcomes OutcomesOf(const std::string& prompt,
                              const std::vector<double>& values,
                              std::int64_t cost_micros, ItemIndex& index) {
  RunOutcomes outcomes;
  outcomes.run.id = "run of " + prompt;
  outcomes.run.prompt = prompt;
  outcomes.run.version = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    AddRow(Outcome(static_cast<int>(i), "commit" + std::to_string(i), values[i],
                   cost_micros),
           kPassTerms, index, outcomes);
  }
  return outcomes;
}

inline std::vector<std::uint32_t> AllItems(const ItemIndex& index) {
  std::vector<std::uint32_t> all(index.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_OUTCOME_ROWS_H_
