// Which runs can be compared, and which of their rows count.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "evaluator/domain/runs.h"
#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

// `remedy` makes a baseline that is like the candidate.
absl::Status Unlike(std::string_view what, std::string_view remedy) {
  return base::WithReason(
      absl::FailedPreconditionError(
          fmt::format("the runs differ in their {}; make a fresh baseline: {}",
                      what, remedy)),
      "STALE_BASELINE");
}

absl::Status CheckAlike(const Run& baseline, const Run& candidate) {
  const std::string start = StartCommand(baseline.revision, candidate);
  if (baseline.benchmark != candidate.benchmark ||
      baseline.benchmark_version != candidate.benchmark_version) {
    return Unlike("benchmark version", start);
  }
  if (baseline.mode != candidate.mode) return Unlike("mode", start);
  if (baseline.subset_digest != candidate.subset_digest) {
    return Unlike("subset", start);
  }
  if (baseline.samples != candidate.samples) {
    return Unlike("number of samples", start);
  }
  if (baseline.index_commit != candidate.index_commit) {
    return Unlike("index commit", start);
  }
  if (baseline.scorer_digest != candidate.scorer_digest) {
    return Unlike("scorer digest", "evalloop run rerun " + baseline.id);
  }
  return absl::OkStatus();
}

// What providers said that answered the rows of a run.
std::set<std::string> ProvidersOf(std::span<const Row> rows) {
  std::set<std::string> providers;
  for (const Row& row : rows) {
    if (row.reported_model.empty() && row.system_fingerprint.empty()) continue;
    providers.insert(
        fmt::format("{} {}", row.reported_model, row.system_fingerprint));
  }
  return providers;
}

bool HasIndex(std::span<const Row> rows) {
  return std::any_of(rows.begin(), rows.end(),
                     [](const Row& row) { return !row.index_commit.empty(); });
}

// Whether the same provider stands behind the same snapshot. A model with an
// index is its own artefact, whose digest tells where that index stands.
absl::Status CheckProvider(RunPair& pair) {
  const RevisionRef& was = pair.baseline.revision;
  const RevisionRef& now = pair.candidate.revision;
  if (was.model != now.model || was.model_snapshot != now.model_snapshot ||
      HasIndex(pair.before) || HasIndex(pair.after)) {
    return absl::OkStatus();
  }
  const std::set<std::string> before = ProvidersOf(pair.before);
  const std::set<std::string> after = ProvidersOf(pair.after);
  if (before.empty() || after.empty()) {
    pair.notes.push_back(
        "whether the provider changed behind the model's name can't be told: "
        "it reports neither model nor fingerprint");
    return absl::OkStatus();
  }
  // A provider may have several servers: one in common is enough.
  const bool common =
      std::any_of(before.begin(), before.end(),
                  [&](const auto& one) { return after.contains(one); });
  if (common) return absl::OkStatus();
  return Unlike(fmt::format("provider behind the same model ({} then, {} now)",
                            *before.begin(), *after.begin()),
                "evalloop run rerun " + pair.baseline.id);
}

}  // namespace

bool RunPair::Deterministic() const {
  return (baseline.revision.deterministic || HasIndex(before)) &&
         (candidate.revision.deterministic || HasIndex(after));
}

absl::StatusOr<RunPair> Runs::LoadPair(std::string_view baseline_id,
                                       std::string_view candidate_id) {
  RunPair pair;
  auto baseline = runs_.Get(baseline_id);
  if (!baseline.ok()) return baseline.status();
  pair.baseline = *std::move(baseline);
  auto candidate = runs_.Get(candidate_id);
  if (!candidate.ok()) return candidate.status();
  pair.candidate = *std::move(candidate);
  if (auto alike = CheckAlike(pair.baseline, pair.candidate); !alike.ok()) {
    return alike;
  }
  auto before = runs_.AllRows(baseline_id);
  if (!before.ok()) return before.status();
  pair.before = *std::move(before);
  auto after = runs_.AllRows(candidate_id);
  if (!after.ok()) return after.status();
  pair.after = *std::move(after);
  if (auto same = CheckProvider(pair); !same.ok()) return same;
  auto facts = benchmarks_.Facts(pair.candidate.benchmark,
                                 pair.candidate.benchmark_version);
  if (!facts.ok()) return facts.status();
  pair.facts = *std::move(facts);
  const auto quarantined = benchmarks_.Quarantined(
      pair.candidate.benchmark, pair.candidate.benchmark_version);
  if (!quarantined.ok()) return quarantined.status();
  const auto is_out = [&](const Row& row) {
    return quarantined->contains(row.item_id);
  };
  std::erase_if(pair.before, is_out);
  pair.quarantined =
      static_cast<std::int64_t>(std::erase_if(pair.after, is_out));
  if (auto checked = LeaveOutOlder(pair); !checked.ok()) return checked;
  return pair;
}

absl::Status Runs::LeaveOutOlder(RunPair& pair) {
  std::vector<ModelCutoff> models;
  for (const Run* run : {&pair.baseline, &pair.candidate}) {
    auto cutoff =
        models_.CutoffOf(run->revision.model, run->revision.model_snapshot);
    if (!cutoff.ok()) return cutoff.status();
    models.push_back(*std::move(cutoff));
  }
  const auto ages = AgesOf(pair.candidate, models);
  if (!ages.ok()) return ages.status();
  ValidityCount count(models, *ages);
  std::erase_if(pair.after,
                [&](const Row& row) { return !count.Add(row.item_id); });
  std::erase_if(pair.before, [&](const Row& row) {
    return ages->older.contains(row.item_id);
  });
  pair.validity = count.validity();
  if (!pair.validity.note.empty()) pair.notes.push_back(pair.validity.note);
  if (pair.validity.older > 0) {
    pair.notes.push_back(
        fmt::format("{} of {} rows count: the items of the others are older "
                    "than the end of "
                    "the training data ({})",
                    pair.after.size(), pair.after.size() + pair.validity.older,
                    absl::FormatTime("%Y-%m-%d", *pair.validity.cutoff,
                                     absl::UTCTimeZone())));
  }
  return CheckAnyCounts(pair.validity,
                        fmt::format("{}@{}", pair.candidate.benchmark,
                                    pair.candidate.benchmark_version));
}

absl::StatusOr<ItemAges> Runs::AgesOf(const Run& run,
                                      std::span<const ModelCutoff> models) {
  const auto cutoff = LatestCutoff(models);
  // Without one every item that has a date is younger than it.
  return benchmarks_.Ages(run.benchmark, run.benchmark_version,
                          cutoff.value_or(absl::UnixEpoch()));
}

absl::StatusOr<RunFigures> Runs::Summarize(const Run& run) {
  auto cutoff =
      models_.CutoffOf(run.revision.model, run.revision.model_snapshot);
  if (!cutoff.ok()) return cutoff.status();
  const std::span<const ModelCutoff> models(&*cutoff, 1);
  const auto ages = AgesOf(run, models);
  if (!ages.ok()) return ages.status();
  ValidityCount count(models, *ages);
  RunFigures figures;
  const auto add = [&](const Row& row) {
    if (count.Add(row.item_id)) figures.sums.Add(row);
  };
  if (auto read = runs_.ReadRows(run.id, add); !read.ok()) return read;
  figures.validity = count.validity();
  return figures;
}

absl::Status Runs::ReadTexts(const RunPair& pair, std::span<RowDelta> rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<RunStore::RowKey> keys;
  for (const RowDelta& row : rows) keys.push_back({row.item_id, row.sample});
  const auto before = runs_.RowsAt(pair.baseline.id, keys);
  if (!before.ok()) return before.status();
  const auto after = runs_.RowsAt(pair.candidate.id, keys);
  if (!after.ok()) return after.status();
  AddTexts(*before, *after, rows);
  return absl::OkStatus();
}

absl::StatusOr<Comparison> Runs::CompareRuns(std::string_view baseline_id,
                                             std::string_view candidate_id,
                                             std::size_t max_rows,
                                             double confidence) {
  const auto pair = LoadPair(baseline_id, candidate_id);
  if (!pair.ok()) return pair.status();
  auto comparison =
      Compare(pair->before, pair->after, max_rows, confidence, pair->facts);
  if (!comparison.ok()) return comparison.status();
  if (auto read = ReadTexts(*pair, comparison->rows); !read.ok()) return read;
  comparison->quarantined = pair->quarantined;
  comparison->validity = pair->validity;
  comparison->baseline_run = baseline_id;
  comparison->candidate_run = candidate_id;
  return comparison;
}

}  // namespace evalloop::evaluator
