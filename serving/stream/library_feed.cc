#include "serving/stream/library_feed.h"

#include <string_view>

#include "completion_policy/output_policy.h"
#include "completion_policy/render.h"
#include "evalloop/v1/events.pb.h"
#include "fmt/format.h"
#include "protos/topics.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {
namespace {

absl::Status ApplyTombstone(const kafka::Record& record, Library& library) {
  if (record.topic.ends_with(v1topics::kServingModel)) {
    library.RemoveModel(record.key);
  } else if (record.topic.ends_with(v1topics::kPromptLabel)) {
    const std::string_view key = record.key;
    const auto slash = key.rfind('/');
    if (slash == std::string_view::npos) {
      return absl::InvalidArgumentError("a label's key holds no slash");
    }
    library.RemoveLabel(key.substr(0, slash), key.substr(slash + 1));
  }
  return absl::OkStatus();
}

absl::Status ApplyRevision(const v1::Revision& message, Library& library) {
  if (message.prompt().empty() || message.version() == 0) {
    return absl::InvalidArgumentError("a revision without prompt or version");
  }
  Revision revision = FromProto(message);
  // Once here, and not for each completion.
  auto inlined = completion_policy::Inlined(std::move(revision.wording));
  if (!inlined.ok()) return inlined.status();
  revision.wording = *std::move(inlined);
  if (auto status = completion_policy::CheckTemplate(revision.wording.form);
      !status.ok()) {
    return status;
  }
  if (auto status = completion_policy::CheckOutputPolicy(revision.output);
      !status.ok()) {
    return status;
  }
  library.Put(std::move(revision));
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyToLibrary(const kafka::Record& record, Library& library) {
  if (record.tombstone) return ApplyTombstone(record, library);
  v1::Event event;
  if (!event.ParseFromString(record.payload)) {
    return absl::InvalidArgumentError(
        fmt::format("{} offset {} is no event", record.topic, record.offset));
  }
  switch (event.payload_case()) {
    case v1::Event::kRevisionPushed:
      return ApplyRevision(event.revision_pushed().revision(), library);
    case v1::Event::kLabelMoved: {
      const v1::LabelMoved& moved = event.label_moved();
      library.Move({.prompt = moved.prompt(),
                    .label = moved.label(),
                    .version = moved.version(),
                    .sequence = moved.sequence()});
      return absl::OkStatus();
    }
    case v1::Event::kModelRegistered: {
      Model model = FromProto(event.model_registered().model());
      if (auto status = ValidateModel(model); !status.ok()) return status;
      library.Put(std::move(model));
      return absl::OkStatus();
    }
    default:
      return absl::InvalidArgumentError(
          fmt::format("{} offset {} holds another kind of event", record.topic,
                      record.offset));
  }
}

}  // namespace evalloop::serving
