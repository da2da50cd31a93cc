#ifndef EVALLOOP_SERVING_HTTP_OPENAI_REQUEST_H_
#define EVALLOOP_SERVING_HTTP_OPENAI_REQUEST_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/http/message.h"
#include "serving/domain/completion.h"
#include "serving/domain/live_completions.h"

namespace evalloop::serving {

// A request of POST /v1/completions or /v1/chat/completions.
struct OpenAiRequest {
  LiveRequest live;
  std::string model;  // As the client wrote it.
  bool chat = false;
  bool stream = false;
  bool include_usage = false;  // A last chunk with the usage.
  bool logprobs = false;       // The client wants them in the answer.
};

// Reads a body and the x-evalloop-* headers (the body's metadata counts where
// both say something). A member that nobody here knows goes along to the
// provider. InvalidArgument names the field.
absl::StatusOr<OpenAiRequest> ParseOpenAiRequest(const http::Request& request,
                                                 bool chat);

inline constexpr std::size_t kMaxFeedbackEvents = 1'000;

// Reads the body of POST /v1/feedback: one event, or {"events":[...]}.
// `give_time` is left to who takes them. InvalidArgument names the field.
absl::StatusOr<std::vector<Feedback>> ParseFeedback(std::string_view body);

// `status` with "events[index]." before the field that it names.
absl::Status InEvent(const absl::Status& status, std::size_t index);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_HTTP_OPENAI_REQUEST_H_
