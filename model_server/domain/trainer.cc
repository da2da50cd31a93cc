#include "model_server/domain/trainer.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "model_server/domain/held_out.h"
#include "model_server/domain/index_builder.h"

namespace evalloop::model_server {
namespace {

using code_analysis::CommitInfo;
using code_analysis::Repository;

// Test-then-train over the window; the events are in time order.
absl::StatusOr<std::vector<FitEvent>> EventsOfWindow(
    const Repository& repository, const TrainOptions& options,
    const TrainProgress& progress) {
  std::vector<FitEvent> events;
  auto history = repository.FirstParentHistory(std::nullopt, options.commit);
  if (!history.ok()) return history.status();
  // Without the last, which is the one to train on, and without the first of
  // the rest, on which the walk starts.
  const std::size_t before = history->size() - 1;
  const auto wanted = static_cast<std::size_t>(options.fit_commits);
  const std::size_t count = std::min(wanted, before > 1 ? before - 1 : 0);
  if (count == 0) return events;
  const std::span<const CommitInfo> window =
      std::span<const CommitInfo>(*history).subspan(before - count, count);
  auto start = BuildBase(repository, options.repository_name,
                         (*history)[before - count - 1].sha);
  // A tree without source has nothing to fit on; the newer one may have some.
  if (absl::IsFailedPrecondition(start.status())) return events;
  if (!start.ok()) return start.status();
  int lines = 0;
  const HeldOutOptions walk{.lines_per_commit = 8,
                            .max_lines = options.fit_lines};
  auto walked = WalkHeldOut(
      repository, IndexSnapshot::OfBase(*std::move(start)), window, walk,
      [&](const IndexSnapshot& index, const HeldOutLine& line) {
        AppendEvents(index, line, events);
        progress("fit", static_cast<double>(++lines) / options.fit_lines);
        return true;
      });
  if (!walked.ok()) return walked.status();
  return events;
}

}  // namespace

absl::StatusOr<TrainResult> Train(const Repository& repository,
                                  const TrainOptions& options,
                                  const TrainProgress& progress) {
  TrainResult result;
  auto events = EventsOfWindow(repository, options, progress);
  if (!events.ok()) return events.status();
  result.fit = FitParameters(*events);
  progress("fit", 1.0);
  auto base = BuildBase(repository, options.repository_name, options.commit);
  if (!base.ok()) return base.status();
  auto fitted = std::make_shared<FrozenBase>(**base);
  fitted->parameters = result.fit.parameters;
  result.files = fitted->files.size();
  result.tokens = fitted->segment.suffixes().size();
  result.base = std::move(fitted);
  progress("tree", 1.0);
  return result;
}

}  // namespace evalloop::model_server
