#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_EVENTS_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_EVENTS_H_

#include <span>
#include <string>
#include <utility>

#include "platform/base/outbox.h"
#include "prompt_engine/domain/known_outcome.h"

namespace evalloop::prompt_engine {

// OutcomeEvents as OutcomeKnown through the outbox. An event's id is derived
// from the completion's, so a completion is told of once. Thread-safe.
class OutboxOutcomeEvents final : public OutcomeEvents {
 public:
  // `topic`: the full name.
  OutboxOutcomeEvents(base::Outbox& outbox, std::string topic)
      : outbox_(outbox), topic_(std::move(topic)) {}

  absl::Status Known(base::UnitOfWork& work,
                     std::span<const KnownOutcome> known) override;

 private:
  base::Outbox& outbox_;
  const std::string topic_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_EVENTS_H_
