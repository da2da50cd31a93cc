#include "code_analysis/history_trees.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace evalloop::code_analysis {
namespace {

// Names sort as if a folder's ended with a slash.
int CompareNames(const TreeReader& a, const TreeReader& b) {
  const std::string_view x = a.name();
  const std::string_view y = b.name();
  const std::size_t shorter = std::min(x.size(), y.size());
  if (const int order = std::memcmp(x.data(), y.data(), shorter)) return order;
  const auto after = [shorter](const TreeReader& entry) {
    if (entry.name().size() > shorter) {
      return static_cast<int>(
          static_cast<unsigned char>(entry.name()[shorter]));
    }
    return IsFolder(entry.mode()) ? '/' : 0;
  };
  return after(a) - after(b);
}

class TreeComparison {
 public:
  TreeComparison(const Repository::Impl& repository, const PathFilter& filter)
      : repository_(repository),
        filter_(filter),
        entries_left_(repository.limits.max_tree_entries),
        // Twice: a file that was renamed has a place on each side.
        files_left_(2 * repository.limits.max_files + 1) {}

  void Folders(const git_oid* before, const git_oid* after, int depth) {
    if (depth > kMaxFolderDepth) {
      out_.cut = true;
      return;
    }
    const OpenFolder old_folder(repository_, before);
    const OpenFolder new_folder(repository_, after);
    TreeReader a = old_folder.Entries();
    TreeReader b = new_folder.Entries();
    while (!out_.cut && !(a.done() && b.done())) {
      if (entries_left_ == 0 || files_left_ == 0) {
        out_.cut = true;
        return;
      }
      --entries_left_;
      const int order = a.done() ? 1 : b.done() ? -1 : CompareNames(a, b);
      if (order < 0) {
        Entry(&a, nullptr, depth);
        a.Next();
      } else if (order > 0) {
        Entry(nullptr, &b, depth);
        b.Next();
      } else {
        if (!git_oid_equal(&a.id(), &b.id()) || a.mode() != b.mode()) {
          Entry(&a, &b, depth);
        }
        a.Next();
        b.Next();
      }
    }
  }

  TreeChanges Take() && {
    std::sort(out_.changes.begin(), out_.changes.end(),
              [](const TreeChange& a, const TreeChange& b) {
                return a.path() < b.path();
              });
    return std::move(out_);
  }

 private:
  // One name that is on one side only, or not the same on both.
  void Entry(const TreeReader* a, const TreeReader* b, int depth) {
    const TreeReader& any = a != nullptr ? *a : *b;
    const std::size_t folder = path_.size();
    path_.append(any.name());
    if (IsFolder(any.mode())) {
      path_ += '/';
      Folders(a ? &a->id() : nullptr, b ? &b->id() : nullptr, depth + 1);
    } else if (!filter_ || filter_(path_)) {
      --files_left_;
      TreeChange& change = out_.changes.emplace_back();
      if (a != nullptr) {
        change.old_path = path_;
        change.old_id = a->id();
        change.old_mode = a->mode();
      }
      if (b != nullptr) {
        change.new_path = path_;
        change.new_id = b->id();
        change.new_mode = b->mode();
      }
    }
    path_.resize(folder);
  }

  const Repository::Impl& repository_;
  const PathFilter& filter_;
  std::size_t entries_left_;
  std::size_t files_left_;
  std::string path_;
  TreeChanges out_;
};

}  // namespace

void TreeReader::Next() {
  done_ = true;
  const std::size_t space = rest_.find(' ');
  if (space == std::string_view::npos || space == 0 || space > 7) return;
  mode_ = 0;
  for (const char c : rest_.substr(0, space)) {
    if (c < '0' || c > '7') return;
    mode_ = mode_ * 8 + static_cast<unsigned>(c - '0');
  }
  const std::size_t end = rest_.find('\0', space);
  if (end == std::string_view::npos || end == space + 1 ||
      rest_.size() - end - 1 < GIT_OID_RAWSZ) {
    return;
  }
  name_ = rest_.substr(space + 1, end - space - 1);
  std::memcpy(id_.id, rest_.data() + end + 1, GIT_OID_RAWSZ);
  rest_.remove_prefix(end + 1 + GIT_OID_RAWSZ);
  done_ = false;
}

OpenFolder::OpenFolder(const Repository::Impl& repository, const git_oid* id) {
  if (id == nullptr) return;
  object_ = repository.ReadObject(*id, GIT_OBJECT_TREE,
                                  repository.limits.max_tree_bytes);
  if (object_ == nullptr) return;
  bytes_ = {static_cast<const char*>(git_odb_object_data(object_.get())),
            git_odb_object_size(object_.get())};
}

TreeChanges DiffTrees(const Repository::Impl& repository, const git_oid* before,
                      const git_oid* after, const PathFilter& filter) {
  if (before != nullptr && after != nullptr && git_oid_equal(before, after)) {
    return {};
  }
  TreeComparison comparison(repository, filter);
  comparison.Folders(before, after, 0);
  return std::move(comparison).Take();
}

}  // namespace evalloop::code_analysis
