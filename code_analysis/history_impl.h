#ifndef EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_
#define EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_

// Private to the history library: the only header that sees libgit2.

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

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
using GitTree = GitHandle<git_tree, git_tree_free>;
using GitTreeEntry = GitHandle<git_tree_entry, git_tree_entry_free>;
using GitBlob = GitHandle<git_blob, git_blob_free>;
using GitDiff = GitHandle<git_diff, git_diff_free>;

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
  absl::StatusOr<GitTree> TreeOf(const git_commit* commit) const;
  // Null for a root commit, and where a shallow clone ends.
  absl::StatusOr<GitCommit> FirstParentOf(const git_commit* commit) const;
  CommitInfo InfoOf(const git_commit* commit) const;
  BlobText ReadText(const git_oid& id, unsigned mode) const;
};

}  // namespace evalloop::code_analysis

#endif  // EVALLOOP_CODE_ANALYSIS_HISTORY_IMPL_H_
