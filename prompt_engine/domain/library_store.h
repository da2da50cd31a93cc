#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "platform/base/unit_of_work.h"
#include "platform/listing/request.h"
#include "prompt_engine/domain/revision.h"

namespace evalloop::prompt_engine {

// Prompts, revisions, labels and their history. Each call works in the given
// unit of work; absent means that there is no such row. Thread-safe across
// units of work.
class LibraryStore {
 public:
  virtual ~LibraryStore() = default;

  // Takes the prompt for this unit of work, so that its writers queue; creates
  // it where `create_time` is given. Its latest version (0 for a new prompt),
  // or absent.
  virtual absl::StatusOr<std::optional<std::uint32_t>> LockPrompt(
      base::UnitOfWork& work, std::string_view prompt,
      std::optional<absl::Time> create_time) = 0;

  virtual absl::StatusOr<std::optional<Revision>> FindVersion(
      base::UnitOfWork& work, std::string_view prompt,
      std::uint32_t version) = 0;
  // `prompt` may be empty: then the oldest revision of that digest.
  virtual absl::StatusOr<std::optional<Revision>> FindDigest(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view digest) = 0;
  // Pushed with `request_id` after `since`.
  virtual absl::StatusOr<std::optional<Revision>> FindRequest(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view request_id, absl::Time since) = 0;
  // The version becomes the prompt's latest. AlreadyExists: taken.
  virtual absl::Status AddRevision(base::UnitOfWork& work,
                                   const Revision& revision,
                                   std::string_view request_id) = 0;
  virtual absl::Status SetPublication(base::UnitOfWork& work,
                                      std::string_view prompt,
                                      std::uint32_t version,
                                      const Publication& publication) = 0;

  virtual absl::StatusOr<std::optional<Label>> FindLabel(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view label) = 0;
  // Inserts or replaces.
  virtual absl::Status PutLabel(base::UnitOfWork& work, const Label& label) = 0;

  virtual absl::Status AddHistory(base::UnitOfWork& work,
                                  std::string_view prompt,
                                  const HistoryEntry& entry) = 0;
  // The label's newest `limit` moves and rollbacks, oldest first.
  virtual absl::StatusOr<std::vector<HistoryEntry>> MovesOf(
      base::UnitOfWork& work, std::string_view prompt, std::string_view label,
      int limit) = 0;

  // By name where the request says no order. InvalidArgument of these lists
  // names filter, order_by or page.page_token.
  virtual absl::StatusOr<listing::Page<PromptSummary>> ListPrompts(
      base::UnitOfWork& work, const listing::Request& request) = 0;
  // Newest first, likewise.
  virtual absl::StatusOr<listing::Page<Revision>> ListRevisions(
      base::UnitOfWork& work, std::string_view prompt,
      const listing::Request& request) = 0;
  virtual absl::StatusOr<listing::Page<HistoryEntry>> ListHistory(
      base::UnitOfWork& work, std::string_view prompt,
      const listing::Request& request) = 0;
};

// What others are told, in the unit of work that does it. Thread-safe.
class LibraryEvents {
 public:
  virtual ~LibraryEvents() = default;
  // The revision exists, or was published.
  virtual absl::Status RevisionStored(base::UnitOfWork& work,
                                      const Revision& revision) = 0;
  virtual absl::Status LabelMoved(base::UnitOfWork& work,
                                  const Label& label) = 0;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LIBRARY_STORE_H_
