#ifndef EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_
#define EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_

// Private to the history library: the only header that sees libgit2.

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "code_analysis/history.h"

namespace evalloop::code_analysis {

template <typename T, void (*Free)(T*)>
struct GitFree {
  void operator()(T* handle) const { Free(handle); }
};
template <typename T, void (*Free)(T*)>
using GitHandle = std::unique_ptr<T, GitFree<T, Free>>;

using GitRepository = GitHandle<git_repository, git_repository_free>;
using GitOdb = GitHandle<git_odb, git_odb_free>;
using GitObject = GitHandle<git_object, git_object_free>;
using GitCommit = GitHandle<git_commit, git_commit_free>;
using GitRevwalk = GitHandle<git_revwalk, git_revwalk_free>;
using GitOdbObject = GitHandle<git_odb_object, git_odb_object_free>;

// Sets libgit2 up, once a process. Call it before any other of its functions.
void InitGit();

// What libgit2 said last on this thread, after `what`.
absl::Status GitError(int code, std::string_view what);

// The text of a blob, or why it is left out.
struct BlobText {
  bool ok = false;
  SkipReason reason = SkipReason::kUnreadable;
  std::string text = {};
};

struct Repository::Impl {
  std::string path;
  Limits limits;
  GitRepository repository;
  GitOdb odb;
  bool shallow = false;

  absl::StatusOr<GitCommit> LookUp(std::string_view sha) const;
  absl::StatusOr<GitCommit> LookUp(const git_oid& id) const;
  // Null for a root commit, and where a shallow clone ends.
  absl::StatusOr<GitCommit> FirstParentOf(const git_commit* commit) const;
  CommitInfo InfoOf(const git_commit* commit) const;
  BlobText ReadText(const git_oid& id, unsigned mode) const;
  // Null where the object is missing, of another type, or over `most` bytes.
  // `too_large` (may be null) is set for the last of these.
  GitOdbObject ReadObject(const git_oid& id, git_object_t type,
                          std::size_t most, bool* too_large = nullptr) const;
};

// A path whose entry is not the same in two trees. A side that has no such path
// has mode 0.
struct TreeChange {
  std::string old_path;
  std::string new_path;
  git_oid old_id = {};
  git_oid new_id = {};
  unsigned old_mode = 0;
  unsigned new_mode = 0;

  const std::string& path() const {
    return new_mode == 0 ? old_path : new_path;
  }
};

struct TreeChanges {
  std::vector<TreeChange> changes;  // In path order.
  bool cut = false;                 // A limit ended the look.
};

// What differs between two trees (either may be null: nothing), folders opened
// only where their ids differ. Reads git's own tree bytes: libgit2's diff walks
// all of both trees.
TreeChanges DiffTrees(const Repository::Impl& repository, const git_oid* before,
                      const git_oid* after, const PathFilter& filter);

// Joins a deletion and an addition to a rename where the texts are alike by 50
// % of the longer one's bytes, as git's diffcore counts them: equal blobs
// first, then the most alike. Beyond kMaxRenamePairs only equal blobs are
// joined.
inline constexpr std::size_t kMaxRenamePairs = 10'000;
void JoinRenames(const Repository::Impl& repository, TreeChanges& changes);

// What turns one text into the other, as git with its indent heuristic and no
// context says. Of the bytes alone: no .gitattributes has a say.
absl::StatusOr<std::vector<Hunk>> HunksOf(std::string_view before,
                                          std::string_view after);

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_
