#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace evalloop::prompt_engine {

// One commit of a repository's first-parent line.
struct CommitHeader {
  std::uint32_t position = 0;  // From 0 at the root.
  std::string sha;
  std::string parent;  // Empty for a root.
  std::string author;  // A pseudonym, as everywhere outside git.
  absl::Time author_time;
  absl::Time commit_time;
  std::uint32_t counted_lines = 0;  // By the acceptance rule.
  std::uint32_t files = 0;          // Of languages that we know.
  std::uint32_t files_skipped = 0;  // Binary, too large, unreadable.
};

// One added line with code on it.
struct AddedCode {
  std::string path;
  std::string language;
  std::uint32_t line = 0;  // In the new file, from 1.
  std::string text;        // From the first token, blanks at the end left out.
  std::uint32_t tokens = 0;
  bool counted = false;
  std::int64_t token_key = 0;    // See TokenKey.
  std::int64_t context_key = 0;  // Of the path and the two lines above.
};

struct IngestedCommit {
  CommitHeader header;
  std::vector<AddedCode> lines;  // In path and line order.
};

struct RepositoryRecord {
  std::int64_t id = 0;
  std::string repository;  // Path, as given.
  std::string author_key;  // Secret of this repository's pseudonyms.
  absl::Time ingest_time;
};

struct RepositorySummary {
  std::string repository;
  std::uint32_t commits = 0;
  std::uint64_t lines = 0;  // Counted ones.
  std::string newest_commit;
  absl::Time ingest_time;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_H_
