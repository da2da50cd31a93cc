#ifndef EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_H_
#define EVALLOOP_PROMPT_ENGINE_DOMAIN_COMMIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace evalloop::prompt_engine {

// What a commit is to who looks for what developers wrote: a revert and a
// cherry-pick say nothing new.
enum class CommitKind : std::uint8_t { kOwn, kRevert, kCherryPick };

// One commit of a repository's first-parent line.
struct CommitHeader {
  std::uint32_t position = 0;  // From 0 at the root.
  std::string sha;
  std::string parent;  // Empty for a root.
  std::string author;  // A pseudonym, as everywhere outside git.
  absl::Time author_time;
  absl::Time commit_time;
  CommitKind kind = CommitKind::kOwn;
  bool is_merge = false;
  std::uint32_t counted_lines = 0;  // By the acceptance rule.
  std::uint32_t files = 0;          // Of languages that we know.
  std::uint32_t files_skipped = 0;  // Binary, too large, unreadable.
  std::uint32_t files_generated = 0;
  std::uint32_t renames = 0;
  // Of the change without line numbers, and of the same turned round; 0 where
  // nothing changed. See PatchIdentity.
  std::int64_t patch_id = 0;
  std::int64_t inverse_patch_id = 0;
};

// One added line with code on it.
struct AddedCode {
  std::string path;
  std::string language;
  std::uint32_t line = 0;  // In the new file, from 1.
  std::string text;        // From the first token, blanks at the end left out.
  std::uint32_t tokens = 0;
  bool counted = false;
  // It stood in the repository before this commit, at another place or cut into
  // lines in another way: nobody wrote it here.
  bool moved = false;
  std::int64_t token_key = 0;    // See TokenKey.
  std::int64_t context_key = 0;  // Of the path and the two lines above.
};

enum class ItemClass : std::uint8_t { kLine, kTail, kStatement, kBlock, kBody };

// A statement, block or body of which every line was added by one commit.
struct AddedPiece {
  ItemClass item_class = ItemClass::kStatement;
  std::string path;
  std::string language;
  std::uint32_t first_line = 0;  // In the new file, from 1.
  std::uint32_t last_line = 0;
  std::string symbol;       // The function that it is or stands in, else empty.
  std::string text;         // From the first token to the last.
  std::string indent;       // What stands before it on its first line: blanks.
  bool documented = false;  // A body whose function has a comment or docstring.
  std::int64_t token_key = 0;
  std::int64_t context_key = 0;
  std::int64_t signature_key = 0;  // kBody: of the function's head; else 0.
};

enum class ChangeKind : std::uint8_t { kAdded, kModified, kDeleted, kRenamed };

// One file that a commit changed. Languages that we know only.
struct ChangedFile {
  std::string path;      // Of a deleted one, as it was.
  std::string old_path;  // kRenamed: what it was called before; else empty.
  ChangeKind kind = ChangeKind::kModified;
  std::uint32_t added = 0;  // Lines.
  std::uint32_t removed = 0;
  bool generated = false;  // Or vendored: told apart, never mined.
};

// An added line that went at a later commit.
struct LineEnd {
  std::uint32_t position = 0;  // Of the commit that had added it.
  std::string path;            // Then.
  std::uint32_t line = 0;      // Then.
  // The line that this commit put in its place, in a change of as many lines;
  // 0: none.
  std::string next_path;
  std::uint32_t next_line = 0;

  bool operator==(const LineEnd&) const = default;
};

struct IngestedCommit {
  CommitHeader header;
  std::vector<AddedCode> lines;    // In path and line order.
  std::vector<AddedPiece> pieces;  // In path and line order, outer ones first.
  std::vector<ChangedFile> files;  // In path order.
  std::vector<LineEnd> ends;       // Of earlier commits' lines.
};

struct RepositoryRecord {
  std::int64_t id = 0;
  std::string repository;  // Path or URL, as given.
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
