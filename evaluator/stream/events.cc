#include "evaluator/stream/events.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "evaluator/translate/translate.h"
#include "fmt/format.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"
#include "protos/topics.h"

namespace evalloop::evaluator {
namespace {

base::OutgoingEvent Outgoing(std::string_view prefix, std::string_view topic,
                             const v1::Event& event) {
  return {.event_id = event.event_id(),
          .topic = v1topics::Name(prefix, topic),
          .key = event.subject(),
          .payload = event.SerializeAsString()};
}

void PutTask(const Run& run, const v1::Revision& revision, const Item& item,
             std::uint32_t sample, v1::RunTask& task) {
  task.set_run_id(run.id);
  task.set_item_id(item.id);
  task.set_sample(sample);
  *task.mutable_revision() = revision;
  // What the scorer takes; another revision's where it is compared with that.
  task.mutable_revision()->mutable_content()->set_rubric(run.rubric);
  *task.mutable_location() = LocationOf(item);
  task.set_prefix(item.prefix);
  task.set_suffix(item.suffix);
  for (const std::string& reference : item.References()) {
    task.add_references(reference);
  }
  task.set_mode(ToProto(run.mode));
  task.set_index_commit(run.index_commit);
  if (item.TestsJudge()) {
    *task.mutable_tests() = ToProto(item.tests);
  }
  task.set_task(item.task);
  for (const std::string& question : item.criteria) {
    task.add_criteria(question);
  }
}

}  // namespace

absl::Status OutboxEvents::AskFor(base::UnitOfWork& work, const Run& run,
                                  std::span<const Item> items,
                                  std::span<const std::uint32_t> samples) {
  v1::Revision revision;
  if (!revision.ParseFromString(run.revision.content)) {
    return absl::InternalError("the run's revision is not a Revision");
  }
  const auto now = v1::ToTimestamp(clock_.Now());
  // A retried row asks again, so the time is a part of the event's cause.
  const std::string occasion =
      fmt::format("{}", absl::ToUnixNanos(clock_.Now()));
  std::vector<base::OutgoingEvent> events;
  for (const Item& item : items) {
    for (const std::uint32_t sample : samples) {
      v1::Event event;
      event.set_subject(fmt::format("{}/{}", run.id, item.id));
      event.set_event_id(base::DerivedId(
          event.subject(), fmt::format("task {} {}", sample, occasion)));
      *event.mutable_occur_time() = now;
      PutTask(run, revision, item, sample, *event.mutable_run_task());
      events.push_back(Outgoing(prefix_, v1topics::kRunTask, event));
    }
  }
  return outbox_.Add(work, events);
}

absl::Status OutboxEvents::ScoreAgain(base::UnitOfWork& work, const Run& run,
                                      std::span<const Item> items,
                                      std::span<const Row> rows) {
  v1::Revision revision;
  if (!revision.ParseFromString(run.revision.content)) {
    return absl::InternalError("the run's revision is not a Revision");
  }
  std::map<std::string_view, const Item*> by_id;
  for (const Item& item : items) by_id[item.id] = &item;
  std::vector<base::OutgoingEvent> events;
  for (const Row& row : rows) {
    const auto item = by_id.find(row.item_id);
    if (item == by_id.end()) {
      return absl::InternalError("a row's item is not among the items");
    }
    v1::Event event;
    event.set_subject(fmt::format("{}/{}", run.id, row.item_id));
    event.set_event_id(base::DerivedId(
        event.subject(), fmt::format("score again {}", row.sample)));
    *event.mutable_occur_time() = v1::ToTimestamp(clock_.Now());
    v1::RunAnswered& answer = *event.mutable_run_answered();
    PutTask(run, revision, *item->second, row.sample, *answer.mutable_task());
    PutAnswer(row, answer);
    answer.set_model(run.revision.model);
    answer.set_model_snapshot(run.revision.model_snapshot);
    *answer.mutable_answer_time() = event.occur_time();
    events.push_back(Outgoing(prefix_, v1topics::kRunAnswered, event));
  }
  return outbox_.Add(work, events);
}

absl::Status OutboxEvents::AskForOracles(base::UnitOfWork& work,
                                         const Benchmark& benchmark,
                                         std::span<const Item> items) {
  const std::string occasion =
      fmt::format("{}", absl::ToUnixNanos(clock_.Now()));
  std::vector<base::OutgoingEvent> events;
  for (const Item& item : items) {
    v1::Event event;
    event.set_subject(
        fmt::format("{}/{}/{}", benchmark.name, benchmark.version, item.id));
    event.set_event_id(
        base::DerivedId(event.subject(), "oracle task " + occasion));
    *event.mutable_occur_time() = v1::ToTimestamp(clock_.Now());
    v1::OracleTask& task = *event.mutable_oracle_task();
    task.set_benchmark(benchmark.name);
    task.set_benchmark_version(benchmark.version);
    task.set_item_id(item.id);
    task.set_language(item.language);
    task.set_prefix(item.prefix);
    task.set_suffix(item.suffix);
    task.set_solution(item.agreed);
    *task.mutable_tests() = ToProto(item.tests);
    events.push_back(Outgoing(prefix_, v1topics::kOracleTask, event));
  }
  return outbox_.Add(work, events);
}

absl::Status OutboxEvents::Decided(base::UnitOfWork& work,
                                   const Decision& decision) {
  v1::Event event;
  event.set_event_id(base::DerivedId(decision.id, "decided"));
  event.set_subject(decision.prompt);
  *event.mutable_occur_time() = v1::ToTimestamp(decision.time);
  *event.mutable_loop_decided()->mutable_decision() = ToProto(decision);
  const base::OutgoingEvent outgoing =
      Outgoing(prefix_, v1topics::kEvaluatorDecision, event);
  return outbox_.Add(work, {&outgoing, 1});
}

}  // namespace evalloop::evaluator
