#include "prompt_engine/stream/outcome_events.h"

#include <vector>

#include "evalloop/v1/events.pb.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

v1::Event EventOf(const KnownOutcome& known) {
  const Outcome& outcome = known.outcome;
  v1::Event event;
  event.set_event_id(base::DerivedId(outcome.completion_id, "outcome known"));
  event.set_subject("outcomes/" + outcome.completion_id);
  *event.mutable_occur_time() = v1::ToTimestamp(known.know_time);
  v1::OutcomeKnown& message = *event.mutable_outcome_known();
  message.set_completion_id(outcome.completion_id);
  message.set_prompt(outcome.prompt);
  message.set_revision_version(outcome.revision_version);
  v1::Location& location = *message.mutable_location();
  location.set_repository(outcome.repository);
  location.set_path(outcome.path);
  location.set_language(outcome.language);
  location.set_commit(outcome.commit);
  location.set_line(outcome.line);
  location.set_column(outcome.column);
  message.set_prefix(known.prefix);
  message.set_suffix(known.suffix);
  message.set_text(known.text);
  for (const std::string& reference : known.references) {
    message.add_references(reference);
  }
  message.set_shown(outcome.shown);
  *message.mutable_know_time() = v1::ToTimestamp(known.know_time);
  return event;
}

}  // namespace

absl::Status OutboxOutcomeEvents::Known(base::UnitOfWork& work,
                                        std::span<const KnownOutcome> known) {
  std::vector<base::OutgoingEvent> events;
  events.reserve(known.size());
  for (const KnownOutcome& one : known) {
    const v1::Event event = EventOf(one);
    events.push_back({.event_id = event.event_id(),
                      .topic = topic_,
                      .key = event.subject(),
                      .payload = event.SerializeAsString()});
  }
  return outbox_.Add(work, events);
}

}  // namespace evalloop::prompt_engine
