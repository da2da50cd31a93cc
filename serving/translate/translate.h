#ifndef EVALLOOP_SERVING_TRANSLATE_TRANSLATE_H_
#define EVALLOOP_SERVING_TRANSLATE_TRANSLATE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "evalloop/v1/common.pb.h"
#include "evalloop/v1/events.pb.h"
#include "serving/domain/completion.h"
#include "serving/domain/model.h"
#include "serving/domain/revision.h"

// The one translation between the domain's types and the messages that other
// services see; gRPC and Kafka both use it.
namespace evalloop::serving {

Location FromProto(const v1::Location& message);
Completion FromProto(const v1::CompletionServed& message);
// InvalidArgument: the kind is not known.
absl::StatusOr<Feedback> FromProto(const v1::FeedbackGiven& message);
Model FromProto(const v1::Model& message);
Revision FromProto(const v1::Revision& message);
RevisionSelector FromProto(const v1::RevisionSelector& message);

void ToProto(const Location& location, v1::Location& message);
void ToProto(const CompletionToken& token, v1::CompletionToken& message);
void ToProto(const Usage& usage, v1::Usage& message);
void ToProto(const Completion& completion, v1::CompletionServed& message);
void ToProto(const Feedback& feedback, v1::FeedbackGiven& message);
void ToProto(const Model& model, v1::Model& message);

// An envelope without its payload.
v1::Event NewEvent(std::string_view event_id, std::string_view subject,
                   absl::Time time);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_TRANSLATE_TRANSLATE_H_
