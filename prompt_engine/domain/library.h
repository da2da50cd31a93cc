#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/base/clock.h"
#include "platform/base/unit_of_work.h"
#include "prompt_engine/domain/gates.h"
#include "prompt_engine/domain/library_store.h"
#include "prompt_engine/domain/revision.h"
#include "prompt_engine/domain/revision_cache.h"

namespace evalloop::prompt_engine {

struct PushRequest {
  std::string prompt;
  RevisionContent content;
  std::string message;
  std::string author;
  std::uint32_t parent_version = 0;
  std::string request_id;
};

struct Pushed {
  Revision revision;
  bool created = false;  // False: the content, or the request, was there.
};

struct PublishRequest {
  std::string prompt;
  std::uint32_t version = 0;
  std::string gate_id;          // A gate of this version; or
  std::string override_reason;  // why it is published without one.
  std::string author;
};

struct Published {
  Revision revision;
  Label staging;
};

struct MoveRequest {
  std::string prompt;
  std::string label;
  std::uint32_t version = 0;
  std::string reason;
  std::string author;
  std::uint32_t expected_version = 0;  // 0: whatever it points at.
};

// The rules of the prompt library. Thread-safe.
//
// Errors, besides the store's: InvalidArgument names the field; NotFound with
// reason PROMPT_NOT_FOUND, REVISION_NOT_FOUND, LABEL_NOT_FOUND or
// GATE_NOT_FOUND; FailedPrecondition with reason GATE_REQUIRED,
// GATE_OF_ANOTHER_REVISION, GATE_NOT_GREEN, LINT_BLOCKS, LABEL_PROTECTED,
// NOT_PUBLISHED or NOTHING_TO_ROLL_BACK; Aborted with LABEL_MOVED_MEANWHILE.
class Library {
 public:
  // All outlive it.
  struct Parts {
    base::Transactor& transactor;
    LibraryStore& store;
    LibraryEvents& events;
    const ContentCodec& codec;
    Gates& gates;
    RevisionCache& cache;
    base::Clock& clock;
  };

  explicit Library(const Parts& parts)
      : transactor_(parts.transactor),
        store_(parts.store),
        events_(parts.events),
        codec_(parts.codec),
        gates_(parts.gates),
        cache_(parts.cache),
        clock_(parts.clock) {}

  absl::StatusOr<Pushed> Push(const PushRequest& request);
  // From the cache, where it was resolved before.
  absl::StatusOr<Revision> Resolve(const RevisionSelector& selector);
  // Decoded content beside the revision.
  absl::StatusOr<RevisionContent> ContentOf(const Revision& revision) const;

  // Needs a green gate, or an override reason; refuses what lint blocks. Moves
  // `staging`. Published twice is published once. Unavailable: it can't be told
  // now how the gate ended.
  absl::StatusOr<Published> Publish(const PublishRequest& request);

  // `latest` is refused; `production` takes published revisions only. Moving a
  // label to where it points changes nothing.
  absl::StatusOr<Label> Move(const MoveRequest& request);
  // Each rollback undoes one more move.
  absl::StatusOr<Label> RollBack(const MoveRequest& request);
  absl::StatusOr<Label> Protect(std::string_view prompt, std::string_view label,
                                bool is_protected, std::string_view author);

  absl::StatusOr<listing::Page<PromptSummary>> ListPrompts(
      const listing::Request& request);
  absl::StatusOr<listing::Page<Revision>> ListRevisions(
      std::string_view prompt, const listing::Request& request);
  absl::StatusOr<listing::Page<HistoryEntry>> ListHistory(
      std::string_view prompt, const listing::Request& request);

 private:
  struct Grounds {
    Verdict verdict = Verdict::kNone;
    std::string override_reason;
    std::string words;  // For the history.
  };

  absl::StatusOr<Revision> ResolveIn(base::UnitOfWork& work,
                                     const RevisionSelector& selector);
  absl::Status PushIn(base::UnitOfWork& work, const PushRequest& request,
                      const EncodedContent& content, Pushed& pushed);
  // Who lets the version be published, and why.
  absl::StatusOr<Grounds> GroundsFor(const PublishRequest& request);
  absl::Status PublishIn(base::UnitOfWork& work, const PublishRequest& request,
                         const Grounds& grounds, Published& published);
  absl::Status MoveIn(base::UnitOfWork& work, const MoveRequest& request,
                      std::string_view act, Label& label);
  absl::Status RollBackIn(base::UnitOfWork& work, const MoveRequest& request,
                          Label& label);
  absl::Status LockPrompt(base::UnitOfWork& work, std::string_view prompt);
  absl::StatusOr<Label> MoveAndForget(
      const MoveRequest& request,
      const std::function<absl::Status(base::UnitOfWork&, Label&)>& move);

  base::Transactor& transactor_;
  LibraryStore& store_;
  LibraryEvents& events_;
  const ContentCodec& codec_;
  Gates& gates_;
  RevisionCache& cache_;
  base::Clock& clock_;
};

// What a label pointed at before its last move that was not undone; absent
// when there is nothing to go back to. `moves` are its kMoved and kRolledBack
// entries, oldest first.
std::optional<std::uint32_t> VersionBefore(
    const std::vector<HistoryEntry>& moves);

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_H_
