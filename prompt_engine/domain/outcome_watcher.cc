#include "prompt_engine/domain/outcome_watcher.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace evalloop::prompt_engine {

// Where a commit leaves the first-parent line.
struct OutcomeWatcher::Base {
  std::uint32_t first_position = 0;
  std::string sha;
};

// What one step does for one repository.
struct OutcomeWatcher::Batch {
  const DueRepository& repository;
  std::unique_ptr<CommitReader> git;
  FileVariants variants;
  std::vector<WatchRow> rows;
  std::set<WatchRow*> changed;
  std::map<std::string, std::optional<Base>> bases;  // By commit as told.
  std::map<std::string, KnownOutcome> known;         // By completion.
};

namespace {

// Whether the commits that were ingested have something for it.
bool HasWork(const Watch& watch, const DueRepository& repository) {
  if (watch.next_position > repository.newest_position) return false;
  if (watch.stage == WatchStage::kSearching) return true;
  return watch.stage == WatchStage::kStanding &&
         NextLook(watch) <= repository.newest_time;
}

}  // namespace

absl::StatusOr<OutcomeWatcher::Progress> OutcomeWatcher::Step() {
  std::vector<DueRepository> due;
  const absl::Status read =
      parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto found =
            parts_.watches.Due(work, parts_.clock.Now(), kRepositories);
        if (found.ok()) due = *std::move(found);
        return found.status();
      });
  if (!read.ok()) return read;
  Progress progress;
  for (const DueRepository& repository : due) {
    const auto done = StepOne(repository);
    if (done.ok()) {
      progress.more = progress.more || *done;
    } else {
      progress.unreadable.emplace(repository.repository, done.status());
    }
  }
  return progress;
}

absl::StatusOr<bool> OutcomeWatcher::StepOne(const DueRepository& repository) {
  auto git = open_(repository.repository);
  if (!git.ok()) return git.status();
  Batch batch{.repository = repository,
              .git = *std::move(git),
              .variants = FileVariants(parts_.commits, repository.id),
              .rows = {},
              .changed = {},
              .bases = {},
              .known = {}};
  const absl::Status read =
      parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto rows =
            parts_.watches.Load(work, repository, parts_.clock.Now(), kWatches);
        if (rows.ok()) batch.rows = *std::move(rows);
        return rows.status();
      });
  if (!read.ok()) return read;
  if (auto status = Resolve(batch); !status.ok()) return status;
  if (auto status = Walk(batch); !status.ok()) return status;
  if (auto status = Save(batch); !status.ok()) return status;
  return !batch.changed.empty();
}

absl::Status OutcomeWatcher::Resolve(Batch& batch) {
  for (WatchRow& row : batch.rows) {
    if (row.watch.stage != WatchStage::kWaiting) continue;
    batch.changed.insert(&row);
    const auto [base, added] = batch.bases.try_emplace(row.watch.base_commit);
    if (added) {
      auto found = FindBase(batch, row.watch.base_commit);
      if (!found.ok()) return found.status();
      base->second = *std::move(found);
    }
    row.base_unknown = !base->second.has_value();
    if (base->second) {
      Begin(row.watch, base->second->first_position, base->second->sha);
    } else {
      row.watch.next_position = batch.repository.newest_position + 1;
    }
  }
  return absl::OkStatus();
}

// A working tree may stand on a branch: where that left the first-parent line
// its work comes back to it. Nothing for a commit that was never pushed, or
// that was written anew.
absl::StatusOr<std::optional<OutcomeWatcher::Base>> OutcomeWatcher::FindBase(
    Batch& batch, std::string sha) {
  for (int steps = 0; steps <= kBranchCommits && !sha.empty(); ++steps) {
    std::optional<std::uint32_t> first;
    const absl::Status read =
        parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
          const auto position =
              parts_.watches.PositionAfter(work, batch.repository.id, sha);
          if (position.ok()) first = *position;
          return position.status();
        });
    if (!read.ok()) return read;
    if (first) return Base{*first, std::move(sha)};
    auto parent = batch.git->ParentOf(sha);
    if (!parent.ok()) return std::nullopt;
    sha = *std::move(parent);
  }
  return std::nullopt;
}

absl::Status OutcomeWatcher::Walk(Batch& batch) {
  std::optional<std::uint32_t> begin;
  for (const WatchRow& row : batch.rows) {
    if (!HasWork(row.watch, batch.repository)) continue;
    begin = std::min(begin.value_or(row.watch.next_position),
                     row.watch.next_position);
  }
  if (!begin) return absl::OkStatus();
  std::vector<CommitHeader> commits;
  const absl::Status read =
      parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
        std::optional<std::uint32_t> after;
        if (*begin >= 1) after = *begin - 1;
        auto list = parts_.commits.ListCommits(work, batch.repository.id, after,
                                               kCommits);
        if (list.ok()) commits = *std::move(list);
        return list.status();
      });
  if (!read.ok()) return read;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    std::vector<WatchRow*> rows;
    for (WatchRow& row : batch.rows) {
      if (row.watch.next_position != commits[i].position ||
          !HasWork(row.watch, batch.repository)) {
        continue;
      }
      batch.changed.insert(&row);
      if (commits[i].parent == row.watch.seen_commit) {
        rows.push_back(&row);
        continue;
      }
      // History was written anew: what was seen of it is worth nothing.
      row.watch.stage = WatchStage::kWaiting;
      row.watch.next_position = 0;
      row.watch.committed.reset();
      row.placement.reset();
    }
    if (rows.empty()) continue;
    if (auto status = Look(batch, commits[i], rows); !status.ok()) {
      return status;
    }
  }
  return absl::OkStatus();
}

absl::Status OutcomeWatcher::Look(Batch& batch, const CommitHeader& commit,
                                  const std::vector<WatchRow*>& rows) {
  const auto changes = batch.git->Changes(commit.sha);
  if (!changes.ok()) return changes.status();
  const ChangedFiles files(*changes);
  for (WatchRow* const row : rows) {
    const bool was_known = row->watch.Known();
    const auto landing = Advance(row->watch, commit, files);
    absl::Status status;
    if (landing) {
      status = Settle(batch, *row, commit, *landing);
    } else if (!was_known && row->watch.Known() &&
               !row->watch.committed->commit.empty()) {
      status = SettleLate(batch, *row);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status OutcomeWatcher::Settle(Batch& batch, WatchRow& row,
                                    const CommitHeader& commit,
                                    const Landing& landing) {
  auto report = Report(row.watch, landing, commit, batch.variants);
  if (!report.ok()) return report.status();
  row.placement = report->placement;
  if (!IsSampled(row.watch.completion_id, share_)) return absl::OkStatus();
  KnownOutcome& known = batch.known[row.watch.completion_id];
  known.prefix = std::move(report->prefix);
  known.suffix = std::move(report->suffix);
  known.text = row.watch.suggestion;
  known.references = std::move(report->references);
  return absl::OkStatus();
}

// It became known when its time was over, by an earlier commit.
absl::Status OutcomeWatcher::SettleLate(Batch& batch, WatchRow& row) {
  const CommittedOutcome& committed = *row.watch.committed;
  std::optional<std::uint32_t> next;
  std::vector<CommitHeader> commits;
  const absl::Status read =
      parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
        const auto after = parts_.watches.PositionAfter(
            work, batch.repository.id, committed.commit);
        if (!after.ok()) return after.status();
        if (!*after || **after == 0) return absl::OkStatus();
        std::optional<std::uint32_t> before;
        if (**after >= 2) before = **after - 2;
        auto list =
            parts_.commits.ListCommits(work, batch.repository.id, before, 1);
        if (list.ok()) commits = *std::move(list);
        return list.status();
      });
  if (!read.ok()) return read;
  if (commits.empty() || commits[0].sha != committed.commit) {
    return absl::OkStatus();
  }
  const auto changes = batch.git->Changes(committed.commit);
  if (!changes.ok()) return changes.status();
  const ChangedFiles files(*changes);
  const auto landing = LandingIn(files, committed);
  if (!landing) return absl::OkStatus();
  return Settle(batch, row, commits[0], *landing);
}

absl::Status OutcomeWatcher::Save(Batch& batch) {
  if (batch.changed.empty()) return absl::OkStatus();
  std::vector<WatchRow> rows;
  for (const WatchRow* const row : batch.changed) rows.push_back(*row);
  const absl::Time now =
      absl::FromUnixMicros(absl::ToUnixMicros(parts_.clock.Now()));
  return parts_.transactor.Run([&](base::UnitOfWork& work) -> absl::Status {
    const auto kept = parts_.watches.Save(work, rows);
    if (!kept.ok()) return kept.status();
    std::vector<KnownOutcome> told;
    for (const auto& [id, known] : batch.known) {
      if (kept->count(id) == 0) continue;
      auto outcome = parts_.outcomes.Find(work, id);
      if (!outcome.ok()) return outcome.status();
      if (!*outcome) continue;
      KnownOutcome& one = told.emplace_back(known);
      one.outcome = **std::move(outcome);
      one.know_time = now;
    }
    return parts_.events.Known(work, told);
  });
}

}  // namespace evalloop::prompt_engine
