#ifndef EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_
#define EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_

#include <span>
#include <string>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/delivery/transactional_consumer.h"
#include "scorer/domain/rubrics.h"
#include "scorer/domain/score_store.h"

namespace evalloop::scorer {

// Scores what was answered to runs (RunAnswered) and what became of live
// completions (CompletionSettled): a row in the store and a ScoreRecorded on
// its way, in one transaction. The outgoing event's id is derived from the
// incoming one's, its subject is the same.
//
// The candidate is what the model said, shown or hidden: hidden is not missing.
// A run's is compared with the item's references where it stands; a live one
// with what then stood from the cursor to the end of the line, if the editor
// told. An answer that never came is stored without any value and says
// "infrastructure".
//
// The rubric is the one in force as this transaction sees it; a run keeps the
// one that its first row was scored by.
class ScoreHandler final : public delivery::BatchHandler {
 public:
  // All outlive this object. `topic` is the full name of score.recorded.
  ScoreHandler(ScoreStore& store, Rubrics& rubrics, base::Outbox& outbox,
               base::Clock& clock, std::string topic)
      : store_(store),
        rubrics_(rubrics),
        outbox_(outbox),
        clock_(clock),
        topic_(std::move(topic)) {}

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  ScoreStore& store_;
  Rubrics& rubrics_;
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_STREAM_SCORE_HANDLER_H_
