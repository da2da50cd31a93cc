#ifndef EVALLOOP_EVALUATOR_STREAM_EVENTS_H_
#define EVALLOOP_EVALUATOR_STREAM_EVENTS_H_

#include <span>
#include <string>

#include "evaluator/domain/ports.h"
#include "platform/base/clock.h"
#include "platform/base/outbox.h"

namespace evalloop::evaluator {

// Events as protobuf records in the outbox. Thread-safe.
class OutboxEvents final : public Events {
 public:
  // `outbox` and `clock` outlive this object.
  OutboxEvents(base::Outbox& outbox, base::Clock& clock,
               std::string topic_prefix)
      : outbox_(outbox), clock_(clock), prefix_(std::move(topic_prefix)) {}

  absl::Status AskFor(base::UnitOfWork& work, const Run& run,
                      std::span<const Item> items,
                      std::span<const std::uint32_t> samples) override;
  // What is told again has the same id: a row of a run is scored again once.
  absl::Status ScoreAgain(base::UnitOfWork& work, const Run& run,
                          std::span<const Item> items,
                          std::span<const Row> rows) override;
  absl::Status AskForOracles(base::UnitOfWork& work, const Benchmark& benchmark,
                             std::span<const Item> items) override;
  absl::Status Decided(base::UnitOfWork& work,
                       const Decision& decision) override;

 private:
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string prefix_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_STREAM_EVENTS_H_
