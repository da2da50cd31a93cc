#include "serving/stream/run_task_handler.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "evalloop/v1/events.pb.h"
#include "platform/base/build.h"
#include "platform/base/ids.h"
#include "protos/timestamps.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {
namespace {

RunQuestion QuestionOf(const v1::RunTask& task) {
  RunQuestion question;
  question.revision =
      std::make_shared<const Revision>(FromProto(task.revision()));
  question.query.prefix = task.prefix();
  question.query.suffix = task.suffix();
  question.query.location = FromProto(task.location());
  question.query.index_commit = task.index_commit();
  question.typed = task.mode() == v1::RUN_MODE_TYPED;
  if (task.references_size() > 0) question.committed = task.references(0);
  return question;
}

void PutTally(const replay::Tally& tally, v1::TypedTally& message) {
  message.set_lines(static_cast<std::uint32_t>(tally.lines));
  message.set_requests(static_cast<std::uint32_t>(tally.requests));
  message.set_shown(static_cast<std::uint32_t>(tally.shown));
  message.set_accepted(static_cast<std::uint32_t>(tally.accepted));
  message.set_typed_chars(static_cast<std::uint32_t>(tally.typed_characters));
  message.set_accepted_chars(
      static_cast<std::uint32_t>(tally.accepted_characters));
  message.set_rejected_chars(
      static_cast<std::uint32_t>(tally.rejected_characters));
}

void PutAnswer(const RunAnswer& answer, v1::RunAnswered& message) {
  const Completion& completion = answer.completion;
  message.set_raw_text(completion.raw_text);
  message.set_shown(completion.shown);
  message.set_shown_text(completion.shown_text);
  for (const CompletionToken& token : completion.tokens) {
    ToProto(token, *message.add_tokens());
  }
  ToProto(completion.usage, *message.mutable_usage());
  message.set_index_commit(completion.index_commit);
  message.set_model(completion.model);
  message.set_model_snapshot(completion.model_snapshot);
  message.set_reported_model(completion.reported_model);
  message.set_system_fingerprint(completion.system_fingerprint);
  if (answer.tally) PutTally(*answer.tally, *message.mutable_tally());
  message.set_infrastructure_error(answer.infrastructure_error);
  message.set_attempts(answer.attempts);
  message.set_build(std::string(base::Build()));
}

struct Task {
  const kafka::Record* record = nullptr;
  v1::Event event;
  RunAnswer answer;
};

}  // namespace

RunTaskHandler::RunTaskHandler(const RunAnswerer& answerer,
                               base::Outbox& outbox, base::Clock& clock,
                               RunTaskOptions options,
                               std::function<bool()> stopped)
    : answerer_(answerer),
      outbox_(outbox),
      clock_(clock),
      options_(std::move(options)),
      stopped_(std::move(stopped)) {}

absl::Status RunTaskHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::map<std::string, base::OutgoingEvent> known;
  known.swap(answered_);
  std::vector<Task> tasks;
  for (const kafka::Record* record : fresh) {
    const std::string id = record->event_id();
    if (const auto found = known.find(id); found != known.end()) {
      answered_.insert(*found);
      continue;
    }
    Task task;
    task.record = record;
    if (!task.event.ParseFromString(record->payload) ||
        !task.event.has_run_task() || task.event.run_task().run_id().empty() ||
        !task.event.run_task().has_revision()) {
      answered_.merge(known);  // The rest of the batch comes again.
      return absl::InvalidArgumentError("not a run task");
    }
    tasks.push_back(std::move(task));
  }

  const auto give_up = std::chrono::steady_clock::now() + options_.patience;
  std::atomic<std::size_t> next{0};
  const auto answer_some = [&] {
    for (std::size_t i = next++; i < tasks.size(); i = next++) {
      if (stopped_()) return;
      tasks[i].answer = answerer_.Answer(QuestionOf(tasks[i].event.run_task()),
                                         give_up, stopped_);
    }
  };
  {
    std::vector<std::jthread> threads;
    const auto wanted = std::min<std::size_t>(
        static_cast<std::size_t>(std::max(options_.parallel, 1)), tasks.size());
    for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(answer_some);
    answer_some();
  }
  if (stopped_()) {
    // Some answers may only say that we stop: the next process asks anew.
    return absl::UnavailableError("stopping");
  }

  for (Task& task : tasks) {
    const std::string cause = task.record->event_id();
    std::string event_id = base::DerivedId(cause, "run.answered");
    const std::string& subject = task.event.subject();
    v1::Event event = NewEvent(event_id, subject, clock_.Now());
    v1::RunAnswered& payload = *event.mutable_run_answered();
    *payload.mutable_task() = std::move(*task.event.mutable_run_task());
    PutAnswer(task.answer, payload);
    *payload.mutable_answer_time() = v1::ToTimestamp(clock_.Now());
    answered_.emplace(
        cause, base::OutgoingEvent{.event_id = std::move(event_id),
                                   .topic = options_.topic,
                                   .key = subject,
                                   .payload = event.SerializeAsString()});
  }
  std::vector<base::OutgoingEvent> out;
  out.reserve(fresh.size());
  for (const kafka::Record* record : fresh) {
    out.push_back(answered_.at(record->event_id()));
  }
  return outbox_.Add(work, out);
}

}  // namespace evalloop::serving
