#ifndef EVALLOOP_SCORER_STREAM_SCORED_EVENT_H_
#define EVALLOOP_SCORER_STREAM_SCORED_EVENT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "evalloop/v1/events.pb.h"
#include "scorer/domain/candidate.h"
#include "scorer/domain/functional.h"
#include "scorer/domain/rubrics.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// What an incoming event asks to be scored. Has views of the event.
struct ScoredEvent {
  v1::Event* event = nullptr;
  ScorerPtr scorer;
  // Nothing: no answer came, or it could not be checked.
  std::optional<Candidate> candidate;
  // Where the task has hidden tests: the program that they are run against.
  // `completion` is a copy, as what follows the cursor belongs to it.
  std::optional<FunctionalCase> tests;
  std::string completion;
  // Holds what candidate->names points to.
  std::shared_ptr<const code_analysis::RepositoryNames> names;
  StoredScore stored;  // All but the score and its time.
};

// What a revision's `rubric` names: NAME or NAME@VERSION. An empty name: none.
// What is no version is a part of the name, which then nobody has pushed.
RubricRef AskedBy(std::string_view rubric);

// Nothing where the event is none of ours; InvalidArgument where it lacks what
// every one has. `event` outlives the result. A ScoredEvent is not copied, as
// it has views of itself.
absl::StatusOr<std::unique_ptr<ScoredEvent>> ReadScoredEvent(
    v1::Event& event, const ScorersInForce& scorers);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STREAM_SCORED_EVENT_H_
