#include "serving/stream/spool_log.h"

#include "platform/base/ids.h"
#include "platform/delivery/spool_shipper.h"
#include "serving/translate/translate.h"

namespace evalloop::serving {

absl::Status SpoolLog::Intended(const Completion& intent) {
  return Append(intent, base::DerivedId(intent.id, "intent"));
}

absl::Status SpoolLog::Served(const Completion& completion) {
  return Append(completion, base::DerivedId(completion.id, "served"));
}

absl::Status SpoolLog::Append(const Completion& completion,
                              std::string event_id) {
  v1::Event event = NewEvent(event_id, completion.id, completion.serve_time);
  ToProto(completion, *event.mutable_completion_served());
  return delivery::AppendEvent(spool_, {.event_id = std::move(event_id),
                                        .topic = served_topic_,
                                        .key = completion.id,
                                        .payload = event.SerializeAsString()});
}

absl::Status SpoolLog::Given(const Feedback& feedback) {
  std::string event_id = FeedbackEventId(feedback);
  v1::Event event =
      NewEvent(event_id, feedback.completion_id, feedback.give_time);
  ToProto(feedback, *event.mutable_feedback_given());
  return delivery::AppendEvent(spool_, {.event_id = std::move(event_id),
                                        .topic = feedback_topic_,
                                        .key = feedback.completion_id,
                                        .payload = event.SerializeAsString()});
}

}  // namespace evalloop::serving
