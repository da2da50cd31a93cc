#include "evaluator/domain/baselines.h"

#include <optional>

#include "fmt/format.h"
#include "platform/base/ids.h"

namespace evalloop::evaluator {
namespace {

constexpr absl::Duration kWatchedFor = absl::Hours(24 * 90);
// Runs cost money and time: what is left over comes next time.
constexpr int kMostAtOnce = 4;
constexpr char kAuthor[] = "evaluator";

}  // namespace

Baselines::Baselines(PromptLibrary& library, Runs& runs,
                     BenchmarkStore& benchmarks, GateStore& gates,
                     base::Clock& clock, absl::Duration max_age)
    : library_(library),
      runs_(runs),
      benchmarks_(benchmarks),
      gates_(gates),
      clock_(clock),
      max_age_(max_age) {}

absl::StatusOr<int> Baselines::Refresh() {
  const auto watched = gates_.WatchedSince(clock_.Now() - kWatchedFor);
  if (!watched.ok()) return watched.status();
  int started = 0;
  for (const Watched& one : *watched) {
    if (started == kMostAtOnce) break;
    const auto fresh = RefreshOne(one);
    if (!fresh.ok()) return fresh.status();
    if (*fresh) ++started;
  }
  return started;
}

absl::StatusOr<bool> Baselines::RefreshOne(const Watched& watched) {
  const auto production = library_.Resolve({.prompt = watched.prompt});
  // Nothing is in production: there is nothing to keep.
  if (absl::IsNotFound(production.status())) return false;
  if (!production.ok()) return production.status();
  const auto benchmark = benchmarks_.Get(watched.benchmark, 0);
  if (!benchmark.ok()) return benchmark.status();
  // Where the index stood for one version says nothing about another.
  const std::string index_commit =
      benchmark->version == watched.benchmark_version ? watched.index_commit
                                                      : "";
  const std::int64_t period = (clock_.Now() - absl::UnixEpoch()) / max_age_;
  const std::string cause = fmt::format(
      "{}@{} {}@{} {} {} {}", watched.prompt, production->version,
      benchmark->name, benchmark->version, static_cast<int>(watched.mode),
      static_cast<int>(watched.subset), watched.samples);
  const auto run = runs_.Freshen(
      {.revision = {.prompt = watched.prompt, .version = production->version},
       .benchmark = benchmark->name,
       .benchmark_version = benchmark->version,
       .mode = watched.mode,
       .subset = watched.subset,
       .samples = watched.samples,
       .index_commit = index_commit,
       .author = kAuthor,
       .request_id = base::DerivedId(cause, fmt::format("baseline {}", period)),
       .purpose = purpose::kBaseline},
      max_age_);
  if (!run.ok()) return run.status();
  return run->has_value();
}

}  // namespace evalloop::evaluator
