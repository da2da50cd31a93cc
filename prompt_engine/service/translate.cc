#include "prompt_engine/service/translate.h"

#include <charconv>

#include "platform/base/reason.h"
#include "protos/timestamps.h"

namespace evalloop::prompt_engine {

absl::Status ToProto(const Revision& revision, v1::Revision& message) {
  message.set_prompt(revision.prompt);
  message.set_version(revision.version);
  message.set_digest(revision.digest);
  if (!message.mutable_content()->ParseFromString(revision.content.bytes)) {
    return absl::DataLossError("stored content can't be read");
  }
  message.set_message(revision.message);
  message.set_author(revision.author);
  message.set_parent_version(revision.parent_version);
  *message.mutable_create_time() = v1::ToTimestamp(revision.create_time);
  if (revision.publication) {
    *message.mutable_publish_time() =
        v1::ToTimestamp(revision.publication->time);
  }
  return absl::OkStatus();
}

void ToProto(const Label& label, v1::Label& message) {
  message.set_prompt(label.prompt);
  message.set_label(label.label);
  message.set_version(label.version);
  message.set_digest(label.digest);
  message.set_is_protected(label.is_protected);
  message.set_sequence(label.sequence);
  *message.mutable_move_time() = v1::ToTimestamp(label.move_time);
}

void ToProto(const PromptSummary& prompt, v1::Prompt& message) {
  message.set_name(prompt.name);
  for (const Label& label : prompt.labels) {
    ToProto(label, *message.add_labels());
  }
  message.set_latest_version(prompt.latest_version);
  *message.mutable_create_time() = v1::ToTimestamp(prompt.create_time);
}

void ToProto(const HistoryEntry& entry, v1::HistoryEntry& message) {
  *message.mutable_time() = v1::ToTimestamp(entry.time);
  message.set_act(entry.act);
  message.set_label(entry.label);
  message.set_from_version(entry.from_version);
  message.set_to_version(entry.to_version);
  message.set_author(entry.author);
  message.set_reason(entry.reason);
}

RevisionSelector FromProto(const v1::RevisionSelector& message) {
  return {message.prompt(), message.version(), message.label(),
          message.digest()};
}

absl::StatusOr<std::int64_t> Page::AfterNumber() const {
  if (after.empty()) return 0;
  std::int64_t number = 0;
  const char* const end = after.data() + after.size();
  const auto [at, error] = std::from_chars(after.data(), end, number);
  if (error != std::errc() || at != end || number < 0) {
    return base::FieldError("page.page_token", "is not one of ours",
                            "send next_page_token as it came");
  }
  return number;
}

absl::StatusOr<Page> PageOf(const v1::PageRequest& request) {
  if (request.page_size() > 1000) {
    return base::FieldError("page.page_size", "is over 1000", "ask for less");
  }
  Page page;
  if (request.page_size() != 0)
    page.size = static_cast<int>(request.page_size());
  page.after = request.page_token();
  return page;
}

}  // namespace evalloop::prompt_engine
