#ifndef EVALLOOP_CODE_ANALYSIS_HISTORY_H_
#define EVALLOOP_CODE_ANALYSIS_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace evalloop::code_analysis {

// What is kept of a commit's message.
inline constexpr std::size_t kMaxMessageBytes = 4096;

// A commit's header. Times are seconds since the Unix epoch, UTC.
struct CommitInfo {
  std::string sha;          // 40 lower-case hex digits, as all shas here.
  std::string parent;       // First parent; empty for a root commit.
  std::string author_name;  // This and the next two are always valid UTF-8.
  std::string author_email;
  std::int64_t author_time = 0;
  std::int64_t commit_time = 0;
  std::string subject;    // First line of the message.
  std::string message;    // Whole, at most kMaxMessageBytes; valid UTF-8.
  bool is_merge = false;  // More than one parent.
};

enum class FileStatus : std::uint8_t { kAdded, kModified, kDeleted, kRenamed };

// Lines are counted from 1. Where a side has no lines, its start is the line
// after which the other side stands (0: before the first), as git writes it.
struct Hunk {
  std::uint32_t old_start = 0;
  std::uint32_t old_lines = 0;
  std::uint32_t new_start = 0;
  std::uint32_t new_lines = 0;
};

struct FileChange {
  FileStatus status = FileStatus::kModified;
  std::string old_path;     // Empty for kAdded.
  std::string new_path;     // Empty for kDeleted.
  std::string old_text;     // Empty for kAdded.
  std::string new_text;     // Empty for kDeleted.
  bool valid_utf8 = true;   // Both texts and both paths are.
  std::vector<Hunk> hunks;  // No context lines; in order, not touching.
};

// Why a file was left out.
enum class SkipReason : std::uint8_t {
  kBinary,
  kTooLarge,  // Over Limits::max_blob_bytes.
  kNotAFile,  // A symbolic link or a submodule.
  // Beyond Limits::max_files, max_commit_bytes or max_tree_entries; one entry
  // for all of them.
  kTooManyFiles,
  kUnreadable,  // Missing or damaged object.
};

struct SkippedFile {
  std::string path;  // Empty for kTooManyFiles.
  SkipReason reason = SkipReason::kBinary;
};

struct CommitChanges {
  std::vector<FileChange> files;  // In path order.
  std::vector<SkippedFile> skipped;
};

struct Limits {
  std::size_t max_blob_bytes = std::size_t{1} << 20;
  std::size_t max_files = 2000;  // Per commit, and for ReadTree 100 times that.
  // Texts of one commit's changes, both sides.
  std::size_t max_commit_bytes = std::size_t{32} << 20;
  // Entries of folders that are looked at for one commit, and the size of one
  // folder: folders that hold each other many times over end here.
  std::size_t max_tree_entries = 2'000'000;
  std::size_t max_tree_bytes = std::size_t{32} << 20;
};

// Asked with a path before its blob is read; false leaves the file out without
// a word. Null: all files.
using PathFilter = std::function<bool(std::string_view path)>;

// One file of a commit's tree. Views are valid during the callback only.
struct TreeFile {
  std::string_view path;
  std::string_view text;
  bool valid_utf8 = true;
  bool generated_or_vendored = false;  // See IsGeneratedOrVendored.
};

// Read-only view of a git repository. NOT thread-safe: one object a thread;
// several objects may read one repository at once. Never runs hooks, filters or
// any configuration of the repository, and never writes to it.
class Repository {
 public:
  struct Impl;  // Private to this library.

  // A work tree, anything inside one, or a bare repository. NotFound: no such
  // path or no git repository there. FailedPrecondition: it has no commit yet.
  static absl::StatusOr<Repository> Open(std::string_view path,
                                         Limits limits = {});

  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  // The sha of the commit that `rev` means ("HEAD", branch, tag, short sha).
  // NotFound where it means none, InvalidArgument where it is ambiguous.
  absl::StatusOr<std::string> ResolveCommit(std::string_view rev) const;

  absl::StatusOr<CommitInfo> Commit(std::string_view sha) const;

  // Commits on the first-parent chain that ends in `to`, oldest first, `to`
  // included, `from_exclusive` not. InvalidArgument where `from_exclusive` is
  // no ancestor of `to` on that chain. Both are full shas.
  absl::StatusOr<std::vector<CommitInfo>> FirstParentHistory(
      std::optional<std::string_view> from_exclusive,
      std::string_view to) const;

  // The commits that merge `sha` brought in: reachable from its other parents
  // and not from the first, newest first, at most `limit`. Empty for a commit
  // that is no merge.
  absl::StatusOr<std::vector<CommitInfo>> MergedSide(std::string_view sha,
                                                     std::size_t limit) const;

  // What commit `sha` changed against its FIRST parent (a root commit: against
  // nothing), renames followed (git's similarity of 50 %) among the files that
  // the filter lets through. Files without a changed line (mode changes, pure
  // renames) come with no hunks.
  absl::StatusOr<CommitChanges> Changes(std::string_view sha,
                                        const PathFilter& filter = {}) const;

  // Calls `visit` for every text file of the commit, in path order, and returns
  // those left out. `visit` may return false to stop.
  absl::StatusOr<std::vector<SkippedFile>> ReadTree(
      std::string_view sha, const std::function<bool(const TreeFile&)>& visit,
      const PathFilter& filter = {}) const;

  // One file. NotFound: no such path in the commit. FailedPrecondition: it is
  // binary, no regular file, or over the limit.
  absl::StatusOr<std::string> ReadFile(std::string_view sha,
                                       std::string_view path) const;

 private:
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether nobody writes this file by hand here: in a vendor folder, a lock
// file, minified (very long lines), or marked as generated near its start.
// `text` may be empty where only the path is known.
bool IsGeneratedOrVendored(std::string_view path, std::string_view text);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HISTORY_H_
