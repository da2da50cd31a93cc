#ifndef EVALLOOP_EVALUATOR_STREAM_SCORE_HANDLER_H_
#define EVALLOOP_EVALUATOR_STREAM_SCORE_HANDLER_H_

#include <span>

#include "evaluator/domain/ports.h"
#include "platform/delivery/transactional_consumer.h"

namespace evalloop::evaluator {

// Writes the scores of runs' rows where they belong; scores of live completions
// are not ours. Thread-safe.
class ScoreHandler final : public delivery::BatchHandler {
 public:
  // `runs` outlives this object.
  explicit ScoreHandler(RunStore& runs) : runs_(runs) {}

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  RunStore& runs_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STREAM_SCORE_HANDLER_H_
