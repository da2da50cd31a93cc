#ifndef EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_RECORDS_H_
#define EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_RECORDS_H_

#include <map>
#include <string>
#include <vector>

#include "prompt_engine/domain/outcome_record.h"

namespace evalloop::prompt_engine {

// Answers what a test put in; filters nothing.
class FakeOutcomeRecords final : public OutcomeRecords {
 public:
  absl::StatusOr<std::optional<OutcomeRecord>> Find(
      base::UnitOfWork&, std::string_view completion_id) override {
    const auto found = records.find(std::string(completion_id));
    if (found == records.end()) return std::nullopt;
    return found->second;
  }
  absl::StatusOr<std::vector<OutcomeSummary>> Summarise(
      base::UnitOfWork&, const OutcomeFilter&) override {
    return summaries;
  }
  absl::Status PutScores(base::UnitOfWork&,
                         std::span<const LiveScore> scores) override {
    for (const LiveScore& score : scores) {
      records[score.completion_id].score = score;
    }
    return absl::OkStatus();
  }

  std::map<std::string, OutcomeRecord> records;
  std::vector<OutcomeSummary> summaries;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_TESTING_FAKE_OUTCOME_RECORDS_H_
