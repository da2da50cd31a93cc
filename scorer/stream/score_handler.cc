#include "scorer/stream/score_handler.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "evalloop/v1/events.pb.h"
#include "platform/base/build.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"
#include "scorer/domain/hidden_tests.h"
#include "scorer/domain/scoring.h"
#include "scorer/domain/write_score.h"

namespace evalloop::scorer {
namespace {

using code_analysis::Measure;

// Also the reason that rows without an answer carry.
constexpr std::string_view kInfrastructure = "infrastructure";

// What asked for the answer, by name alone: who asked for it has the rest.
void LeaveOutTexts(v1::RunTask& task) {
  task.clear_revision();
  task.clear_location();
  task.clear_prefix();
  task.clear_suffix();
  task.clear_references();
  task.clear_tests();
  task.clear_criteria();
}

// What is told of a score; takes the answer out of the incoming event.
v1::Event Tell(ScoredEvent& scored) {
  v1::Event& cause = *scored.event;
  const StoredScore& row = scored.stored;
  v1::Event told;
  told.set_event_id(base::DerivedId(cause.event_id(),
                                    "scored by " + row.score.scorer_digest));
  told.set_subject(cause.subject());
  *told.mutable_occur_time() = v1::ToTimestamp(row.score_time);
  v1::ScoreRecorded& recorded = *told.mutable_score_recorded();
  if (cause.has_run_answered()) {
    v1::RunAnswered& answer = *recorded.mutable_answered();
    answer = std::move(*cause.mutable_run_answered());
    LeaveOutTexts(*answer.mutable_task());
    answer.clear_tokens();
  } else if (cause.has_outcome_known()) {
    recorded.set_completion_id(cause.outcome_known().completion_id());
  } else {
    recorded.set_completion_id(
        cause.completion_settled().completion().completion_id());
  }
  WriteScore(row.score, recorded);
  *recorded.mutable_score_time() = v1::ToTimestamp(row.score_time);
  recorded.set_build(std::string(base::Build()));
  return told;
}

absl::StatusOr<std::vector<v1::Event>> Parse(
    std::span<const kafka::Record* const> fresh) {
  std::vector<v1::Event> incoming;
  incoming.reserve(fresh.size());
  for (const kafka::Record* const record : fresh) {
    v1::Event& event = incoming.emplace_back();
    if (!event.ParseFromString(record->payload) || event.event_id().empty()) {
      return absl::InvalidArgumentError("payload is not an evalloop.v1.Event");
    }
  }
  return incoming;
}

}  // namespace

// A verdict that never came is nothing that a candidate did: the row is one
// that can be asked for again.
void ScoreHandler::RunTests(Batch batch) const {
  std::vector<FunctionalCase> cases;
  std::vector<ScoredEvent*> owners;
  for (const auto& scored : batch) {
    if (!scored->tests.has_value()) continue;
    scored->candidate->passed = Measure::Missing("no_sandbox");
    cases.push_back(*scored->tests);
    owners.push_back(scored.get());
  }
  if (cases.empty() || instruments_.tests == nullptr) return;
  const std::vector<Measure> passed =
      RunHiddenTests(*instruments_.tests, cases);
  for (std::size_t i = 0; i < owners.size(); ++i) {
    owners[i]->candidate->passed = passed[i];
    if (passed[i].reason != kInfrastructure) continue;
    owners[i]->candidate.reset();
    owners[i]->event->mutable_run_answered()->set_infrastructure_error(
        "the hidden tests could not be run");
  }
}

void ScoreHandler::Score(Batch batch) const {
  std::map<ScorerPtr, std::vector<ScoredEvent*>> by_scorer;
  for (const auto& scored : batch) {
    if (!scored->candidate.has_value()) {
      scored->stored.score = Unscored(kInfrastructure, *scored->scorer);
      continue;
    }
    Candidate& candidate = *scored->candidate;
    if (instruments_.checkouts != nullptr) {
      scored->names = instruments_.checkouts->NamesIn(candidate.repository);
      candidate.names = scored->names.get();
    }
    by_scorer[scored->scorer].push_back(scored.get());
  }
  for (const auto& [scorer, some] : by_scorer) {
    std::vector<Candidate> candidates;
    for (const ScoredEvent* const scored : some) {
      candidates.push_back(*scored->candidate);
    }
    std::vector<ScoreSet> scores =
        ScoreRows(candidates, scorer->metrics(), instruments_.tools, *scorer);
    for (std::size_t i = 0; i < some.size(); ++i) {
      some[i]->stored.score = std::move(scores[i]);
    }
  }
}

absl::Status ScoreHandler::Handle(base::UnitOfWork& work,
                                  std::span<const kafka::Record* const> fresh) {
  auto incoming = Parse(fresh);
  if (!incoming.ok()) return incoming.status();
  RubricsAsked runs;
  for (const v1::Event& event : *incoming) {
    if (!event.has_run_answered()) continue;
    const v1::RunTask& task = event.run_answered().task();
    runs.emplace(task.run_id(), AskedBy(task.revision().content().rubric()));
  }
  const auto scorers = rubrics_.InForce(work, runs);
  if (!scorers.ok()) return scorers.status();
  std::vector<std::unique_ptr<ScoredEvent>> batch;
  for (v1::Event& event : *incoming) {
    auto scored = ReadScoredEvent(event, *scorers);
    if (!scored.ok()) return scored.status();
    if (*scored != nullptr) batch.push_back(*std::move(scored));
  }
  RunTests(batch);
  AskCriteria(instruments_.judge, batch);
  Score(batch);

  std::vector<StoredScore> rows;
  std::vector<base::OutgoingEvent> events;
  for (const auto& scored : batch) {
    scored->stored.score_time =
        absl::FromUnixMicros(absl::ToUnixMicros(clock_.Now()));
    const v1::Event told = Tell(*scored);
    events.push_back({.event_id = told.event_id(),
                      .topic = topic_,
                      .key = told.subject(),
                      .payload = told.SerializeAsString()});
    rows.push_back(std::move(scored->stored));
  }
  if (auto stored = store_.Record(work, rows); !stored.ok()) return stored;
  return outbox_.Add(work, events);
}

}  // namespace evalloop::scorer
