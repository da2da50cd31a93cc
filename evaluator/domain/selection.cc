#include "evaluator/domain/selection.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

constexpr std::size_t kMostRuns = 200;

absl::Status Check(const FrontierRequest& request) {
  if (request.options.correction_micros < 0) {
    return base::FieldError("correction_micros", "is negative",
                            "say what a correction costs, from 0");
  }
  if (request.options.near_share < 0 || request.options.near_share >= 1) {
    return base::FieldError("near_share", "is not a share",
                            "use a number from 0 to 1");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Frontier> SelectRuns(BenchmarkStore& benchmarks, RunStore& runs,
                                    const FrontierRequest& request) {
  if (auto checked = Check(request); !checked.ok()) return checked;
  const auto benchmark =
      benchmarks.Get(request.benchmark, request.benchmark_version);
  if (!benchmark.ok()) return benchmark.status();
  const std::string metric = !request.metric.empty() ? request.metric
                             : benchmark->tested > 0 ? std::string(kPassAt1)
                                                     : "exact_match";
  auto newest = runs.NewestOfRevisions(benchmark->name, benchmark->version,
                                       request.subset);
  if (!newest.ok()) return newest.status();
  std::erase_if(*newest, [&](const Run& run) {
    return !request.prompts.empty() &&
           std::find(request.prompts.begin(), request.prompts.end(),
                     run.revision.prompt) == request.prompts.end();
  });
  if (newest->empty()) {
    return base::WithReason(
        absl::FailedPreconditionError(fmt::format(
            "no finished run on {}@{}; start one: evalloop run start --prompt "
            "NAME@V --benchmark {}@{}",
            benchmark->name, benchmark->version, benchmark->name,
            benchmark->version)),
        "NO_RUNS");
  }
  const auto facts = benchmarks.Facts(benchmark->name, benchmark->version);
  if (!facts.ok()) return facts.status();
  const auto quarantined =
      benchmarks.Quarantined(benchmark->name, benchmark->version);
  if (!quarantined.ok()) return quarantined.status();

  const std::string digest = newest->front().scorer_digest;
  const FrontierScale scale = ScaleOf(metric, request.completed_at);
  std::vector<PricedRun> priced;
  std::set<std::string> there;
  std::vector<std::string> notes;
  for (Run& run : *newest) {
    const std::string name =
        fmt::format("{}@{}", run.revision.prompt, run.revision.version);
    if (run.scorer_digest != digest) {
      if (!there.contains(name)) {
        notes.push_back(
            fmt::format("{}: scored by another digest; evalloop run rescore {}",
                        name, run.id));
      }
      continue;
    }
    if (!there.insert(name).second) continue;
    if (priced.size() == kMostRuns) {
      notes.push_back(fmt::format("only the {} newest revisions", kMostRuns));
      break;
    }
    PricedRun& one = priced.emplace_back(std::move(run), scale);
    const auto read =
        runs.VisitPriced(one.run().id, metric, [&](const PricedRow& row) {
          if (!quarantined->contains(row.item_id)) one.Add(row);
        });
    if (!read.ok()) return read;
  }
  Frontier frontier = FindFrontier(priced, *facts, request.options);
  frontier.benchmark_version = benchmark->version;
  frontier.notes.insert(frontier.notes.end(), notes.begin(), notes.end());
  return frontier;
}

}  // namespace evalloop::evaluator
