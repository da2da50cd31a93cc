#include "evaluator/domain/runs.h"

#include <map>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

// Items are read and asked for in portions, so that a large benchmark never
// stands in memory as a whole.
constexpr std::size_t kPortion = 200;

// `remedy` makes a baseline that is like the candidate.
absl::Status Unlike(std::string_view what, std::string_view remedy) {
  return base::WithReason(
      absl::FailedPreconditionError(
          fmt::format("the runs differ in their {}; make a fresh baseline: {}",
                      what, remedy)),
      "STALE_BASELINE");
}

absl::Status CheckAlike(const Run& baseline, const Run& candidate) {
  const std::string start = fmt::format(
      "evalloop run start --prompt {}@{} --benchmark {}@{} --samples {}{}{}",
      baseline.revision.prompt, baseline.revision.version, candidate.benchmark,
      candidate.benchmark_version, candidate.samples,
      candidate.mode == RunMode::kTyped ? " --typed" : "",
      candidate.index_commit.empty()
          ? ""
          : " --index-commit " + candidate.index_commit);
  if (baseline.benchmark != candidate.benchmark ||
      baseline.benchmark_version != candidate.benchmark_version) {
    return Unlike("benchmark version", start);
  }
  if (baseline.mode != candidate.mode) return Unlike("mode", start);
  if (baseline.index_commit != candidate.index_commit) {
    return Unlike("index commit", start);
  }
  if (baseline.scorer_digest != candidate.scorer_digest) {
    return Unlike("scorer digest", "evalloop run rerun " + baseline.id);
  }
  return absl::OkStatus();
}

}  // namespace

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
  run.index_commit = request.index_commit.empty() ? benchmark->after_commit
                                                  : request.index_commit;
  run.rows = std::int64_t{benchmark->items} * request.samples;
  run.author = request.author;
  run.request_id = request.request_id.empty() ? run.id : request.request_id;
  run.start_time = clock_.Now();
  return run;
}

absl::StatusOr<Run> Runs::Launch(const Run& planned) {
  std::vector<std::uint32_t> samples(planned.samples);
  for (std::uint32_t i = 0; i < planned.samples; ++i) samples[i] = i;
  Run started;
  const absl::Status done =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto stored = runs_.Start(work, planned);
        if (!stored.ok()) return stored.status();
        started = std::move(stored->run);
        if (!stored->created) return absl::OkStatus();
        Page page{.size = kPortion, .after = ""};
        while (true) {
          const auto items = benchmarks_.ListItems(
              planned.benchmark, planned.benchmark_version, page);
          if (!items.ok()) return items.status();
          if (items->empty()) return absl::OkStatus();
          if (auto asked = events_.AskFor(work, started, *items, samples);
              !asked.ok()) {
            return asked;
          }
          page.after = items->back().id;
        }
      });
  if (!done.ok()) return done;
  return started;
}

absl::StatusOr<Run> Runs::Start(const RunRequest& request) {
  const auto planned = Plan(request);
  if (!planned.ok()) return planned.status();
  return Launch(*planned);
}

absl::StatusOr<Run> Runs::Reuse(const RunRequest& request) {
  const auto planned = Plan(request);
  if (!planned.ok()) return planned.status();
  auto alike = runs_.FindAlike(*planned);
  if (!alike.ok()) return alike.status();
  if (alike->has_value()) return **std::move(alike);
  return Launch(*planned);
}

absl::StatusOr<Run> Runs::Renew(const Run& baseline, const Run& candidate,
                                std::string_view request_id,
                                std::string_view author) {
  auto planned = Plan({.revision = {.prompt = baseline.revision.prompt,
                                    .version = baseline.revision.version},
                       .benchmark = baseline.benchmark,
                       .benchmark_version = baseline.benchmark_version,
                       .mode = baseline.mode,
                       .samples = baseline.samples,
                       .index_commit = baseline.index_commit,
                       .author = std::string(author),
                       .request_id = std::string(request_id)});
  if (!planned.ok()) return planned.status();
  Run wanted = *planned;
  wanted.scorer_digest = candidate.scorer_digest;
  auto alike = runs_.FindAlike(wanted);
  if (!alike.ok()) return alike.status();
  if (alike->has_value()) return **std::move(alike);
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

absl::StatusOr<Comparison> Runs::CompareRuns(std::string_view baseline_id,
                                             std::string_view candidate_id,
                                             std::size_t max_rows,
                                             double confidence) {
  const auto baseline = runs_.Get(baseline_id);
  if (!baseline.ok()) return baseline.status();
  const auto candidate = runs_.Get(candidate_id);
  if (!candidate.ok()) return candidate.status();
  if (auto alike = CheckAlike(*baseline, *candidate); !alike.ok()) {
    return alike;
  }
  auto before = runs_.AllRows(baseline_id);
  if (!before.ok()) return before.status();
  auto after = runs_.AllRows(candidate_id);
  if (!after.ok()) return after.status();
  const auto quarantined = benchmarks_.Quarantined(
      candidate->benchmark, candidate->benchmark_version);
  if (!quarantined.ok()) return quarantined.status();
  const auto is_out = [&](const Row& row) {
    return quarantined->contains(row.item_id);
  };
  std::erase_if(*before, is_out);
  const std::size_t left_out = std::erase_if(*after, is_out);
  auto comparison = Compare(*before, *after, max_rows, confidence);
  if (!comparison.ok()) return comparison.status();
  comparison->quarantined = static_cast<std::int64_t>(left_out);
  comparison->baseline_run = baseline_id;
  comparison->candidate_run = candidate_id;
  return comparison;
}

}  // namespace evalloop::evaluator
