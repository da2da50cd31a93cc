#include "serving/stream/access_events.h"

#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/base/ids.h"
#include "serving/translate/access.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {

absl::Status OutboxKeyEvents::Changed(base::UnitOfWork& work,
                                      const AccessKey& key) {
  const std::string event_id = base::RandomId();
  v1::Event event = NewEvent(event_id, key.id, clock_.Now());
  v1::AccessKeyChanged& changed = *event.mutable_access_key_changed();
  ToProto(key, *changed.mutable_key());
  changed.set_token_mac(key.mac);
  const std::vector<base::OutgoingEvent> events = {
      {.event_id = event_id,
       .topic = topic_,
       .key = key.id,
       .payload = event.SerializeAsString()}};
  return outbox_.Add(work, events);
}

absl::Status AuditHandler::Handle(base::UnitOfWork& work,
                                  std::span<const kafka::Record* const> fresh) {
  std::vector<AuditLine> lines;
  lines.reserve(fresh.size());
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_audit_recorded() ||
        event.audit_recorded().entry().call_id().empty()) {
      return absl::InvalidArgumentError("no line of the audit log");
    }
    lines.push_back(FromProto(event.audit_recorded().entry()));
  }
  return log_.Append(work, lines);
}

}  // namespace evalloop::serving
