#ifndef EVALLOOP_SERVING_PROVIDER_OPENAI_CODEC_H_
#define EVALLOOP_SERVING_PROVIDER_OPENAI_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "platform/http/client.h"
#include "platform/http/sse.h"
#include "serving/domain/provider.h"

namespace evalloop::serving {

// The body of POST {base_url}/completions, or /chat/completions where the
// request holds messages. The embedded model is also told where the cursor
// stands and which commit its index must stand at.
std::string OpenAiBody(const Model& model, const ProviderRequest& request,
                       bool stream);

// A whole answer of either form. Internal: it is no such answer.
absl::StatusOr<ProviderAnswer> ParseOpenAiAnswer(std::string_view body);

// What an answer other than 2xx means, with the provider's own words:
//   400 404 413 422 -> InvalidArgument    401 403 -> PermissionDenied
//   408 409 429     -> ResourceExhausted  others  -> Unavailable
// Retry-After in seconds comes along.
absl::Status StatusOfOpenAiError(const http::ClientResponse& response);

// Puts a streamed answer together. Not thread-safe.
class OpenAiStream {
 public:
  // Takes bytes as they arrive and answers the text that they hold, which may
  // be none. Unavailable: the provider reported an error; Internal: it sent
  // what is no such stream.
  absl::StatusOr<std::string> Feed(std::string_view bytes);

  // The answer once all bytes were fed. Unavailable: the stream broke off.
  absl::StatusOr<ProviderAnswer> Finish() &&;

 private:
  absl::Status Take(std::string_view data, std::string& piece);

  http::SseParser parser_;
  ProviderAnswer answer_;
  bool done_ = false;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_PROVIDER_OPENAI_CODEC_H_
