#ifndef EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_
#define EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/delivery/transactional_consumer.h"
#include "scorer/domain/checkouts.h"
#include "scorer/domain/code_tools.h"
#include "scorer/domain/functional.h"
#include "scorer/domain/rubrics.h"
#include "scorer/domain/score_store.h"
#include "scorer/stream/ask_criteria.h"
#include "scorer/stream/scored_event.h"

namespace evalloop::scorer {

// What the handler may use besides the texts; null: what takes it is missing.
// All outlive the handler.
struct ScoreInstruments {
  CodeTools* tools = nullptr;
  FunctionalTests* tests = nullptr;
  Checkouts* checkouts = nullptr;
  CriteriaJudge judge = {};
};

// Scores what was answered to runs (RunAnswered), what editors told of live
// completions (CompletionSettled) and what was committed in their places
// (OutcomeKnown): a row in the store and a ScoreRecorded on its way, in one
// transaction. The outgoing event's id is derived from the incoming one's, its
// subject is the same: outcomes/{id} tells the last kind from the one before.
//
// The candidate is what the model said, shown or hidden: hidden is not missing.
// A run's is compared with the item's references where it stands, and runs the
// item's hidden tests; a live one is compared with what then stood from the
// cursor to the end of the line, if the editor told. Once it is known what was
// committed, it is scored a second time, as a subject of its own: exactly as
// the row of a run, with the code around it, against the agreed output and the
// committed text. The first score is there within a second and calibrates the
// rubric against acceptance, the second is the one that runs are compared with;
// as their references differ they are never one row. An answer that never came
// is stored without any value and says "infrastructure"; so does one whose
// tests could not be run, which counts as a row that infrastructure failed.
//
// The rubric is the one in force as this transaction sees it; a run keeps the
// one that its first row was scored by.
class ScoreHandler final : public delivery::BatchHandler {
 public:
  // All outlive this object. `topic` is the full name of score.recorded.
  ScoreHandler(ScoreStore& store, Rubrics& rubrics, base::Outbox& outbox,
               base::Clock& clock, std::string topic,
               ScoreInstruments instruments = {})
      : store_(store),
        rubrics_(rubrics),
        outbox_(outbox),
        clock_(clock),
        topic_(std::move(topic)),
        instruments_(instruments) {}

  // Takes seconds where tests or tools are asked for, a minute or more where
  // many candidates run until their time is up.
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  using Batch = std::span<const std::unique_ptr<ScoredEvent>>;

  void RunTests(Batch batch) const;
  void Score(Batch batch) const;

  ScoreStore& store_;
  Rubrics& rubrics_;
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
  const ScoreInstruments instruments_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_
