#include "serving/domain/live_completions.h"

#include <utility>
#include <variant>

#include "fmt/format.h"
#include "platform/base/reason.h"
#include "platform/base/text.h"

namespace evalloop::serving {
namespace {

using Steady = std::chrono::steady_clock;

// What a stored completion says of a failure: the code, never the text, which
// may quote the provider and with it the developer's code.
std::string ErrorName(const absl::Status& status) {
  return absl::StatusCodeToString(status.code());
}

}  // namespace

LiveCompletions::LiveCompletions(const Library& library,
                                 const Completer& completer, CompletionIds& ids,
                                 CompletionLog& log, base::Clock& clock,
                                 LiveObserver& observer, LiveOptions options)
    : library_(library),
      completer_(completer),
      ids_(ids),
      log_(log),
      clock_(clock),
      observer_(observer),
      options_(options) {}

absl::StatusOr<Completion> LiveCompletions::Complete(
    LiveRequest request, std::function<bool()> cancelled,
    const LivePieceSink& on_piece) {
  if (running_.fetch_add(1) >= options_.max_concurrent) {
    running_.fetch_sub(1);
    return base::WithRetryAfter(
        base::WithReason(
            absl::ResourceExhaustedError("too many completions at once"),
            "OVERLOADED"),
        std::chrono::seconds(1));
  }
  auto result =
      CompleteAdmitted(std::move(request), std::move(cancelled), on_piece);
  running_.fetch_sub(1);
  return result;
}

absl::StatusOr<Plan> LiveCompletions::MakePlan(LiveRequest& request) const {
  if (const auto* model = std::get_if<std::string>(&request.choice)) {
    return completer_.PlanModel(*model, std::move(request.query));
  }
  auto revision = library_.Resolve(std::get<RevisionSelector>(request.choice),
                                   options_.patience);
  if (!revision.ok()) return revision.status();
  return completer_.PlanRevision(*std::move(revision), std::move(request.query),
                                 options_.patience);
}

absl::StatusOr<Completion> LiveCompletions::CompleteAdmitted(
    LiveRequest request, std::function<bool()> cancelled,
    const LivePieceSink& on_piece) {
  const auto start = Steady::now();
  auto plan = MakePlan(request);
  if (!plan.ok()) return plan.status();
  const auto planned = Steady::now();

  Completion completion;
  completion.id = ids_.New();
  completion.user = std::move(request.user);
  completion.session = std::move(request.session);
  completion.serve_time = clock_.Now();
  Completer::Describe(*plan, completion);
  completion.error = std::string(kNoResult);
  if (auto status = log_.Intended(completion); !status.ok()) return status;
  completion.error.clear();

  const CallLimits limits{
      .deadline = planned + (plan->revision ? options_.latency_budget
                                            : options_.model_deadline),
      .cancelled = std::move(cancelled)};
  const bool streams = on_piece && !plan->revision;
  const PieceSink pass_on = [&](std::string_view piece) {
    return on_piece(completion, piece);
  };
  const auto called = Steady::now();
  absl::Status status = completer_.Call(
      *plan, limits, streams ? pass_on : PieceSink(), completion);
  const auto answered = Steady::now();
  completion.usage.total_ms =
      std::chrono::duration<double, std::milli>(answered - planned).count();
  if (plan->revision && absl::IsDeadlineExceeded(status)) {
    completion.shown = false;
    completion.hidden_reason = std::string(kHiddenLate);
    completion.finish_reason = "stop";
    status = absl::OkStatus();
  }
  if (!status.ok()) completion.error = ErrorName(status);
  if (auto logged = log_.Served(completion); status.ok() && !logged.ok()) {
    status = logged;
  }
  observer_.Completed(completion, status,
                      (called - start) + (Steady::now() - answered));
  if (!status.ok()) return status;
  if (on_piece && plan->revision && completion.shown) {
    on_piece(completion, completion.shown_text);
  }
  return completion;
}

}  // namespace evalloop::serving
