#ifndef EVALLOOP_EVALUATOR_TESTING_FAKE_OUTCOME_STORE_H_
#define EVALLOOP_EVALUATOR_TESTING_FAKE_OUTCOME_STORE_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "evaluator/domain/selection.h"
#include "evaluator/testing/fakes.h"

namespace evalloop::evaluator {

// What a FakeRunStore holds; later runs count as newer. For one thread.
class FakeOutcomeStore final : public OutcomeStore {
 public:
  explicit FakeOutcomeStore(FakeRunStore& runs) : runs_(runs) {}

  absl::StatusOr<std::vector<FinishedRun>> FinishedRuns(
      std::string_view benchmark, std::uint32_t version, Subset subset,
      std::span<const std::string> prompts, std::size_t limit) override {
    std::vector<FinishedRun> found;
    for (auto run = runs_.runs.rbegin(); run != runs_.runs.rend(); ++run) {
      if (run->benchmark != benchmark || run->benchmark_version != version ||
          run->subset != subset || run->state != RunState::kFinished ||
          found.size() == limit ||
          !(prompts.empty() ||
            std::find(prompts.begin(), prompts.end(), run->revision.prompt) !=
                prompts.end())) {
        continue;
      }
      found.push_back({.id = run->id,
                       .prompt = run->revision.prompt,
                       .version = run->revision.version,
                       .model = run->revision.model,
                       .model_snapshot = run->revision.model_snapshot,
                       .mode = run->mode,
                       .subset_digest = run->subset_digest,
                       .scorer_digest = run->scorer_digest,
                       .index_commit = run->index_commit,
                       .start_time = run->start_time});
    }
    return found;
  }

  absl::StatusOr<std::vector<Row>> RowsWith(std::string_view run_id,
                                            std::string_view metric,
                                            const Page& page) override {
    std::vector<Row> found;
    bool on = page.after.empty();
    for (Row row : runs_.rows[std::string(run_id)]) {
      const std::string place = row.item_id + " " + std::to_string(row.sample);
      if (on && found.size() < page.size) {
        if (metric == "composite") {
          row.metrics = {{"composite", row.composite, ""}};
        }
        std::erase_if(row.metrics, [&](const MetricValue& value) {
          return value.metric != metric;
        });
        found.push_back(std::move(row));
      }
      on = on || place == page.after;
    }
    return found;
  }

 private:
  FakeRunStore& runs_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_TESTING_FAKE_OUTCOME_STORE_H_
