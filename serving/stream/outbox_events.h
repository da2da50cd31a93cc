#ifndef EVALLOOP_SERVING_STREAM_OUTBOX_EVENTS_H_
#define EVALLOOP_SERVING_STREAM_OUTBOX_EVENTS_H_

#include <span>
#include <string>
#include <utility>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "serving/domain/model_catalog.h"
#include "serving/domain/settlement.h"

namespace evalloop::serving {

// The events of serving's own state, through the outbox. Topics are full names.
// Thread-safe.
class OutboxSettledEvents final : public SettledEvents {
 public:
  OutboxSettledEvents(base::Outbox& outbox, base::Clock& clock,
                      std::string topic)
      : outbox_(outbox), clock_(clock), topic_(std::move(topic)) {}

  absl::Status Settled(base::UnitOfWork& work,
                       std::span<const serving::Settled> settled) override;

 private:
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
};

class OutboxModelEvents final : public ModelEvents {
 public:
  OutboxModelEvents(base::Outbox& outbox, base::Clock& clock, std::string topic)
      : outbox_(outbox), clock_(clock), topic_(std::move(topic)) {}

  absl::Status Registered(base::UnitOfWork& work, const Model& model) override;

 private:
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_OUTBOX_EVENTS_H_
