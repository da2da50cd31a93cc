#include "scorer/stream/scored_event.h"

#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "fmt/format.h"
#include "scorer/domain/static_metrics.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

std::string_view FirstLine(std::string_view text) {
  return text.substr(0, text.find('\n'));
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

void TakeTally(const v1::RunAnswered& answered, Candidate& candidate) {
  candidate.has_outcome = answered.task().mode() == v1::RUN_MODE_TYPED;
  if (!candidate.has_outcome) return;
  candidate.acceptance = Measure::Missing("nothing_shown");
  if (answered.tally().shown() > 0) {
    candidate.acceptance =
        Measure::Of(static_cast<double>(answered.tally().accepted()) /
                    answered.tally().shown());
  }
}

void ReadRun(const v1::RunAnswered& answered, ScoredEvent& scored) {
  const v1::RunTask& task = answered.task();
  scored.stored.subject =
      fmt::format("runs/{}/items/{}/samples/{}", task.run_id(), task.item_id(),
                  task.sample());
  if (answered.has_tally()) scored.stored.tally = TallyOf(answered.tally());
  if (!answered.infrastructure_error().empty()) return;
  // A model may run on past the line that the policy would show. What is no
  // code at a cursor is always whole.
  const TaskKind kind = ParseTaskKind(task.task());
  const bool block =
      kind != TaskKind::kCode || task.revision().content().output().extent() ==
                                     v1::OutputPolicy::EXTENT_BLOCK;
  const auto language =
      code_analysis::ParseLanguage(task.location().language());
  Candidate& candidate = scored.candidate.emplace(
      Candidate{.text = block ? std::string_view(answered.raw_text())
                              : FirstLine(answered.raw_text()),
                .language = language,
                .prefix = task.prefix(),
                .suffix = task.suffix(),
                .before = CodeBefore(task.prefix(), task.suffix(), language),
                .repository = task.location().repository(),
                .kind = kind,
                .all_tools = false});
  // A review or a list of places stands nowhere in the code.
  if (kind != TaskKind::kCode) {
    candidate.surroundings_known = false;
    candidate.before.reset();
  }
  for (const std::string& reference : task.references()) {
    candidate.references.push_back(reference);
  }
  TakeTally(answered, candidate);
  if (!task.has_tests()) return;
  candidate.has_tests = true;
  scored.completion = std::string(candidate.text) + task.suffix();
  scored.tests = FunctionalCase{.language = language,
                                .prompt = task.prefix(),
                                .completion = scored.completion,
                                .tests = task.tests().program(),
                                .entry_point = task.tests().entry_point()};
}

void ReadLive(const v1::CompletionSettled& settled, ScoredEvent& scored) {
  const v1::CompletionServed& served = settled.completion();
  scored.stored.subject = fmt::format("completions/{}", served.completion_id());
  scored.stored.outcome = OutcomeOf(settled);
  if (!served.error().empty()) return;
  Candidate& candidate = scored.candidate.emplace(Candidate{
      .text =
          FirstLine(served.shown() ? served.shown_text() : served.raw_text()),
      .language = code_analysis::ParseLanguage(served.location().language()),
      .surroundings_known = false,
      .acceptance = Measure::Missing("no_outcome"),
      .all_tools = false});
  if (settled.feedback().has_text()) {
    candidate.references.push_back(FirstLine(settled.feedback().text()));
  }
  if (scored.stored.outcome.has_value()) {
    candidate.has_outcome = true;
    candidate.acceptance =
        Measure::Of(scored.stored.outcome->accepted ? 1.0 : 0.0);
  }
}

// As the row of a run whose item is the code that was committed.
void ReadOutcome(const v1::OutcomeKnown& known, ScoredEvent& scored) {
  scored.stored.subject = fmt::format("outcomes/{}", known.completion_id());
  const auto language =
      code_analysis::ParseLanguage(known.location().language());
  Candidate& candidate = scored.candidate.emplace(
      Candidate{.text = known.text(),
                .language = language,
                .prefix = known.prefix(),
                .suffix = known.suffix(),
                .before = CodeBefore(known.prefix(), known.suffix(), language),
                .repository = known.location().repository(),
                .all_tools = false});
  for (const std::string& reference : known.references()) {
    candidate.references.push_back(reference);
  }
}

}  // namespace

RubricRef AskedBy(std::string_view rubric) {
  const std::size_t at = rubric.rfind('@');
  if (at == std::string_view::npos) return {std::string(rubric), 0};
  std::uint32_t version = 0;
  const char* const end = rubric.data() + rubric.size();
  const auto [stop, error] =
      std::from_chars(rubric.data() + at + 1, end, version);
  if (error != std::errc() || stop != end) return {std::string(rubric), 0};
  return {std::string(rubric.substr(0, at)), version};
}

absl::StatusOr<std::unique_ptr<ScoredEvent>> ReadScoredEvent(
    v1::Event& event, const ScorersInForce& scorers) {
  auto scored = std::make_unique<ScoredEvent>();
  scored->event = &event;
  if (event.has_run_answered()) {
    const v1::RunTask& task = event.run_answered().task();
    if (task.run_id().empty() || task.item_id().empty()) {
      return absl::InvalidArgumentError("run_answered without run or item");
    }
    const auto found = scorers.runs.find(task.run_id());
    if (found == scorers.runs.end()) {
      // It may be pushed and the row asked for again.
      event.mutable_run_answered()->set_infrastructure_error(
          fmt::format("the revision's rubric {} is not stored: push it "
                      "(evalloop rubric push)",
                      task.revision().content().rubric()));
    }
    scored->scorer = found == scorers.runs.end() ? scorers.now : found->second;
    ReadRun(event.run_answered(), *scored);
  } else if (event.has_completion_settled()) {
    const v1::CompletionSettled& settled = event.completion_settled();
    if (settled.completion().completion_id().empty()) {
      return absl::InvalidArgumentError("completion_settled without an id");
    }
    scored->scorer = scorers.now;
    ReadLive(settled, *scored);
  } else if (event.has_outcome_known()) {
    if (event.outcome_known().completion_id().empty()) {
      return absl::InvalidArgumentError("outcome_known without a completion");
    }
    scored->scorer = scorers.now;
    ReadOutcome(event.outcome_known(), *scored);
  } else {
    return std::unique_ptr<ScoredEvent>();
  }
  return scored;
}

}  // namespace evalloop::scorer
