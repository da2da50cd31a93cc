#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_

#include <span>

#include "platform/delivery/transactional_consumer.h"
#include "prompt_engine/domain/outcome.h"

namespace evalloop::prompt_engine {

// CompletionSettled records become outcomes. Thread-compatible.
class OutcomeHandler final : public delivery::BatchHandler {
 public:
  explicit OutcomeHandler(OutcomeStore& store) : store_(store) {}

  // InvalidArgument for a record that is no settled completion.
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  OutcomeStore& store_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_OUTCOME_HANDLER_H_
