#include "prompt_engine/stream/library_feed.h"

#include <fmt/format.h>

#include "evalloop/v1/events.pb.h"

namespace evalloop::prompt_engine {

absl::Status ForgetChanged(const kafka::Record& record, RevisionCache& cache) {
  if (record.tombstone) return absl::OkStatus();
  v1::Event event;
  if (!event.ParseFromString(record.payload)) {
    return absl::InvalidArgumentError(
        fmt::format("{} offset {} is no event", record.topic, record.offset));
  }
  switch (event.payload_case()) {
    case v1::Event::kRevisionPushed: {
      const v1::Revision& revision = event.revision_pushed().revision();
      cache.ForgetRevision(revision.prompt(), revision.version());
      return absl::OkStatus();
    }
    case v1::Event::kLabelMoved:
      cache.ForgetLabel(event.label_moved().prompt(),
                        event.label_moved().label());
      return absl::OkStatus();
    default:
      return absl::InvalidArgumentError(
          fmt::format("{} offset {} holds another kind of event", record.topic,
                      record.offset));
  }
}

}  // namespace evalloop::prompt_engine
