#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_

#include <span>

#include "absl/time/time.h"
#include "platform/base/clock.h"
#include "platform/delivery/transactional_consumer.h"
#include "prompt_engine/domain/outcome.h"
#include "prompt_engine/domain/watch_store.h"

namespace evalloop::prompt_engine {

// CompletionServed and CompletionSettled records become outcomes, each with a
// watch for what will be committed in its place. Of a completion that is served
// it is waited `grace` for what its editor tells, then it is looked at without;
// one that is settled is looked at at once. Thread-compatible.
class OutcomeHandler final : public delivery::BatchHandler {
 public:
  // All outlive this object.
  OutcomeHandler(OutcomeStore& outcomes, WatchStore& watches,
                 base::Clock& clock, absl::Duration grace)
      : outcomes_(outcomes), watches_(watches), clock_(clock), grace_(grace) {}

  // InvalidArgument for a record that is neither.
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  OutcomeStore& outcomes_;
  WatchStore& watches_;
  base::Clock& clock_;
  const absl::Duration grace_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_
