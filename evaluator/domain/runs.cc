#include "evaluator/domain/runs.h"

#include <algorithm>
#include <map>
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

}  // namespace

std::string StartCommand(const RevisionRef& revision, const Run& like) {
  return fmt::format(
      "evalloop run start --prompt {}@{} --benchmark {}@{} --samples {}{}{}",
      revision.prompt, revision.version, like.benchmark, like.benchmark_version,
      like.samples, like.mode == RunMode::kTyped ? " --typed" : "",
      OptionOf(like.subset) + (like.index_commit.empty()
                                   ? std::string()
                                   : " --index-commit " + like.index_commit));
}

Runs::Runs(PromptLibrary& library, BenchmarkStore& benchmarks,
           ModelStore& models, RunStore& runs, Events& events,
           base::Transactor& transactor, base::Clock& clock)
    : library_(library),
      benchmarks_(benchmarks),
      models_(models),
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
  auto items = PickItems(*benchmark, request);
  if (!items.ok()) return items.status();
  run.items = *std::move(items);
  if (!run.items.empty()) run.subset_digest = DigestOf(run.items);
  run.index_commit = request.index_commit.empty() ? benchmark->after_commit
                                                  : request.index_commit;
  run.rows = static_cast<std::int64_t>(
                 run.items.empty() ? benchmark->items - benchmark->holdout
                                   : run.items.size()) *
             request.samples;
  run.author = request.author;
  run.purpose = request.purpose;
  run.rubric = request.rubric.value_or(run.revision.rubric);
  run.build = base::Build();
  run.request_id = request.request_id.empty() ? run.id : request.request_id;
  run.start_time = clock_.Now();
  return run;
}

absl::StatusOr<std::vector<std::string>> Runs::PickItems(
    const Benchmark& benchmark, const RunRequest& request) {
  if (request.subset == Subset::kHoldout && benchmark.holdout == 0) {
    return base::FieldError(
        "subset",
        fmt::format("{}@{} has no holdout", benchmark.name, benchmark.version),
        "build it with a holdout_share");
  }
  // Only code at a cursor can be typed, neither an opinion nor a place.
  const bool sorts_out =
      request.mode == RunMode::kTyped && !benchmark.tasks.empty();
  if (request.subset == Subset::kFull && !sorts_out) {
    if (benchmark.holdout < benchmark.items) return std::vector<std::string>();
    return base::FieldError("subset", "every item is held out",
                            "use SUBSET_HOLDOUT");
  }
  const auto facts = benchmarks_.Facts(benchmark.name, benchmark.version);
  if (!facts.ok()) return facts.status();
  std::vector<std::string> candidates;
  if (request.subset == Subset::kSmoke) {
    auto smoke = SmokeOf(benchmark, *facts);
    if (!smoke.ok()) return smoke.status();
    candidates = std::move(smoke->items);
  } else {
    const bool held = request.subset == Subset::kHoldout;
    for (const auto& [id, item] : *facts) {
      if (item.holdout == held) candidates.push_back(id);
    }
  }
  if (sorts_out) {
    std::erase_if(candidates, [&](const std::string& id) {
      const auto found = facts->find(id);
      return found != facts->end() && (found->second.task == task::kReview ||
                                       found->second.task == task::kSearch);
    });
  }
  if (candidates.empty()) {
    return base::FieldError("mode", "no item of this subset can be typed",
                            "use RUN_MODE_ONCE");
  }
  return candidates;
}

absl::StatusOr<SmokeSubset> Runs::SmokeOf(const Benchmark& benchmark,
                                          const FactsById& facts) {
  const auto known = benchmarks_.FindSmoke(benchmark.name, benchmark.version);
  if (!known.ok()) return known.status();
  const auto values = runs_.ItemValues(benchmark.name, benchmark.version);
  if (!values.ok()) return values.status();
  if (known->has_value() && !IsOutdated(**known, *values)) return **known;
  SmokeSubset chosen = ChooseSmoke(facts, *values);
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

absl::StatusOr<Benchmark> Runs::BenchmarkOf(const Run& run) {
  return benchmarks_.Get(run.benchmark, run.benchmark_version);
}

}  // namespace evalloop::evaluator
