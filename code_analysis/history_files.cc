// What commits hold: changed files and trees.

#include <git2.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "code_analysis/history.h"
#include "code_analysis/history_impl.h"
#include "code_analysis/utf8.h"
#include "fmt/format.h"

namespace evalloop::code_analysis {
namespace {

constexpr int kMaxDepth = 128;  // Of folders; deeper ones are unreadable.

bool IsRegular(unsigned mode) {
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

// xdiff may move a hunk by this many lines to where it reads best.
constexpr int kMostSliding = 100;

// The ends that both texts share, whole lines each, but for the lines that a
// hunk could slide over: what is left gives the same hunks in less time.
struct CommonEnds {
  std::size_t head = 0;  // Bytes.
  std::size_t tail = 0;
  std::uint32_t head_lines = 0;
};

CommonEnds FindCommonEnds(std::string_view a, std::string_view b) {
  CommonEnds ends;
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t head = static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(shorter),
                    b.begin())
          .first -
      a.begin());
  // Back to a line's start, then over the lines to keep.
  for (int kept = 0; head > 0 && kept <= kMostSliding; ++kept) {
    const std::size_t newline =
        head < 2 ? std::string_view::npos : a.rfind('\n', head - 2);
    if (kept == 0 && a[head - 1] == '\n') continue;  // At a start already.
    head = newline == std::string_view::npos ? 0 : newline + 1;
  }
  ends.head = head;
  ends.head_lines = static_cast<std::uint32_t>(std::count(
      a.begin(), a.begin() + static_cast<std::ptrdiff_t>(head), '\n'));

  const std::size_t most = shorter - head;
  std::size_t tail = 0;
  while (tail < most && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  // Forward to just past a newline that both have, then over lines to keep.
  for (int kept = 0; tail > 0 && kept <= kMostSliding; ++kept) {
    const std::size_t newline = a.find('\n', a.size() - tail);
    tail = newline == std::string_view::npos ? 0 : a.size() - newline - 1;
  }
  ends.tail = tail;
  return ends;
}

struct HunkSink {
  std::vector<Hunk>* hunks;
  std::uint32_t lines_before;
};

int OnHunk(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  const auto& sink = *static_cast<HunkSink*>(payload);
  const auto line = [&](int start) {
    return static_cast<std::uint32_t>(start) + sink.lines_before;
  };
  sink.hunks->push_back(
      {line(hunk->old_start), static_cast<std::uint32_t>(hunk->old_lines),
       line(hunk->new_start), static_cast<std::uint32_t>(hunk->new_lines)});
  return 0;
}

// Of buffers rather than of the repository's diff, so that no .gitattributes
// has a say.
absl::Status DiffTexts(FileChange& change) {
  if (change.old_text == change.new_text) return absl::OkStatus();
  const CommonEnds ends = FindCommonEnds(change.old_text, change.new_text);
  const auto middle = [&](std::string_view text) {
    return text.substr(ends.head, text.size() - ends.head - ends.tail);
  };
  const std::string_view before = middle(change.old_text);
  const std::string_view after = middle(change.new_text);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  HunkSink sink{&change.hunks, ends.head_lines};
  const int code = git_diff_buffers(
      before.data(), before.size(), nullptr, after.data(), after.size(),
      nullptr, &options, nullptr, nullptr, OnHunk, nullptr, &sink);
  return code == 0 ? absl::OkStatus() : GitError(code, "diff");
}

FileStatus StatusOf(git_delta_t status) {
  switch (status) {
    case GIT_DELTA_ADDED:
    case GIT_DELTA_COPIED:
      return FileStatus::kAdded;
    case GIT_DELTA_DELETED:
      return FileStatus::kDeleted;
    case GIT_DELTA_RENAMED:
      return FileStatus::kRenamed;
    default:
      return FileStatus::kModified;
  }
}

const char* PathOf(const git_diff_delta& delta) {
  return delta.status == GIT_DELTA_DELETED ? delta.old_file.path
                                           : delta.new_file.path;
}

std::vector<const git_diff_delta*> SortedDeltas(const git_diff* diff) {
  std::vector<const git_diff_delta*> deltas;
  for (std::size_t i = 0; i < git_diff_num_deltas(diff); ++i) {
    deltas.push_back(git_diff_get_delta(diff, i));
  }
  std::stable_sort(deltas.begin(), deltas.end(),
                   [](const git_diff_delta* a, const git_diff_delta* b) {
                     return std::strcmp(PathOf(*a), PathOf(*b)) < 0;
                   });
  return deltas;
}

}  // namespace

BlobText Repository::Impl::ReadText(const git_oid& id, unsigned mode) const {
  if (!IsRegular(mode)) return {.reason = SkipReason::kNotAFile};
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb.get(), &id) != 0 ||
      type != GIT_OBJECT_BLOB) {
    return {.reason = SkipReason::kUnreadable};
  }
  if (size > limits.max_blob_bytes) return {.reason = SkipReason::kTooLarge};
  git_blob* raw = nullptr;
  if (git_blob_lookup(&raw, repository.get(), &id) != 0) {
    return {.reason = SkipReason::kUnreadable};
  }
  const GitBlob blob(raw);
  const auto* const bytes =
      static_cast<const char*>(git_blob_rawcontent(blob.get()));
  const auto length = static_cast<std::size_t>(git_blob_rawsize(blob.get()));
  if (length > 0 && std::memchr(bytes, 0, length) != nullptr) {
    return {.reason = SkipReason::kBinary};
  }
  return {.ok = true, .text = std::string(bytes, length)};
}

absl::StatusOr<CommitChanges> Repository::Changes(
    std::string_view sha, const PathFilter& filter) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  const auto tree = impl_->TreeOf(commit->get());
  if (!tree.ok()) return tree.status();
  const auto parent = impl_->FirstParentOf(commit->get());
  if (!parent.ok()) return parent.status();
  GitTree parent_tree;
  if (*parent != nullptr) {
    auto found = impl_->TreeOf(parent->get());
    if (!found.ok()) return found.status();
    parent_tree = *std::move(found);
  }

  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_SKIP_BINARY_CHECK;
  git_diff* raw = nullptr;
  if (const int code =
          git_diff_tree_to_tree(&raw, impl_->repository.get(),
                                parent_tree.get(), tree->get(), &options)) {
    return GitError(code, fmt::format("{}: diff of {}", impl_->path, sha));
  }
  const GitDiff diff(raw);
  git_diff_find_options find = GIT_DIFF_FIND_OPTIONS_INIT;
  find.flags = GIT_DIFF_FIND_RENAMES;
  if (parent_tree != nullptr) {
    if (const int code = git_diff_find_similar(diff.get(), &find)) {
      return GitError(code, fmt::format("{}: renames of {}", impl_->path, sha));
    }
  }

  CommitChanges out;
  std::size_t taken = 0;
  for (const git_diff_delta* const delta : SortedDeltas(diff.get())) {
    const std::string path = PathOf(*delta);
    if (filter && !filter(path)) continue;
    if (taken++ >= impl_->limits.max_files) {
      out.skipped.push_back({"", SkipReason::kTooManyFiles});
      break;
    }
    FileChange change;
    change.status = StatusOf(delta->status);
    BlobText old_text{.ok = true};
    BlobText new_text{.ok = true};
    if (change.status != FileStatus::kAdded) {
      change.old_path = delta->old_file.path;
      old_text = impl_->ReadText(delta->old_file.id, delta->old_file.mode);
    }
    if (change.status != FileStatus::kDeleted && old_text.ok) {
      change.new_path = delta->new_file.path;
      new_text = impl_->ReadText(delta->new_file.id, delta->new_file.mode);
    }
    if (!old_text.ok || !new_text.ok) {
      out.skipped.push_back(
          {path, old_text.ok ? new_text.reason : old_text.reason});
      continue;
    }
    change.old_text = std::move(old_text.text);
    change.new_text = std::move(new_text.text);
    change.valid_utf8 =
        IsValidUtf8(change.old_path) && IsValidUtf8(change.new_path) &&
        IsValidUtf8(change.old_text) && IsValidUtf8(change.new_text);
    if (const absl::Status diffed = DiffTexts(change); !diffed.ok()) {
      return diffed;
    }
    out.files.push_back(std::move(change));
  }
  return out;
}

namespace {

// One walk over a commit's tree.
struct TreeWalk {
  git_repository* repository;
  const PathFilter& filter;
  const std::function<bool(const TreeFile&)>& visit;
  const std::function<BlobText(const git_oid&, unsigned)>& read;
  std::size_t files_left;
  std::vector<SkippedFile> skipped = {};

  // False: stop.
  bool Folder(const git_tree* tree, const std::string& prefix, int depth) {
    const std::size_t count = git_tree_entrycount(tree);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
      const std::string path = prefix + git_tree_entry_name(entry);
      const bool go_on = git_tree_entry_type(entry) == GIT_OBJECT_TREE
                             ? Descend(*git_tree_entry_id(entry), path, depth)
                             : File(*git_tree_entry_id(entry),
                                    git_tree_entry_filemode(entry), path);
      if (!go_on) return false;
    }
    return true;
  }

  bool Descend(const git_oid& id, const std::string& path, int depth) {
    git_tree* raw = nullptr;
    if (depth >= kMaxDepth || git_tree_lookup(&raw, repository, &id) != 0) {
      skipped.push_back({path, SkipReason::kUnreadable});
      return true;
    }
    const GitTree tree(raw);
    return Folder(tree.get(), path + "/", depth + 1);
  }

  bool File(const git_oid& id, unsigned mode, const std::string& path) {
    if (filter && !filter(path)) return true;
    if (files_left == 0) {
      skipped.push_back({"", SkipReason::kTooManyFiles});
      return false;
    }
    --files_left;
    const auto text = read(id, mode);
    if (!text.ok) {
      skipped.push_back({path, text.reason});
      return true;
    }
    return visit(
        {.path = path,
         .text = text.text,
         .valid_utf8 = IsValidUtf8(path) && IsValidUtf8(text.text),
         .generated_or_vendored = IsGeneratedOrVendored(path, text.text)});
  }
};

}  // namespace

absl::StatusOr<std::vector<SkippedFile>> Repository::ReadTree(
    std::string_view sha, const std::function<bool(const TreeFile&)>& visit,
    const PathFilter& filter) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  const auto tree = impl_->TreeOf(commit->get());
  if (!tree.ok()) return tree.status();
  const std::function<BlobText(const git_oid&, unsigned)> read =
      [this](const git_oid& id, unsigned mode) {
        return impl_->ReadText(id, mode);
      };
  TreeWalk walk{.repository = impl_->repository.get(),
                .filter = filter,
                .visit = visit,
                .read = read,
                .files_left = impl_->limits.max_files * 100};
  walk.Folder(tree->get(), "", 0);
  return std::move(walk.skipped);
}

absl::StatusOr<std::string> Repository::ReadFile(std::string_view sha,
                                                 std::string_view path) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  const auto tree = impl_->TreeOf(commit->get());
  if (!tree.ok()) return tree.status();
  const std::string name(path);
  git_tree_entry* raw = nullptr;
  if (const int code = git_tree_entry_bypath(&raw, tree->get(), name.c_str())) {
    return GitError(code, fmt::format("{} at {}", name, sha));
  }
  const GitTreeEntry entry(raw);
  BlobText text = impl_->ReadText(*git_tree_entry_id(entry.get()),
                                  git_tree_entry_filemode(entry.get()));
  if (text.ok) return std::move(text.text);
  return absl::FailedPreconditionError(
      fmt::format("{} at {}: {}", name, sha,
                  text.reason == SkipReason::kBinary     ? "binary"
                  : text.reason == SkipReason::kTooLarge ? "too large"
                  : text.reason == SkipReason::kNotAFile ? "not a regular file"
                                                         : "unreadable"));
}

}  // namespace evalloop::code_analysis
