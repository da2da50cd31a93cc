#ifndef EVALLOOP_SERVING_STREAM_RUN_TASK_HANDLER_H_
#define EVALLOOP_SERVING_STREAM_RUN_TASK_HANDLER_H_

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/delivery/transactional_consumer.h"
#include "serving/domain/run_answerer.h"

namespace evalloop::serving {

struct RunTaskOptions {
  std::string topic;  // Of RunAnswered, full name.
  int parallel = 8;   // Tasks of a batch answered at once.
  // How long a batch sits out an outage of the provider before its tasks are
  // answered with infrastructure_error. A batch must fit the consumer's poll
  // interval with it.
  std::chrono::milliseconds patience{120'000};
};

// Answers run tasks; each answer leaves through the outbox with an event id
// derived from its task's, in the transaction that remembers the task. Answers
// are kept until their batch is through, so that a failed commit doesn't ask
// the models again. Called from one thread.
class RunTaskHandler final : public delivery::BatchHandler {
 public:
  // `stopped` says that the process ends: unanswered tasks are then left for
  // later. All references outlive this object.
  RunTaskHandler(const RunAnswerer& answerer, base::Outbox& outbox,
                 base::Clock& clock, RunTaskOptions options,
                 std::function<bool()> stopped);

  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  const RunAnswerer& answerer_;
  base::Outbox& outbox_;
  base::Clock& clock_;
  const RunTaskOptions options_;
  const std::function<bool()> stopped_;
  // Answers of the batch at hand, by the task's event id.
  std::map<std::string, base::OutgoingEvent> answered_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_RUN_TASK_HANDLER_H_
