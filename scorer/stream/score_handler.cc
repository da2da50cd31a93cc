#include "scorer/stream/score_handler.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "evalloop/v1/events.pb.h"
#include "fmt/format.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"
#include "scorer/domain/metrics.h"
#include "scorer/domain/scoring.h"
#include "scorer/domain/write_score.h"

namespace evalloop::scorer {
namespace {

// Also the reason that rows without an answer carry.
constexpr std::string_view kInfrastructure = "infrastructure";

std::string_view FirstLine(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

std::vector<const Metric*> EveryMetric() {
  std::vector<const Metric*> metrics;
  for (const Metric& metric : AllMetrics()) metrics.push_back(&metric);
  return metrics;
}

ScoreSet ScoreOf(const v1::RunAnswered& answered, const Scorer& scorer) {
  if (!answered.infrastructure_error().empty()) {
    return Unscored(kInfrastructure, scorer);
  }
  const v1::RunTask& task = answered.task();
  // A model may run on past the line that the policy would show.
  const bool block = task.revision().content().output().extent() ==
                     v1::OutputPolicy::EXTENT_BLOCK;
  Candidate candidate{
      .text = block ? std::string_view(answered.raw_text())
                    : FirstLine(answered.raw_text()),
      .language = code_analysis::ParseLanguage(task.location().language()),
      .prefix = task.prefix(),
      .suffix = task.suffix()};
  for (const std::string& reference : task.references()) {
    candidate.references.push_back(reference);
  }
  return ScoreRow(candidate, EveryMetric(), scorer);
}

ScoreSet ScoreOf(const v1::CompletionSettled& settled, const Scorer& scorer) {
  const v1::CompletionServed& served = settled.completion();
  if (!served.error().empty()) return Unscored(kInfrastructure, scorer);
  Candidate candidate{
      .text =
          FirstLine(served.shown() ? served.shown_text() : served.raw_text()),
      .language = code_analysis::ParseLanguage(served.location().language()),
      .surroundings_known = false};
  if (settled.feedback().has_text()) {
    candidate.references.push_back(FirstLine(settled.feedback().text()));
  }
  return ScoreRow(candidate, EveryMetric(), scorer);
}

Tally TallyOf(const v1::TypedTally& tally) {
  return {.lines = tally.lines(),
          .requests = tally.requests(),
          .shown = tally.shown(),
          .accepted = tally.accepted(),
          .typed_chars = tally.typed_chars(),
          .accepted_chars = tally.accepted_chars(),
          .rejected_chars = tally.rejected_chars()};
}

// Nothing for what was not shown, or was neither taken nor refused.
std::optional<Outcome> OutcomeOf(const v1::CompletionSettled& settled) {
  const v1::CompletionServed& served = settled.completion();
  Outcome outcome;
  outcome.task =
      fmt::format("{} {}", served.prompt(), served.location().language());
  switch (settled.feedback().kind()) {
    case v1::FeedbackGiven::KIND_ACCEPTED:
      outcome.accepted = true;
      break;
    case v1::FeedbackGiven::KIND_REJECTED:
    case v1::FeedbackGiven::KIND_DISMISSED:
      break;
    default:
      return std::nullopt;
  }
  if (!served.shown()) return std::nullopt;
  return outcome;
}

// What an event asks to be stored and told; nothing where it is none of ours.
struct Scored {
  StoredScore stored;
  v1::ScoreRecorded recorded;
};

absl::StatusOr<std::optional<Scored>> Score(v1::Event& event,
                                            const ScorersInForce& scorers) {
  Scored scored;
  if (event.has_run_answered()) {
    v1::RunAnswered& answered = *event.mutable_run_answered();
    const v1::RunTask& task = answered.task();
    if (task.run_id().empty() || task.item_id().empty()) {
      return absl::InvalidArgumentError("run_answered without run or item");
    }
    scored.stored.subject =
        fmt::format("runs/{}/items/{}/samples/{}", task.run_id(),
                    task.item_id(), task.sample());
    scored.stored.score = ScoreOf(answered, *scorers.runs.at(task.run_id()));
    if (answered.has_tally()) scored.stored.tally = TallyOf(answered.tally());
    *scored.recorded.mutable_answered() = std::move(answered);
  } else if (event.has_completion_settled()) {
    const v1::CompletionSettled& settled = event.completion_settled();
    const std::string& id = settled.completion().completion_id();
    if (id.empty()) {
      return absl::InvalidArgumentError("completion_settled without an id");
    }
    scored.stored.subject = fmt::format("completions/{}", id);
    scored.stored.score = ScoreOf(settled, *scorers.now);
    scored.stored.outcome = OutcomeOf(settled);
    scored.recorded.set_completion_id(id);
  } else {
    return std::optional<Scored>();
  }
  return std::optional<Scored>(std::move(scored));
}

}  // namespace

absl::Status ScoreHandler::Handle(base::UnitOfWork& work,
                                  std::span<const kafka::Record* const> fresh) {
  std::vector<v1::Event> incoming;
  std::set<std::string> runs;
  incoming.reserve(fresh.size());
  for (const kafka::Record* const record : fresh) {
    v1::Event& event = incoming.emplace_back();
    if (!event.ParseFromString(record->payload) || event.event_id().empty()) {
      return absl::InvalidArgumentError("payload is not an evalloop.v1.Event");
    }
    if (event.has_run_answered()) {
      runs.insert(event.run_answered().task().run_id());
    }
  }
  const auto scorers = rubrics_.InForce(work, runs);
  if (!scorers.ok()) return scorers.status();

  std::vector<StoredScore> rows;
  std::vector<base::OutgoingEvent> events;
  for (v1::Event& event : incoming) {
    auto scored = Score(event, *scorers);
    if (!scored.ok()) return scored.status();
    if (!scored->has_value()) continue;

    StoredScore& row = (*scored)->stored;
    row.score_time = absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now()));
    v1::Event told;
    told.set_event_id(base::DerivedId(event.event_id(),
                                      "scored by " + row.score.scorer_digest));
    told.set_subject(event.subject());
    *told.mutable_occur_time() = v1::ToTimestamp(row.score_time);
    v1::ScoreRecorded& recorded = *told.mutable_score_recorded();
    recorded = std::move((*scored)->recorded);
    WriteScore(row.score, recorded);
    *recorded.mutable_score_time() = v1::ToTimestamp(row.score_time);
    events.push_back({.event_id = told.event_id(),
                      .topic = topic_,
                      .key = told.subject(),
                      .payload = told.SerializeAsString()});
    rows.push_back(std::move(row));
  }
  if (auto stored = store_.Record(work, rows); !stored.ok()) return stored;
  return outbox_.Add(work, events);
}

}  // namespace evalloop::scorer
