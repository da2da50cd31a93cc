#include "prompt_engine/domain/ingestor.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "code_analysis/history.h"
#include "platform/base/crypto.h"
#include "platform/base/reason.h"
#include "prompt_engine/domain/scan_commit.h"

namespace evalloop::prompt_engine {
namespace {

// Bounds of one transaction, whichever comes first.
constexpr std::size_t kBatchCommits = 200;
constexpr std::size_t kBatchLines = 20'000;

using Places = std::vector<std::pair<std::uint32_t, std::string>>;

// The first stored position that is not where history has it; absent when all
// of what overlaps agrees.
std::optional<std::uint32_t> FirstStranger(
    const Places& stored,
    const std::vector<code_analysis::CommitInfo>& history) {
  for (const auto& [position, sha] : stored) {
    if (position < history.size() && history[position].sha != sha) {
      return position;
    }
  }
  return std::nullopt;
}

}  // namespace

absl::Status Ingestor::Flush(std::int64_t repository_id,
                             std::vector<IngestedCommit>& batch) {
  if (batch.empty()) return absl::OkStatus();
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    return store_.AddCommits(work, repository_id, batch, clock_.Now());
  });
  batch.clear();
  return status;
}

absl::Status Ingestor::Ingest(
    const IngestRequest& request,
    const std::function<bool(const IngestProgress&)>& on_progress) {
  if (request.repository.empty()) {
    return base::FieldError("repository", "is empty",
                            "give the path of a git repository");
  }
  const auto git = code_analysis::Repository::Open(request.repository);
  if (!git.ok()) return git.status();
  const auto until =
      git->ResolveCommit(request.until.empty() ? "HEAD" : request.until);
  if (!until.ok()) return until.status();
  const auto history = git->FirstParentHistory(std::nullopt, *until);
  if (!history.ok()) return history.status();

  RepositoryRecord repository;
  std::set<std::uint32_t> stored;
  absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        stored.clear();
        auto put = store_.PutRepository(work, request.repository,
                                        base::RandomBytes(32), clock_.Now());
        if (!put.ok()) return put.status();
        repository = *std::move(put);
        const auto places = store_.Places(work, repository.id);
        if (!places.ok()) return places.status();
        const auto stranger = FirstStranger(*places, *history);
        for (const auto& [position, sha] : *places) {
          if (!stranger || position < *stranger) stored.insert(position);
        }
        if (!stranger) return absl::OkStatus();
        return store_.DropFrom(work, repository.id, *stranger);
      });
  if (!status.ok()) return status;

  const auto total = static_cast<std::uint32_t>(history->size());
  const std::uint32_t first =
      request.max_commits == 0 || request.max_commits >= total
          ? 0
          : total - request.max_commits;
  IngestProgress progress;
  progress.commits_total = total - first;
  std::vector<IngestedCommit> batch;
  std::size_t batch_lines = 0;
  for (std::uint32_t position = first; position < total; ++position) {
    ++progress.commits_done;
    if (stored.count(position) != 0) continue;
    auto scanned =
        ScanCommit(*git, (*history)[position], position, repository.author_key);
    if (!scanned.ok()) return scanned.status();
    progress.lines += scanned->lines.size();
    progress.files_skipped += scanned->header.files_skipped;
    batch_lines += scanned->lines.size();
    batch.push_back(*std::move(scanned));
    if (batch.size() < kBatchCommits && batch_lines < kBatchLines) continue;
    if (status = Flush(repository.id, batch); !status.ok()) return status;
    batch_lines = 0;
    if (!on_progress(progress)) return absl::CancelledError("nobody waits");
  }
  if (status = Flush(repository.id, batch); !status.ok()) return status;
  progress.done = true;
  on_progress(progress);
  return absl::OkStatus();
}

}  // namespace evalloop::prompt_engine
