#ifndef EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_EVENTS_H_
#define EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_EVENTS_H_

#include <string>

#include "platform/base/outbox.h"
#include "prompt_engine/domain/library_store.h"

namespace evalloop::prompt_engine {

// LibraryEvents as RevisionPushed and LabelMoved on their compacted topics,
// through the outbox. Thread-safe.
class OutboxLibraryEvents final : public LibraryEvents {
 public:
  // Full names of the topics.
  OutboxLibraryEvents(base::Outbox& outbox, std::string revision_topic,
                      std::string label_topic)
      : outbox_(outbox),
        revision_topic_(std::move(revision_topic)),
        label_topic_(std::move(label_topic)) {}

  absl::Status RevisionStored(base::UnitOfWork& work,
                              const Revision& revision) override;
  absl::Status LabelMoved(base::UnitOfWork& work, const Label& label) override;

 private:
  base::Outbox& outbox_;
  const std::string revision_topic_;
  const std::string label_topic_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STREAM_LIBRARY_EVENTS_H_
