#include "serving/stream/completion_handlers.h"

#include <utility>
#include <vector>

#include "evalloop/v1/events.pb.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {

absl::Status ServedHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<Completion> completions;
  completions.reserve(fresh.size());
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_completion_served() ||
        event.completion_served().completion_id().empty()) {
      return absl::InvalidArgumentError("not a served completion");
    }
    completions.push_back(FromProto(event.completion_served()));
  }
  return settlement_.RecordCompletions(work, completions);
}

absl::Status FeedbackHandler::Handle(
    base::UnitOfWork& work, std::span<const kafka::Record* const> fresh) {
  std::vector<Feedback> given;
  given.reserve(fresh.size());
  for (const kafka::Record* record : fresh) {
    v1::Event event;
    if (!event.ParseFromString(record->payload) ||
        !event.has_feedback_given() ||
        event.feedback_given().completion_id().empty()) {
      return absl::InvalidArgumentError("not feedback");
    }
    auto feedback = FromProto(event.feedback_given());
    if (!feedback.ok()) return feedback.status();
    given.push_back(*std::move(feedback));
  }
  return settlement_.RecordFeedback(work, given);
}

}  // namespace evalloop::serving
