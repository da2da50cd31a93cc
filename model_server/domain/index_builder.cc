#include "model_server/domain/index_builder.h"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace evalloop::model_server {
namespace {

using code_analysis::CommitInfo;
using code_analysis::FileChange;
using code_analysis::Repository;
using code_analysis::TreeFile;

// Longer walks cost more than reading the tree.
constexpr std::size_t kMaxCommitsToFollow = 200;

std::vector<FileVersion> VersionsOf(
    std::map<std::string, std::optional<std::string>> files) {
  std::vector<FileVersion> versions;
  versions.reserve(files.size());
  for (auto& [path, text] : files) versions.push_back({path, std::move(text)});
  return versions;
}

// What changed along `commits`, each file in its last version.
absl::StatusOr<std::vector<FileVersion>> ChangesAlong(
    const Repository& repository, const std::vector<CommitInfo>& commits) {
  std::map<std::string, std::optional<std::string>> files;
  for (const CommitInfo& commit : commits) {
    auto changes = repository.Changes(commit.sha, IsModelled);
    if (!changes.ok()) return changes.status();
    for (const auto& skipped : changes->skipped) {
      if (!skipped.path.empty()) files[skipped.path] = std::nullopt;
    }
    for (FileChange& file : changes->files) {
      if (!file.old_path.empty() && file.old_path != file.new_path) {
        files[file.old_path] = std::nullopt;
      }
      if (file.new_path.empty()) continue;
      if (!file.valid_utf8 || !IsModelled(file.new_path) ||
          code_analysis::IsGeneratedOrVendored(file.new_path, file.new_text)) {
        files[file.new_path] = std::nullopt;
      } else {
        files[file.new_path] = std::move(file.new_text);
      }
    }
  }
  return VersionsOf(std::move(files));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const FrozenBase>> BuildBase(
    const Repository& repository, std::string name, const std::string& commit) {
  FrozenBaseBuilder builder;
  bool fits = true;
  auto skipped = repository.ReadTree(
      commit,
      [&](const TreeFile& file) {
        if (file.valid_utf8 && !file.generated_or_vendored) {
          fits = builder.AddFile(file.path, file.text);
        }
        return fits;
      },
      IsModelled);
  if (!skipped.ok()) return skipped.status();
  if (!fits) {
    return absl::ResourceExhaustedError("the tree has more than 2^28 tokens");
  }
  if (builder.token_count() <= 1) {
    return absl::FailedPreconditionError(
        "the commit holds no source file of a known language");
  }
  return std::move(builder).Freeze(std::move(name), commit,
                                   Parameters::Default());
}

absl::StatusOr<std::shared_ptr<const IndexSnapshot>> MoveIndex(
    const Repository& repository, const IndexSnapshot& from,
    const std::string& to) {
  const auto of_base = IndexSnapshot::OfBase(from.shared_base());
  for (const IndexSnapshot* start : {&from, of_base.get()}) {
    auto history = repository.FirstParentHistory(start->commit(), to);
    if (!history.ok() || history->size() > kMaxCommitsToFollow) continue;
    auto files = ChangesAlong(repository, *history);
    if (!files.ok()) return files.status();
    return start->With(to, *files);
  }
  std::set<std::string, std::less<>> gone;
  const FrozenBase& base = from.base();
  for (const FrozenFile& file : base.files) {
    gone.emplace(base.PathOf(file));
  }
  std::vector<FileVersion> files;
  auto skipped = repository.ReadTree(
      to,
      [&](const TreeFile& file) {
        if (!file.valid_utf8 || file.generated_or_vendored) return true;
        if (const auto found = gone.find(file.path); found != gone.end()) {
          gone.erase(found);
        }
        files.push_back({std::string(file.path), std::string(file.text)});
        return true;
      },
      IsModelled);
  if (!skipped.ok()) return skipped.status();
  for (const std::string& path : gone) files.push_back({path, std::nullopt});
  return of_base->With(to, files);
}

}  // namespace evalloop::model_server
