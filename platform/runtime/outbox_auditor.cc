#include "platform/runtime/outbox_auditor.h"

#include <vector>

#include "absl/time/time.h"
#include "evalloop/v1/events.pb.h"
#include "platform/base/ids.h"
#include "platform/telemetry/log.h"

namespace evalloop::runtime {
namespace {

// One key, hence one partition: the log has one order.
constexpr char kSubject[] = "audit";
constexpr char kAsked[] = "asked";

constexpr std::size_t kLongestPrompt = 200;

// What Postgres and a terminal take: bytes of a client, shortened.
std::string Tidy(std::string_view text) {
  std::string tidy(text.substr(0, kLongestPrompt));
  for (char& c : tidy) {
    if (c < ' ' || c > '~') c = '?';
  }
  return tidy;
}

void Set(absl::Time time, google::protobuf::Timestamp& stamp) {
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  stamp.set_seconds(seconds);
  stamp.set_nanos(static_cast<std::int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

}  // namespace

absl::Status OutboxAuditor::Asked(const access::AuditedCall& call) {
  return Write(call, kAsked);
}

void OutboxAuditor::Ended(const access::AuditedCall& call,
                          absl::StatusCode code) {
  const absl::Status written = Write(
      call,
      code == absl::StatusCode::kOk ? "OK" : absl::StatusCodeToString(code));
  if (!written.ok()) {
    telemetry::LogError("the audit log misses how a call ended",
                        {{"method", call.method},
                         {"call", call.call_id},
                         {"why", written.ToString()}});
  }
}

absl::Status OutboxAuditor::Write(const access::AuditedCall& call,
                                  std::string outcome) {
  const std::string event_id = base::DerivedId(
      call.call_id, outcome == kAsked ? "audit.asked" : "audit.ended");
  const absl::Time now = clock_.Now();
  v1::Event event;
  event.set_event_id(event_id);
  event.set_subject(kSubject);
  Set(now, *event.mutable_occur_time());
  v1::AuditEntry& entry = *event.mutable_audit_recorded()->mutable_entry();
  entry.set_call_id(call.call_id);
  Set(now, *entry.mutable_occur_time());
  entry.set_service(service_);
  entry.set_method(call.method);
  entry.set_identity(call.identity.name);
  entry.set_role(static_cast<v1::Role>(call.identity.role));
  entry.set_prompt(Tidy(call.prompt));
  entry.set_outcome(std::move(outcome));
  entry.set_details(call.details);
  entry.set_request_id(Tidy(call.request_id));
  const std::vector<base::OutgoingEvent> events = {
      {.event_id = event_id,
       .topic = topic_,
       .key = kSubject,
       .payload = event.SerializeAsString()}};
  return transactor_.Run(
      [&](base::UnitOfWork& work) { return outbox_.Add(work, events); });
}

}  // namespace evalloop::runtime
