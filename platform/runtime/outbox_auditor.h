#ifndef EVALLOOP_PLATFORM_RUNTIME_OUTBOX_AUDITOR_H_
#define EVALLOOP_PLATFORM_RUNTIME_OUTBOX_AUDITOR_H_

#include <string>
#include <string_view>
#include <utility>

#include "platform/access/auditor.h"
#include "platform/base/clock.h"
#include "platform/base/outbox.h"
#include "platform/base/unit_of_work.h"

namespace evalloop::runtime {

// Writes audited calls through the outbox, in a transaction of its own, to the
// topic that serving makes the audit log of. Thread-safe.
class OutboxAuditor final : public access::Auditor {
 public:
  // All references outlive this object.
  OutboxAuditor(std::string service, std::string topic,
                base::Transactor& transactor, base::Outbox& outbox,
                base::Clock& clock)
      : service_(std::move(service)),
        topic_(std::move(topic)),
        transactor_(transactor),
        outbox_(outbox),
        clock_(clock) {}

  absl::Status Asked(const access::AuditedCall& call) override;
  void Ended(const access::AuditedCall& call, absl::StatusCode code) override;

 private:
  absl::Status Write(const access::AuditedCall& call, std::string outcome);

  const std::string service_;
  const std::string topic_;
  base::Transactor& transactor_;
  base::Outbox& outbox_;
  base::Clock& clock_;
};

}  // namespace evalloop::runtime

#endif  // EVALLOOP_PLATFORM_RUNTIME_OUTBOX_AUDITOR_H_
