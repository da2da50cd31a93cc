#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_STORE_H_

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "prompt_engine/domain/outcome.h"

namespace evalloop::prompt_engine {

// Keeps outcomes in memory. Filters by prompt, session, repository and model.
class FakeOutcomeStore final : public OutcomeStore {
 public:
  absl::Status Put(base::UnitOfWork&,
                   std::span<const Outcome> outcomes) override {
    for (const Outcome& outcome : outcomes) {
      const auto text = outcomes_[outcome.completion_id].text;
      outcomes_[outcome.completion_id] = outcome;
      if (!outcome.text) outcomes_[outcome.completion_id].text = text;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<Outcome>> Find(
      base::UnitOfWork&, std::string_view completion_id) override {
    const auto found = outcomes_.find(std::string(completion_id));
    if (found == outcomes_.end()) return std::nullopt;
    return found->second;
  }
  absl::StatusOr<std::vector<Outcome>> Load(base::UnitOfWork&,
                                            const OutcomeFilter& filter,
                                            int limit) override {
    std::vector<Outcome> list;
    for (const auto& [id, outcome] : outcomes_) {
      if (Matches(outcome, filter)) list.push_back(outcome);
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const Outcome& a, const Outcome& b) {
                       return a.serve_time < b.serve_time;
                     });
    if (static_cast<int>(list.size()) > limit) {
      list.erase(list.begin(), list.end() - limit);
    }
    return list;
  }

 private:
  static bool Matches(const Outcome& outcome, const OutcomeFilter& filter) {
    const auto fits = [](const std::string& wanted, const std::string& is) {
      return wanted.empty() || wanted == is;
    };
    return fits(filter.prompt, outcome.prompt) &&
           fits(filter.session, outcome.session) &&
           fits(filter.repository, outcome.repository) &&
           fits(filter.model, outcome.model);
  }

  std::map<std::string, Outcome> outcomes_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_STORE_H_
