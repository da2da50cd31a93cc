#include "prompt_engine/domain/commit_reader.h"

#include <utility>

#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

class GitReader final : public CommitReader {
 public:
  explicit GitReader(code_analysis::Repository git) : git_(std::move(git)) {}

  absl::StatusOr<code_analysis::CommitChanges> Changes(
      std::string_view sha) override {
    return git_.Changes(sha, InKnownLanguage);
  }
  absl::StatusOr<std::string> ParentOf(std::string_view sha) override {
    auto commit = git_.Commit(sha);
    if (!commit.ok()) return commit.status();
    return std::move(commit->parent);
  }

 private:
  code_analysis::Repository git_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CommitReader>> OpenGit(
    const std::string& repository) {
  auto git = code_analysis::Repository::Open(repository);
  if (!git.ok()) return git.status();
  return std::make_unique<GitReader>(*std::move(git));
}

}  // namespace evalloop::prompt_engine
