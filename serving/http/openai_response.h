#ifndef EVALLOOP_SERVING_HTTP_OPENAI_RESPONSE_H_
#define EVALLOOP_SERVING_HTTP_OPENAI_RESPONSE_H_

#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "platform/http/message.h"
#include "serving/domain/completion.h"
#include "serving/domain/library.h"
#include "serving/http/openai_request.h"

namespace evalloop::serving {

// The body of a whole answer.
std::string OpenAiAnswer(const OpenAiRequest& request,
                         const Completion& completion);

// One chunk of a streamed answer, without its SSE frame: a piece of text; the
// one that says why it ended; the one with the usage alone.
std::string OpenAiPiece(const OpenAiRequest& request,
                        const Completion& completion, std::string_view text,
                        bool first);
std::string OpenAiEnd(const OpenAiRequest& request,
                      const Completion& completion);
std::string OpenAiUsage(const OpenAiRequest& request,
                        const Completion& completion);

// The x-evalloop-* headers of an answer.
void AddCompletionHeaders(const Completion& completion, bool shown,
                          http::Headers& headers);

// The OpenAI-shaped answer to an error. 400 names the field as `param`; 429 and
// 503 carry Retry-After.
http::Response OpenAiError(const absl::Status& status);

// {"object":"list","data":[...]} of models and of prompts as evalloop/NAME.
std::string OpenAiModels(std::span<const ModelPtr> models,
                         std::span<const std::string> prompts);
// One entry of it.
std::string OpenAiModel(std::string_view id, std::int64_t created,
                        std::string_view owner);
// The same for a registered model, with its family and snapshot, which OpenAI's
// has not; both may be empty.
std::string OpenAiModel(const Model& model);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_HTTP_OPENAI_RESPONSE_H_
