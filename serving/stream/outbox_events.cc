#include "serving/stream/outbox_events.h"

#include <vector>

#include "platform/base/ids.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {

absl::Status OutboxSettledEvents::Settled(
    base::UnitOfWork& work, std::span<const serving::Settled> settled) {
  std::vector<base::OutgoingEvent> events;
  events.reserve(settled.size());
  for (const serving::Settled& one : settled) {
    const std::string& id = one.completion.id;
    std::string event_id = base::DerivedId(id, "settled");
    v1::Event event = NewEvent(event_id, id, clock_.Now());
    v1::CompletionSettled& payload = *event.mutable_completion_settled();
    ToProto(one.completion, *payload.mutable_completion());
    ToProto(one.feedback, *payload.mutable_feedback());
    events.push_back({.event_id = std::move(event_id),
                      .topic = topic_,
                      .key = id,
                      .payload = event.SerializeAsString()});
  }
  return outbox_.Add(work, events);
}

absl::Status OutboxModelEvents::Registered(base::UnitOfWork& work,
                                           const Model& model) {
  std::string event_id = base::RandomId();
  v1::Event event = NewEvent(event_id, model.name, clock_.Now());
  ToProto(model, *event.mutable_model_registered()->mutable_model());
  const std::vector<base::OutgoingEvent> events = {
      {.event_id = std::move(event_id),
       .topic = topic_,
       .key = model.name,
       .payload = event.SerializeAsString()}};
  return outbox_.Add(work, events);
}

}  // namespace evalloop::serving
