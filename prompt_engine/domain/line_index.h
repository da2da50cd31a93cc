#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_LINE_INDEX_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_LINE_INDEX_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "prompt_engine/domain/commit.h"

namespace evalloop::prompt_engine {

// A counted line and who wrote it when.
struct WrittenLine {
  std::int64_t context_key = 0;
  std::int64_t token_key = 0;
  std::string text;
  std::string author;
  std::string commit;
  std::uint32_t position = 0;
  absl::Time author_time;
};

// What mining asks of one repository's ingested history. Thread-compatible.
class LineIndex {
 public:
  virtual ~LineIndex() = default;

  // All commits, in order.
  virtual absl::StatusOr<std::vector<CommitHeader>> Commits() = 0;

  // Counted lines that stand in one of these contexts, at commits up to
  // `until`; of each context the newest `limit`, newest first.
  virtual absl::StatusOr<std::vector<WrittenLine>> SameContext(
      std::span<const std::int64_t> context_keys, std::uint32_t until,
      int limit) = 0;

  // Each distinct token key added at commits `from` to `until` with the first
  // position where it was.
  virtual absl::StatusOr<std::vector<std::pair<std::int64_t, std::uint32_t>>>
  FirstPlaces(std::uint32_t from, std::uint32_t until) = 0;

  // Texts of up to `limit` counted lines of commits up to `until`, spread like
  // at random but the same each time.
  virtual absl::StatusOr<std::vector<std::string>> SampleTexts(
      std::uint32_t until, int limit) = 0;
};

// A LineIndex over commits in memory, for work without a database.
class MemoryLineIndex final : public LineIndex {
 public:
  explicit MemoryLineIndex(std::vector<IngestedCommit> commits)
      : commits_(std::move(commits)) {}

  absl::StatusOr<std::vector<CommitHeader>> Commits() override;
  absl::StatusOr<std::vector<WrittenLine>> SameContext(
      std::span<const std::int64_t> context_keys, std::uint32_t until,
      int limit) override;
  absl::StatusOr<std::vector<std::pair<std::int64_t, std::uint32_t>>>
  FirstPlaces(std::uint32_t from, std::uint32_t until) override;
  absl::StatusOr<std::vector<std::string>> SampleTexts(std::uint32_t until,
                                                       int limit) override;

 private:
  const std::vector<IngestedCommit> commits_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_LINE_INDEX_H_
