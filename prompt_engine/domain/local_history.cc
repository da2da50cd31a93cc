#include "prompt_engine/domain/local_history.h"

#include <utility>
#include <vector>

#include "code_analysis/history.h"
#include "platform/base/crypto.h"
#include "prompt_engine/domain/history_scan.h"

namespace evalloop::prompt_engine {

std::string PublicAuthorKey(std::string_view first_sha) {
  return base::Sha256("evalloop mine, public key of pseudonyms\n" +
                      std::string(first_sha));
}

absl::StatusOr<WrittenHistory> ReadLocalHistory(
    const LocalHistoryRequest& request) {
  const auto git = code_analysis::Repository::Open(request.path);
  if (!git.ok()) return git.status();
  const auto head = git->ResolveCommit("HEAD");
  if (!head.ok()) return head.status();
  auto commits = git->FirstParentHistory(std::nullopt, *head);
  if (!commits.ok()) return commits.status();
  if (request.until) {
    const auto late = [&](const code_analysis::CommitInfo& commit) {
      return absl::FromUnixSeconds(commit.commit_time) >= *request.until;
    };
    while (!commits->empty() && late(commits->back())) commits->pop_back();
  }
  WrittenHistory history;
  if (!commits->empty()) {
    Lineage lineage;
    SeenPatches patches;
    const auto total = static_cast<std::uint32_t>(commits->size());
    const auto status = ScanHistory(
        {request.path, PublicAuthorKey(commits->front().sha), request.threads},
        *commits, 0, lineage, patches, [&](const IngestedCommit& commit) {
          history.Add(commit);
          if (request.on_progress) {
            request.on_progress(commit.header.position + 1, total);
          }
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
  }
  commits = std::vector<code_analysis::CommitInfo>();  // Finish needs the room.
  history.Finish();
  return history;
}

}  // namespace evalloop::prompt_engine
