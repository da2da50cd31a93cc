#ifndef EVALLOOP_SCORER_STREAM_ASK_CRITERIA_H_
#define EVALLOOP_SCORER_STREAM_ASK_CRITERIA_H_

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "scorer/domain/judge.h"
#include "scorer/stream/scored_event.h"

namespace evalloop::scorer {

// Who answers the yes or no questions of items.
struct CriteriaJudge {
  Judge* judge = nullptr;  // Null: nobody ("no_judge").
  std::string model;       // A registered one.
  std::uint32_t votes = 3;
  // For one answer, and for all of a batch: what is left then is missing as
  // "judge_late" and costs the batch no more.
  std::chrono::milliseconds within{60'000};
  std::chrono::milliseconds batch_within{300'000};
};

// Fills in criteria_met of the candidates whose task has criteria, several at
// once. It stays missing, with a reason, where no judge says anything:
// no_judge, judge_same_family, judge_unavailable, judge_invalid, judge_late.
// The row is scored all the same: a judge is never alone.
void AskCriteria(const CriteriaJudge& judge,
                 std::span<const std::unique_ptr<ScoredEvent>> batch);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STREAM_ASK_CRITERIA_H_
