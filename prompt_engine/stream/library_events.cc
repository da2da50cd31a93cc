#include "prompt_engine/stream/library_events.h"

#include <fmt/format.h>

#include <array>

#include "evalloop/v1/events.pb.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {
namespace {

absl::Status Put(base::Outbox& outbox, base::UnitOfWork& work,
                 const std::string& topic, const v1::Event& event) {
  base::OutgoingEvent outgoing;
  outgoing.event_id = event.event_id();
  outgoing.topic = topic;
  outgoing.key = event.subject();
  outgoing.payload = event.SerializeAsString();
  return outbox.Add(work, std::array{outgoing});
}

}  // namespace

absl::Status OutboxLibraryEvents::RevisionStored(base::UnitOfWork& work,
                                                 const Revision& revision) {
  v1::Event event;
  event.set_subject(fmt::format("{}/{}", revision.prompt, revision.version));
  // A prompt's name may hold slashes, its version none: subjects are unique.
  event.set_event_id(base::DerivedId(
      event.subject(), revision.publication ? "published" : "pushed"));
  *event.mutable_occur_time() = v1::ToTimestamp(
      revision.publication ? revision.publication->time : revision.create_time);
  v1::Revision& message = *event.mutable_revision_pushed()->mutable_revision();
  message.set_prompt(revision.prompt);
  message.set_version(revision.version);
  message.set_digest(revision.digest);
  if (!message.mutable_content()->ParseFromString(revision.content.bytes)) {
    return absl::DataLossError("content can't be read");
  }
  message.set_message(revision.message);
  message.set_author(revision.author);
  message.set_parent_version(revision.parent_version);
  *message.mutable_create_time() = v1::ToTimestamp(revision.create_time);
  if (revision.publication) {
    *message.mutable_publish_time() =
        v1::ToTimestamp(revision.publication->time);
  }
  return Put(outbox_, work, revision_topic_, event);
}

absl::Status OutboxLibraryEvents::LabelMoved(base::UnitOfWork& work,
                                             const Label& label) {
  v1::Event event;
  event.set_subject(fmt::format("{}/{}", label.prompt, label.label));
  event.set_event_id(base::DerivedId(event.subject(),
                                     fmt::format("moved/{}", label.sequence)));
  *event.mutable_occur_time() = v1::ToTimestamp(label.move_time);
  v1::LabelMoved& moved = *event.mutable_label_moved();
  moved.set_prompt(label.prompt);
  moved.set_label(label.label);
  moved.set_version(label.version);
  moved.set_digest(label.digest);
  moved.set_sequence(label.sequence);
  return Put(outbox_, work, label_topic_, event);
}

}  // namespace evalloop::prompt_engine
