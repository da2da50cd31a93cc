#include "prompt_engine/domain/ingestor.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/base/crypto.h"
#include "platform/base/reason.h"
#include "prompt_engine/domain/history_scan.h"

namespace evalloop::prompt_engine {
namespace {

// Bounds of one transaction, whichever comes first.
constexpr std::size_t kBatchCommits = 400;
constexpr std::size_t kBatchLines = 40'000;

}  // namespace

absl::Status Ingestor::Flush(std::int64_t repository_id,
                             std::vector<IngestedCommit>& batch,
                             Lineage& lineage) {
  if (batch.empty()) return absl::OkStatus();
  const CommitStore::FileStates files = lineage.TakeChanged();
  const absl::Status status = transactor_.Run([&](base::UnitOfWork& work) {
    return store_.AddCommits(work, repository_id, batch, files, clock_.Now());
  });
  batch.clear();
  return status;
}

absl::Status Ingestor::RebuildFiles(
    const Plan& plan, std::span<const code_analysis::CommitInfo> kept,
    std::uint32_t first_position) {
  Lineage lineage;
  SeenPatches patches;
  const absl::Status status = ScanHistory(
      {plan.path, plan.repository.author_key}, kept, first_position, lineage,
      patches, [](const IngestedCommit&) { return absl::OkStatus(); });
  if (!status.ok()) return status;
  return transactor_.Run([&](base::UnitOfWork& work) {
    return store_.PutFileStates(work, plan.repository.id,
                                lineage.TakeChanged());
  });
}

absl::Status Ingestor::PlanFromHistory(const IngestRequest& request,
                                       const code_analysis::Repository& git,
                                       const std::string& until, Plan& plan) {
  auto history = git.FirstParentHistory(std::nullopt, until);
  if (!history.ok()) return history.status();
  const auto total = static_cast<std::uint32_t>(history->size());
  const std::uint32_t first =
      request.max_commits == 0 || request.max_commits >= total
          ? 0
          : total - request.max_commits;
  std::vector<std::pair<std::uint32_t, std::string>> places;
  absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto read = store_.Places(work, plan.repository.id);
        if (read.ok()) places = *std::move(read);
        return read.status();
      });
  if (!status.ok()) return status;
  // How far what is stored is what history says.
  std::size_t agreeing = 0;
  while (agreeing < places.size() && places[agreeing].first < total &&
         (*history)[places[agreeing].first].sha == places[agreeing].second) {
    ++agreeing;
  }
  const bool older_wanted = !places.empty() && places.front().first > first;
  // `until` lies within what is stored: nothing to do.
  const bool within = agreeing > 0 && agreeing < places.size() &&
                      places[agreeing].first >= total;
  if (older_wanted) agreeing = 0;
  std::uint32_t from = agreeing == 0 ? first : places[agreeing - 1].first + 1;
  if (within && !older_wanted) from = total;
  if (!places.empty() && agreeing < places.size() &&
      (!within || older_wanted)) {
    const std::uint32_t drop = agreeing == 0 ? 0 : from;
    status = transactor_.Run([&](base::UnitOfWork& work) {
      return store_.DropFrom(work, plan.repository.id, drop);
    });
    if (status.ok() && agreeing > 0) {
      const std::uint32_t begin = places.front().first;
      status = RebuildFiles(
          plan,
          std::span<const code_analysis::CommitInfo>(*history).subspan(
              begin, from - begin),
          begin);
    }
    if (!status.ok()) return status;
  }
  plan.first_position = from;
  plan.stored = from - std::min(from, first);
  plan.commits.assign(std::make_move_iterator(history->begin() + from),
                      std::make_move_iterator(history->end()));
  return absl::OkStatus();
}

absl::StatusOr<Ingestor::Plan> Ingestor::MakePlan(const IngestRequest& request,
                                                  const std::string& path) {
  const auto git = code_analysis::Repository::Open(path);
  if (!git.ok()) return git.status();
  const auto until =
      git->ResolveCommit(request.until.empty() ? "HEAD" : request.until);
  if (!until.ok()) return until.status();
  Plan plan;
  plan.path = path;
  std::optional<StoredRange> range;
  absl::Status status =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto put = store_.PutRepository(work, request.repository,
                                        base::RandomBytes(32), clock_.Now());
        if (!put.ok()) return put.status();
        plan.repository = *std::move(put);
        auto stored = store_.Range(work, plan.repository.id);
        if (stored.ok()) range = *std::move(stored);
        return stored.status();
      });
  if (!status.ok()) return status;

  bool goes_on = false;
  if (range) {
    auto news = git->FirstParentHistory(range->last_sha, *until);
    if (news.ok()) {
      const std::uint32_t total =
          range->last + 1 + static_cast<std::uint32_t>(news->size());
      const std::uint32_t first =
          request.max_commits == 0 || request.max_commits >= total
              ? 0
              : total - request.max_commits;
      goes_on = first >= range->first;
      plan.first_position = range->last + 1;
      plan.stored = plan.first_position - std::min(plan.first_position, first);
      plan.commits = *std::move(news);
    }
  }
  if (!goes_on) {
    status = PlanFromHistory(request, *git, *until, plan);
    if (!status.ok()) return status;
  }
  if (plan.commits.empty()) return plan;
  status = transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
    const auto ids = store_.PatchIds(work, plan.repository.id);
    if (!ids.ok()) return ids.status();
    for (const std::int64_t id : *ids) plan.patches.Add(id);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return plan;
}

absl::Status Ingestor::Ingest(
    const IngestRequest& request,
    const std::function<bool(const IngestProgress&)>& on_progress) {
  if (request.repository.empty()) {
    return base::FieldError("repository", "is empty",
                            "give the path or URL of a git repository");
  }
  const auto path = code_analysis::Mirror(request.repository, mirrors_);
  if (!path.ok()) return path.status();
  auto plan = MakePlan(request, *path);
  if (!plan.ok()) return plan.status();

  IngestProgress progress;
  progress.commits_done = plan->stored;
  progress.commits_total =
      plan->stored + static_cast<std::uint32_t>(plan->commits.size());
  absl::Status loaded;
  Lineage lineage([&](std::string_view file) {
    std::optional<std::string> state;
    const absl::Status read =
        transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
          auto found = store_.FileState(work, plan->repository.id, file);
          if (found.ok()) state = *std::move(found);
          return found.status();
        });
    if (!read.ok() && loaded.ok()) loaded = read;
    return state;
  });
  std::vector<IngestedCommit> batch;
  std::size_t batch_lines = 0;
  const auto flush = [&]() -> absl::Status {
    if (!loaded.ok()) return loaded;
    batch_lines = 0;
    return Flush(plan->repository.id, batch, lineage);
  };
  absl::Status status = ScanHistory(
      {plan->path, plan->repository.author_key}, plan->commits,
      plan->first_position, lineage, plan->patches,
      [&](IngestedCommit commit) -> absl::Status {
        const CommitHeader& header = commit.header;
        ++progress.commits_done;
        progress.lines += header.counted_lines;
        progress.files_skipped += header.files_skipped;
        progress.files_generated += header.files_generated;
        progress.renames += header.renames;
        progress.reverts += header.kind == CommitKind::kRevert ? 1 : 0;
        progress.cherry_picks += header.kind == CommitKind::kCherryPick ? 1 : 0;
        batch_lines += commit.lines.size() + commit.ends.size();
        batch.push_back(std::move(commit));
        if (batch.size() < kBatchCommits && batch_lines < kBatchLines) {
          return absl::OkStatus();
        }
        if (auto flushed = flush(); !flushed.ok()) return flushed;
        return on_progress(progress)
                   ? absl::OkStatus()
                   : absl::CancelledError("the caller went away");
      });
  if (status.ok()) status = flush();
  if (!status.ok()) return status;
  progress.done = true;
  on_progress(progress);
  return absl::OkStatus();
}

}  // namespace evalloop::prompt_engine
