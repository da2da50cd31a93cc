#include "evaluator/domain/runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/base/build.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

// What answers by chance is compared with answers of the same day: providers
// change.
constexpr absl::Duration kSameDay = absl::Hours(24);

bool MayReuse(const Run& alike, absl::Time now) {
  return alike.revision.deterministic || now - alike.start_time < kSameDay;
}

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

std::string StartCommand(const RevisionRef& revision, const Run& like) {
  return fmt::format(
      "evalloop run start --prompt {}@{} --benchmark {}@{} --samples {}{}{}",
      revision.prompt, revision.version, like.benchmark, like.benchmark_version,
      like.samples, like.mode == RunMode::kTyped ? " --typed" : "",
      (like.subset == Subset::kSmoke ? " --subset smoke" : "") +
          (like.index_commit.empty() ? std::string()
                                     : " --index-commit " + like.index_commit));
}

bool RunPair::Deterministic() const {
  return (baseline.revision.deterministic || HasIndex(before)) &&
         (candidate.revision.deterministic || HasIndex(after));
}

Runs::Runs(PromptLibrary& library, BenchmarkStore& benchmarks, RunStore& runs,
           Events& events, base::Transactor& transactor, base::Clock& clock)
    : library_(library),
      benchmarks_(benchmarks),
      runs_(runs),
      events_(events),
      transactor_(transactor),
      clock_(clock) {}

absl::StatusOr<Run> Runs::Plan(const RunRequest& request) {
  if (request.samples < 1 || request.samples > 100) {
    return base::FieldError("samples", "is out of range", "use 1 to 100");
  }
  auto revision = library_.Resolve(request.revision);
  if (!revision.ok()) return revision.status();
  const auto benchmark =
      benchmarks_.Get(request.benchmark, request.benchmark_version);
  if (!benchmark.ok()) return benchmark.status();
  Run run;
  run.id = "run-" + base::RandomId();
  run.revision = *std::move(revision);
  run.benchmark = benchmark->name;
  run.benchmark_version = benchmark->version;
  run.mode = request.mode;
  run.samples = request.samples;
  run.subset = request.subset;
  std::size_t items = benchmark->items;
  if (request.subset == Subset::kSmoke) {
    auto smoke = SmokeOf(*benchmark);
    if (!smoke.ok()) return smoke.status();
    run.items = std::move(smoke->items);
    run.subset_digest = DigestOf(run.items);
    items = run.items.size();
  }
  run.index_commit = request.index_commit.empty() ? benchmark->after_commit
                                                  : request.index_commit;
  run.rows = static_cast<std::int64_t>(items) * request.samples;
  run.author = request.author;
  run.purpose = request.purpose;
  run.rubric = request.rubric.value_or(run.revision.rubric);
  run.build = base::Build();
  run.request_id = request.request_id.empty() ? run.id : request.request_id;
  run.start_time = clock_.Now();
  return run;
}

absl::StatusOr<SmokeSubset> Runs::SmokeOf(const Benchmark& benchmark) {
  const auto known = benchmarks_.FindSmoke(benchmark.name, benchmark.version);
  if (!known.ok()) return known.status();
  const auto values = runs_.ItemValues(benchmark.name, benchmark.version);
  if (!values.ok()) return values.status();
  if (known->has_value() && !IsOutdated(**known, *values)) return **known;
  const auto facts = benchmarks_.Facts(benchmark.name, benchmark.version);
  if (!facts.ok()) return facts.status();
  SmokeSubset chosen = ChooseSmoke(*facts, *values);
  if (auto kept =
          benchmarks_.KeepSmoke(benchmark.name, benchmark.version, chosen);
      !kept.ok()) {
    return kept;
  }
  return chosen;
}

absl::StatusOr<StartedPair> Runs::StartPair(const RunRequest& candidate,
                                            const RunRequest& baseline,
                                            bool reuse) {
  auto after = Plan(candidate);
  if (!after.ok()) return after.status();
  auto before = Plan(baseline);
  if (!before.ok()) return before.status();
  if (reuse) {
    auto alike = runs_.FindAlike(*before);
    if (!alike.ok()) return alike.status();
    // The candidate's own run, begun by an earlier try, is no baseline to it.
    if (alike->has_value() && (*alike)->request_id != after->request_id &&
        MayReuse(**alike, before->start_time)) {
      auto started = Launch(*after);
      if (!started.ok()) return started.status();
      return StartedPair{*std::move(started), **std::move(alike)};
    }
  }
  auto started = Launch(std::vector<Run>{*after, *before});
  if (!started.ok()) return started.status();
  return StartedPair{std::move((*started)[0]), std::move((*started)[1])};
}

absl::StatusOr<Run> Runs::Start(const RunRequest& request) {
  const auto planned = Plan(request);
  if (!planned.ok()) return planned.status();
  return Launch(*planned);
}

absl::StatusOr<std::optional<Run>> Runs::Freshen(const RunRequest& request,
                                                 absl::Duration max_age) {
  const auto planned = Plan(request);
  if (!planned.ok()) return planned.status();
  const auto alike = runs_.FindAlike(*planned);
  if (!alike.ok()) return alike.status();
  if (alike->has_value() &&
      planned->start_time - (*alike)->start_time < max_age) {
    return std::optional<Run>();
  }
  auto started = Launch(*planned);
  if (!started.ok()) return started.status();
  return std::optional(*std::move(started));
}

absl::StatusOr<Run> Runs::Renew(const Run& baseline, const Run& candidate,
                                std::string_view request_id,
                                std::string_view author) {
  auto planned = Plan({.revision = {.prompt = baseline.revision.prompt,
                                    .version = baseline.revision.version},
                       .benchmark = baseline.benchmark,
                       .benchmark_version = baseline.benchmark_version,
                       .mode = baseline.mode,
                       .subset = baseline.subset,
                       .samples = baseline.samples,
                       .index_commit = baseline.index_commit,
                       .author = std::string(author),
                       .request_id = std::string(request_id),
                       .rubric = candidate.rubric});
  if (!planned.ok()) return planned.status();
  Run wanted = *planned;
  wanted.scorer_digest = candidate.scorer_digest;
  auto alike = runs_.FindAlike(wanted);
  if (!alike.ok()) return alike.status();
  if (alike->has_value()) return **std::move(alike);
  // The same answers by another rubric are as like as can be, and cost nothing.
  if (baseline.state == RunState::kFinished) {
    return Rescore(baseline.id, request_id, author, candidate.rubric);
  }
  return Launch(*planned);
}

absl::StatusOr<Run> Runs::Retry(std::string_view run_id) {
  auto run = runs_.Get(run_id);
  if (!run.ok()) return run.status();
  const absl::Status done =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        const auto keys = runs_.Reopen(work, run_id);
        if (!keys.ok()) return keys.status();
        std::map<std::string, std::vector<std::uint32_t>> samples;
        for (const RunStore::RowKey& key : *keys) {
          samples[key.item_id].push_back(key.sample);
        }
        for (const auto& [item_id, wanted] : samples) {
          const auto item = benchmarks_.GetItem(item_id);
          if (!item.ok()) return item.status();
          if (auto asked = events_.AskFor(work, *run, {&*item, 1}, wanted);
              !asked.ok()) {
            return asked;
          }
        }
        return absl::OkStatus();
      });
  if (!done.ok()) return done;
  return runs_.Get(run_id);
}

absl::StatusOr<bool> Runs::HaveTests(const Run& run) {
  const auto benchmark = benchmarks_.Get(run.benchmark, run.benchmark_version);
  if (!benchmark.ok()) return benchmark.status();
  return benchmark->tested > 0;
}

absl::StatusOr<Benchmark> Runs::BenchmarkOf(const Run& run) {
  return benchmarks_.Get(run.benchmark, run.benchmark_version);
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
  return pair;
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
  comparison->baseline_run = baseline_id;
  comparison->candidate_run = candidate_id;
  return comparison;
}

}  // namespace evalloop::evaluator
