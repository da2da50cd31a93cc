#include "code_analysis/history.h"

#include <git2.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "code_analysis/history_impl.h"
#include "code_analysis/utf8.h"
#include "fmt/format.h"

namespace evalloop::code_analysis {
namespace {

constexpr ssize_t kCacheBytes = 80 << 20;
constexpr std::size_t kCachedObject = std::size_t{1} << 20;
// A pack is mapped in pieces, so that no more of a large one is in memory.
constexpr std::size_t kWindowBytes = std::size_t{16} << 20;
constexpr std::size_t kMappedBytes = std::size_t{128} << 20;
constexpr std::size_t kMaxCommitObject = std::size_t{1} << 20;

std::string HexOf(const git_oid& id) {
  std::string hex(GIT_OID_HEXSZ, '0');
  git_oid_fmt(hex.data(), &id);
  return hex;
}

// Names and subjects go into messages that must be UTF-8; files' texts are
// flagged instead.
std::string AsUtf8(const char* text, std::size_t most = kMaxMessageBytes) {
  if (text == nullptr) return {};
  std::string out(text, strnlen(text, most));
  // No character is cut in half.
  if (out.size() == most) {
    std::size_t size = most;
    while (size > 0 &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
      --size;
    }
    out.resize(size);
  }
  if (IsValidUtf8(out)) return out;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  }
  return out;
}

}  // namespace

// Once a process; never shut down, as libgit2's thread-local state outlives us.
void InitGit() {
  static const bool done = [] {
    git_libgit2_init();
    // A repository that is only read may belong to anybody.
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // As git itself: what is on the disk is not hashed again at every read.
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, kCacheBytes);
    // A file's text before a commit is its text after an earlier one: kept, it
    // is inflated once. libgit2 would keep no blobs and small folders only.
    for (const git_object_t type : {GIT_OBJECT_TREE, GIT_OBJECT_BLOB}) {
      git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, type, kCachedObject);
    }
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, kWindowBytes);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, kMappedBytes);
    // The user's and the machine's configuration must not change results.
    for (const int level :
         {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
          GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA}) {
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    }
    return true;
  }();
  (void)done;
}

absl::Status GitError(int code, std::string_view what) {
  const git_error* const last = git_error_last();
  std::string message = fmt::format(
      "{}: {}", what, last != nullptr ? last->message : "unknown git error");
  switch (code) {
    case GIT_ENOTFOUND:
      return absl::NotFoundError(message);
    case GIT_EAMBIGUOUS:
    case GIT_EINVALIDSPEC:
      return absl::InvalidArgumentError(message);
    default:
      return absl::FailedPreconditionError(message);
  }
}

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

absl::StatusOr<Repository> Repository::Open(std::string_view path,
                                            Limits limits) {
  InitGit();
  auto impl = std::make_unique<Impl>();
  impl->path = std::string(path);
  impl->limits = limits;
  std::error_code error;
  if (!std::filesystem::exists(impl->path, error)) {
    return absl::NotFoundError(fmt::format("{}: no such path", path));
  }
  git_repository* repository = nullptr;
  if (const int code =
          git_repository_open_ext(&repository, impl->path.c_str(), /*flags=*/0,
                                  /*ceiling_dirs=*/nullptr)) {
    if (code == GIT_ENOTFOUND) {
      return absl::NotFoundError(fmt::format("{}: no git repository", path));
    }
    return GitError(code, path);
  }
  impl->repository.reset(repository);
  git_odb* odb = nullptr;
  if (const int code = git_repository_odb(&odb, repository)) {
    return GitError(code, path);
  }
  impl->odb.reset(odb);
  impl->shallow = git_repository_is_shallow(repository) == 1;
  git_oid head;
  if (git_reference_name_to_id(&head, repository, "HEAD") != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{}: the git repository has no commit yet", path));
  }
  return Repository(std::move(impl));
}

absl::StatusOr<GitCommit> Repository::Impl::LookUp(std::string_view sha) const {
  git_oid id;
  if (sha.size() != GIT_OID_HEXSZ ||
      git_oid_fromstrn(&id, sha.data(), sha.size()) != 0) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no full commit sha", sha.substr(0, 80)));
  }
  return LookUp(id);
}

absl::StatusOr<GitCommit> Repository::Impl::LookUp(const git_oid& id) const {
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb.get(), &id) == 0 &&
      size > kMaxCommitObject) {
    return absl::FailedPreconditionError(
        fmt::format("{}: commit {} has {} bytes, over {}", path, HexOf(id),
                    size, kMaxCommitObject));
  }
  git_commit* commit = nullptr;
  if (const int code = git_commit_lookup(&commit, repository.get(), &id)) {
    return GitError(code, fmt::format("{}: commit {}", path, HexOf(id)));
  }
  return GitCommit(commit);
}

absl::StatusOr<GitCommit> Repository::Impl::FirstParentOf(
    const git_commit* commit) const {
  if (git_commit_parentcount(commit) == 0) return GitCommit();
  auto parent = LookUp(*git_commit_parent_id(commit, 0));
  if (shallow && absl::IsNotFound(parent.status())) return GitCommit();
  return parent;
}

CommitInfo Repository::Impl::InfoOf(const git_commit* commit) const {
  CommitInfo info;
  info.sha = HexOf(*git_commit_id(commit));
  const unsigned parents = git_commit_parentcount(commit);
  if (parents > 0) {
    const git_oid* const parent = git_commit_parent_id(commit, 0);
    // Where a shallow clone ends, the parent is named but not there.
    if (!shallow || git_odb_exists(odb.get(), parent) == 1) {
      info.parent = HexOf(*parent);
    }
  }
  info.is_merge = parents > 1;
  if (const git_signature* const author = git_commit_author(commit)) {
    info.author_name = AsUtf8(author->name);
    info.author_email = AsUtf8(author->email);
    info.author_time = author->when.time;
  }
  info.commit_time = git_commit_time(commit);
  // libgit2 keeps the summary inside the commit, hence its missing const.
  info.subject = AsUtf8(git_commit_summary(const_cast<git_commit*>(commit)));
  info.message = AsUtf8(git_commit_message(commit));
  return info;
}

absl::StatusOr<std::string> Repository::ResolveCommit(
    std::string_view rev) const {
  git_object* found = nullptr;
  const std::string spec(rev);
  const std::string what =
      fmt::format("{}: no commit \"{}\"", impl_->path, spec.substr(0, 200));
  if (const int code =
          git_revparse_single(&found, impl_->repository.get(), spec.c_str())) {
    return GitError(code, what);
  }
  const GitObject object(found);
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT) != 0) {
    return absl::NotFoundError(what);
  }
  const GitObject commit(peeled);
  return HexOf(*git_object_id(commit.get()));
}

absl::StatusOr<CommitInfo> Repository::Commit(std::string_view sha) const {
  const auto commit = impl_->LookUp(sha);
  if (!commit.ok()) return commit.status();
  return impl_->InfoOf(commit->get());
}

absl::StatusOr<std::vector<CommitInfo>> Repository::FirstParentHistory(
    std::optional<std::string_view> from_exclusive, std::string_view to) const {
  if (from_exclusive.has_value()) {
    if (const auto from = impl_->LookUp(*from_exclusive); !from.ok()) {
      return from.status();
    }
  }
  auto commit = impl_->LookUp(to);
  std::vector<CommitInfo> history;
  while (commit.ok() && *commit != nullptr) {
    CommitInfo info = impl_->InfoOf(commit->get());
    if (from_exclusive.has_value() && info.sha == *from_exclusive) {
      std::reverse(history.begin(), history.end());
      return history;
    }
    history.push_back(std::move(info));
    commit = impl_->FirstParentOf(commit->get());
  }
  if (!commit.ok()) return commit.status();
  if (from_exclusive.has_value()) {
    return absl::InvalidArgumentError(
        fmt::format("{}: {} is not on the first-parent history of {}",
                    impl_->path, *from_exclusive, to));
  }
  std::reverse(history.begin(), history.end());
  return history;
}

absl::StatusOr<std::vector<CommitInfo>> Repository::MergedSide(
    std::string_view sha, std::size_t limit) const {
  const auto merge = impl_->LookUp(sha);
  if (!merge.ok()) return merge.status();
  std::vector<CommitInfo> side;
  const unsigned parents = git_commit_parentcount(merge->get());
  if (parents < 2) return side;
  git_revwalk* raw = nullptr;
  if (const int code = git_revwalk_new(&raw, impl_->repository.get())) {
    return GitError(code, impl_->path);
  }
  const GitRevwalk walk(raw);
  git_revwalk_sorting(walk.get(), GIT_SORT_TIME);
  int code =
      git_revwalk_hide(walk.get(), git_commit_parent_id(merge->get(), 0));
  for (unsigned i = 1; i < parents && code == 0; ++i) {
    code = git_revwalk_push(walk.get(), git_commit_parent_id(merge->get(), i));
  }
  git_oid id;
  while (code == 0 && side.size() < limit &&
         git_revwalk_next(&id, walk.get()) == 0) {
    const auto commit = impl_->LookUp(id);
    if (!commit.ok()) return commit.status();
    side.push_back(impl_->InfoOf(commit->get()));
  }
  // A shallow clone may not have the other side.
  if (code != 0 && !(impl_->shallow && code == GIT_ENOTFOUND)) {
    return GitError(code, fmt::format("{}: merge {}", impl_->path, sha));
  }
  return side;
}

}  // namespace evalloop::code_analysis
