#include "evaluator/stream/events.h"

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
      v1::RunTask& task = *event.mutable_run_task();
      task.set_run_id(run.id);
      task.set_item_id(item.id);
      task.set_sample(sample);
      *task.mutable_revision() = revision;
      *task.mutable_location() = LocationOf(item);
      task.set_prefix(item.prefix);
      task.set_suffix(item.suffix);
      for (const std::string& reference : item.References()) {
        task.add_references(reference);
      }
      task.set_mode(ToProto(run.mode));
      task.set_index_commit(run.index_commit);
      if (!item.tests.program.empty()) {
        *task.mutable_tests() = ToProto(item.tests);
      }
      events.push_back(Outgoing(prefix_, v1topics::kRunTask, event));
    }
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
