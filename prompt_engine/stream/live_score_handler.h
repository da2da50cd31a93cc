#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_LIVE_SCORE_HANDLER_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_LIVE_SCORE_HANDLER_H_

#include <span>

#include "platform/delivery/transactional_consumer.h"
#include "prompt_engine/domain/outcome_record.h"

namespace evalloop::prompt_engine {

// ScoreRecorded records of outcomes (their events' subject is
// outcomes/{completion}) are kept beside the outcome; those of runs and of
// settled completions are others' business. Thread-compatible.
class LiveScoreHandler final : public delivery::BatchHandler {
 public:
  explicit LiveScoreHandler(OutcomeRecords& records) : records_(records) {}

  // InvalidArgument for a record that is no score.
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  OutcomeRecords& records_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_LIVE_SCORE_HANDLER_H_
