#ifndef EVALLOOP_SERVING_STREAM_ACCESS_EVENTS_H_
#define EVALLOOP_SERVING_STREAM_ACCESS_EVENTS_H_

#include <span>
#include <string>
#include <utility>

#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/delivery/transactional_consumer.h"
#include "serving/domain/audit_log.h"
#include "serving/domain/key_desk.h"

namespace evalloop::serving {

// Keys to every service, through the outbox. Thread-safe.
class OutboxKeyEvents final : public KeyEvents {
 public:
  // References outlive this object. topic: full name.
  OutboxKeyEvents(base::Outbox& outbox, base::Clock& clock, std::string topic)
      : outbox_(outbox), clock_(clock), topic_(std::move(topic)) {}

  absl::Status Changed(base::UnitOfWork& work, const AccessKey& key) override;

 private:
  base::Outbox& outbox_;
  base::Clock& clock_;
  const std::string topic_;
};

// Makes lines of the audit log of access.audit.
class AuditHandler final : public delivery::BatchHandler {
 public:
  explicit AuditHandler(AuditLog& log) : log_(log) {}
  absl::Status Handle(base::UnitOfWork& work,
                      std::span<const kafka::Record* const> fresh) override;

 private:
  AuditLog& log_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_STREAM_ACCESS_EVENTS_H_
