#ifndef EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_LIBRARY_STORE_H_
#define EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_LIBRARY_STORE_H_

#include "prompt_engine/domain/library_store.h"

namespace evalloop::prompt_engine {

// LibraryStore over the tables prompt, revision, label and history. Stateless.
class PostgresLibraryStore final : public LibraryStore {
 public:
  absl::StatusOr<std::optional<std::uint32_t>> LockPrompt(
      base::UnitOfWork& work, std::string_view prompt,
      std::optional<absl::Time> create_time) override;
  absl::StatusOr<std::optional<Revision>> FindVersion(
      base::UnitOfWork& work, std::string_view prompt,
      std::uint32_t version) override;
  absl::StatusOr<std::optional<Revision>> FindDigest(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view digest) override;
  absl::StatusOr<std::optional<Revision>> FindRequest(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view request_id, absl::Time since) override;
  absl::Status AddRevision(base::UnitOfWork& work, const Revision& revision,
                           std::string_view request_id) override;
  absl::Status SetPublication(base::UnitOfWork& work, std::string_view prompt,
                              std::uint32_t version,
                              const Publication& publication) override;
  absl::StatusOr<std::optional<Label>> FindLabel(
      base::UnitOfWork& work, std::string_view prompt,
      std::string_view label) override;
  absl::Status PutLabel(base::UnitOfWork& work, const Label& label) override;
  absl::Status AddHistory(base::UnitOfWork& work, std::string_view prompt,
                          const HistoryEntry& entry) override;
  absl::StatusOr<std::vector<HistoryEntry>> MovesOf(base::UnitOfWork& work,
                                                    std::string_view prompt,
                                                    std::string_view label,
                                                    int limit) override;
  absl::StatusOr<listing::Page<PromptSummary>> ListPrompts(
      base::UnitOfWork& work, const listing::Request& request) override;
  absl::StatusOr<listing::Page<Revision>> ListRevisions(
      base::UnitOfWork& work, std::string_view prompt,
      const listing::Request& request) override;
  absl::StatusOr<listing::Page<HistoryEntry>> ListHistory(
      base::UnitOfWork& work, std::string_view prompt,
      const listing::Request& request) override;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_STORE_POSTGRES_LIBRARY_STORE_H_
