// What commits hold: changed files and trees.

#include <git2.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "code_analysis/history.h"
#include "code_analysis/history_impl.h"
#include "code_analysis/history_trees.h"
#include "code_analysis/utf8.h"
#include "fmt/format.h"

namespace evalloop::code_analysis {
namespace {

bool IsRegular(unsigned mode) {
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

FileStatus StatusOf(const TreeChange& change) {
  if (change.old_mode == 0) return FileStatus::kAdded;
  if (change.new_mode == 0) return FileStatus::kDeleted;
  return change.old_path == change.new_path ? FileStatus::kModified
                                            : FileStatus::kRenamed;
}

}  // namespace

BlobText Repository::Impl::ReadText(const git_oid& id, unsigned mode) const {
  if (!IsRegular(mode)) return {.reason = SkipReason::kNotAFile};
  bool too_large = false;
  const GitOdbObject blob =
      ReadObject(id, GIT_OBJECT_BLOB, limits.max_blob_bytes, &too_large);
  if (blob == nullptr) {
    return {.reason =
                too_large ? SkipReason::kTooLarge : SkipReason::kUnreadable};
  }
  const auto* const bytes =
      static_cast<const char*>(git_odb_object_data(blob.get()));
  const std::size_t length = git_odb_object_size(blob.get());
  if (length > 0 && std::memchr(bytes, 0, length) != nullptr) {
    return {.reason = SkipReason::kBinary};
  }
  return {.ok = true, .text = std::string(bytes, length)};
}

GitOdbObject Repository::Impl::ReadObject(const git_oid& id, git_object_t type,
                                          std::size_t most,
                                          bool* too_large) const {
  std::size_t size = 0;
  git_object_t found = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &found, odb.get(), &id) != 0 ||
      found != type) {
    return nullptr;
  }
  if (size > most) {
    if (too_large != nullptr) *too_large = true;
    return nullptr;
  }
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb.get(), &id) != 0) return nullptr;
  return GitOdbObject(object);
}

absl::StatusOr<CommitChanges> Repository::Changes(
    std::string_view sha, const PathFilter& filter) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  const auto parent = impl_->FirstParentOf(commit->get());
  if (!parent.ok()) return parent.status();
  TreeChanges trees = DiffTrees(
      *impl_, *parent == nullptr ? nullptr : git_commit_tree_id(parent->get()),
      git_commit_tree_id(commit->get()), filter);
  if (*parent != nullptr) JoinRenames(*impl_, trees);

  CommitChanges out;
  bool cut = trees.cut;
  std::size_t bytes = 0;
  for (TreeChange& entry : trees.changes) {
    if (out.files.size() + out.skipped.size() >= impl_->limits.max_files ||
        bytes > impl_->limits.max_commit_bytes) {
      cut = true;
      break;
    }
    FileChange change;
    change.status = StatusOf(entry);
    BlobText old_text{.ok = true};
    BlobText new_text{.ok = true};
    if (entry.old_mode != 0) {
      old_text = impl_->ReadText(entry.old_id, entry.old_mode);
    }
    if (entry.new_mode != 0 && old_text.ok) {
      new_text = impl_->ReadText(entry.new_id, entry.new_mode);
    }
    if (!old_text.ok || !new_text.ok) {
      out.skipped.push_back(
          {entry.path(), old_text.ok ? new_text.reason : old_text.reason});
      continue;
    }
    change.old_path = std::move(entry.old_path);
    change.new_path = std::move(entry.new_path);
    change.old_text = std::move(old_text.text);
    change.new_text = std::move(new_text.text);
    bytes += change.old_text.size() + change.new_text.size();
    change.valid_utf8 =
        IsValidUtf8(change.old_path) && IsValidUtf8(change.new_path) &&
        IsValidUtf8(change.old_text) && IsValidUtf8(change.new_text);
    auto hunks = HunksOf(change.old_text, change.new_text);
    if (!hunks.ok()) return hunks.status();
    change.hunks = *std::move(hunks);
    out.files.push_back(std::move(change));
  }
  if (cut) out.skipped.push_back({"", SkipReason::kTooManyFiles});
  return out;
}

namespace {

// One walk over a commit's tree.
class TreeWalk {
 public:
  TreeWalk(const Repository::Impl& repository, const PathFilter& filter,
           const std::function<bool(const TreeFile&)>& visit)
      : repository_(repository),
        filter_(filter),
        visit_(visit),
        files_left_(repository.limits.max_files * 100),
        entries_left_(repository.limits.max_tree_entries) {}

  // False: stop.
  bool Folder(const git_oid& id, int depth) {
    const OpenFolder folder(repository_, &id);
    if (!folder.ok() || depth > kMaxFolderDepth) {
      skipped_.push_back({path_, SkipReason::kUnreadable});
      return true;
    }
    const std::size_t here = path_.size();
    for (TreeReader entry = folder.Entries(); !entry.done(); entry.Next()) {
      if (entries_left_-- == 0) return Cut();
      path_.append(entry.name());
      bool go_on = true;
      if (IsFolder(entry.mode())) {
        path_ += '/';
        go_on = Folder(entry.id(), depth + 1);
      } else {
        go_on = File(entry.id(), entry.mode());
      }
      path_.resize(here);
      if (!go_on) return false;
    }
    return true;
  }

  std::vector<SkippedFile> Take() && { return std::move(skipped_); }

 private:
  bool Cut() {
    skipped_.push_back({"", SkipReason::kTooManyFiles});
    return false;
  }

  bool File(const git_oid& id, unsigned mode) {
    if (filter_ && !filter_(path_)) return true;
    if (files_left_-- == 0) return Cut();
    const BlobText text = repository_.ReadText(id, mode);
    if (!text.ok) {
      skipped_.push_back({path_, text.reason});
      return true;
    }
    return visit_(
        {.path = path_,
         .text = text.text,
         .valid_utf8 = IsValidUtf8(path_) && IsValidUtf8(text.text),
         .generated_or_vendored = IsGeneratedOrVendored(path_, text.text)});
  }

  const Repository::Impl& repository_;
  const PathFilter& filter_;
  const std::function<bool(const TreeFile&)>& visit_;
  std::size_t files_left_;
  std::size_t entries_left_;
  std::string path_;
  std::vector<SkippedFile> skipped_;
};

}  // namespace

absl::StatusOr<std::vector<SkippedFile>> Repository::ReadTree(
    std::string_view sha, const std::function<bool(const TreeFile&)>& visit,
    const PathFilter& filter) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  TreeWalk walk(*impl_, filter, visit);
  walk.Folder(*git_commit_tree_id(commit->get()), 0);
  return std::move(walk).Take();
}

absl::StatusOr<std::string> Repository::ReadFile(std::string_view sha,
                                                 std::string_view path) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  git_oid id = *git_commit_tree_id(commit->get());
  unsigned mode = GIT_FILEMODE_TREE;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const OpenFolder folder(*impl_, IsFolder(mode) ? &id : nullptr);
    mode = 0;
    for (TreeReader entry = folder.Entries(); !entry.done(); entry.Next()) {
      if (entry.name() != name) continue;
      id = entry.id();
      mode = entry.mode();
      break;
    }
    if (mode == 0) break;
  }
  if (mode == 0) {
    return absl::NotFoundError(
        fmt::format("{} at {}: no such path", path, sha));
  }
  BlobText text = impl_->ReadText(id, mode);
  if (text.ok) return std::move(text.text);
  return absl::FailedPreconditionError(
      fmt::format("{} at {}: {}", path, sha,
                  text.reason == SkipReason::kBinary     ? "binary"
                  : text.reason == SkipReason::kTooLarge ? "too large"
                  : text.reason == SkipReason::kNotAFile ? "not a regular file"
                                                         : "unreadable"));
}

}  // namespace evalloop::code_analysis
