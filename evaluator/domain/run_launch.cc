// How runs are stored and asked for.
#include <algorithm>
#include <set>
#include <utility>

#include "evaluator/domain/runs.h"
#include "fmt/format.h"
#include "platform/base/build.h"
#include "platform/base/ids.h"
#include "platform/base/reason.h"

namespace evalloop::evaluator {
namespace {

// Items are read and asked for in portions, so that a large benchmark never
// stands in memory as a whole.
constexpr std::size_t kPortion = 200;

// So many items of one run are asked for before it is the other one's turn.
constexpr std::size_t kTurn = 5;

// A run that asks for what `like` asked for, not begun.
Run FreshCopy(const Run& like, absl::Time now) {
  Run run = like;
  run.id = "run-" + base::RandomId();
  run.scorer_digest.clear();
  run.state = RunState::kRunning;
  run.scored = run.failed = run.cost_micros = 0;
  run.start_time = now;
  run.finish_time.reset();
  run.build = base::Build();
  return run;
}

// What a run that was just stored asks for.
class Question {
 public:
  explicit Question(const Run& run)
      : run_(run), picked_(run.items.begin(), run.items.end()) {
    for (std::uint32_t i = 0; i < run.samples; ++i) samples_.push_back(i);
  }

  absl::Status Ask(Events& events, base::UnitOfWork& work,
                   std::span<const Item> items) const {
    std::vector<Item> wanted;
    for (const Item& item : items) {
      if (picked_.empty() ? !item.holdout : picked_.contains(item.id)) {
        wanted.push_back(item);
      }
    }
    return events.AskFor(work, run_, wanted, samples_);
  }

 private:
  const Run& run_;
  std::set<std::string_view> picked_;
  std::vector<std::uint32_t> samples_;
};

}  // namespace

absl::StatusOr<Run> Runs::Launch(const Run& planned) {
  auto started = Launch(std::span(&planned, 1));
  if (!started.ok()) return started.status();
  return std::move(started->front());
}

absl::StatusOr<std::vector<Run>> Runs::Launch(std::span<const Run> planned) {
  std::vector<Run> started;
  const absl::Status done =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        started.clear();
        std::vector<Question> questions;
        for (const Run& run : planned) {
          auto stored = runs_.Start(work, run);
          if (!stored.ok()) return stored.status();
          started.push_back(std::move(stored->run));
          if (stored->created) questions.emplace_back(run);
        }
        if (questions.empty()) return absl::OkStatus();
        Page page{.size = kPortion, .after = ""};
        while (true) {
          const auto items = benchmarks_.ListItems(
              planned[0].benchmark, planned[0].benchmark_version, page);
          if (!items.ok()) return items.status();
          if (items->empty()) return absl::OkStatus();
          page.after = items->back().id;
          const std::size_t turns = questions.size() > 1 ? kTurn : kPortion;
          for (std::size_t at = 0; at < items->size(); at += turns) {
            const auto turn = std::span(*items).subspan(
                at, std::min(turns, items->size() - at));
            for (const Question& question : questions) {
              if (auto asked = question.Ask(events_, work, turn); !asked.ok()) {
                return asked;
              }
            }
          }
        }
      });
  if (!done.ok()) return done;
  return started;
}

absl::StatusOr<StartedPair> Runs::StartRows(const RunPair& pair,
                                            std::span<const std::string> items,
                                            std::uint32_t samples,
                                            std::string_view request_id,
                                            std::string_view author) {
  const auto plan = [&](const Run& like, std::string_view side) {
    Run run = FreshCopy(like, clock_.Now());
    run.subset = Subset::kRows;
    run.items.assign(items.begin(), items.end());
    std::sort(run.items.begin(), run.items.end());
    run.subset_digest = DigestOf(run.items);
    run.samples = samples;
    run.rows = static_cast<std::int64_t>(items.size()) * samples;
    run.author = author;
    run.request_id = base::DerivedId(request_id, side);
    run.purpose = purpose::kRows;
    run.rescored_run.clear();
    return run;
  };
  auto started = Launch(std::vector<Run>{plan(pair.candidate, "candidate"),
                                         plan(pair.baseline, "baseline")});
  if (!started.ok()) return started.status();
  return StartedPair{std::move((*started)[0]), std::move((*started)[1])};
}

absl::StatusOr<Run> Runs::Rescore(std::string_view run_id,
                                  std::string_view request_id,
                                  std::string_view author,
                                  std::optional<std::string> rubric) {
  const auto source = runs_.Get(run_id);
  if (!source.ok()) return source.status();
  if (source->state != RunState::kFinished) {
    return base::WithReason(
        absl::FailedPreconditionError(fmt::format(
            "run {} has not finished; wait for it (evalloop run watch {})",
            run_id, run_id)),
        "RUN_NOT_FINISHED");
  }
  Run run = FreshCopy(*source, clock_.Now());
  run.author = author;
  run.request_id = request_id.empty() ? run.id : std::string(request_id);
  run.purpose = purpose::kRescore;
  if (rubric.has_value()) run.rubric = *std::move(rubric);
  if (run.rescored_run.empty()) run.rescored_run = source->id;
  if (!run.subset_digest.empty()) {
    auto items = runs_.ItemsOf(source->id);
    if (!items.ok()) return items.status();
    run.items = *std::move(items);
  }
  Run started;
  const absl::Status done =
      transactor_.Run([&](base::UnitOfWork& work) -> absl::Status {
        auto stored = runs_.Start(work, run);
        if (!stored.ok()) return stored.status();
        started = std::move(stored->run);
        if (!stored->created) return absl::OkStatus();
        Page page{.size = kPortion, .after = ""};
        while (true) {
          const auto items =
              benchmarks_.ListItems(run.benchmark, run.benchmark_version, page);
          if (!items.ok()) return items.status();
          if (items->empty()) return absl::OkStatus();
          page.after = items->back().id;
          std::vector<std::string> ids;
          for (const Item& item : *items) ids.push_back(item.id);
          const auto rows = runs_.RowsOf(source->id, ids);
          if (!rows.ok()) return rows.status();
          if (auto told = events_.ScoreAgain(work, started, *items, *rows);
              !told.ok()) {
            return told;
          }
        }
      });
  if (!done.ok()) return done;
  return started;
}

}  // namespace evalloop::evaluator
