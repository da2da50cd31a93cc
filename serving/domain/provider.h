#ifndef EVALLOOP_SERVING_DOMAIN_PROVIDER_H_
#define EVALLOOP_SERVING_DOMAIN_PROVIDER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "completion_policy/render.h"
#include "serving/domain/completion.h"
#include "serving/domain/model.h"
#include "serving/domain/revision.h"

namespace evalloop::serving {

using ChatMessage = completion_policy::ChatMessage;

// One call of a model.
struct ProviderRequest {
  std::string prompt;
  std::optional<std::string> suffix;  // OpenAI's own field.
  // Not empty: a chat call; prompt and suffix are then unused.
  std::vector<ChatMessage> messages;
  Sampling sampling;
  bool token_probabilities = false;
  Location location;         // Told to the embedded model alone.
  std::string index_commit;  // Where its index must stand; empty: the newest.
  // Members of a JSON object that go along unchanged ("" or `"a":1,"b":[]`);
  // never one that this request states itself.
  std::string extra_members;
};

struct ProviderAnswer {
  std::string text;
  std::vector<CompletionToken> tokens;  // Empty: the provider tells none.
  std::string finish_reason;
  std::uint32_t prompt_tokens = 0;
  std::uint32_t completion_tokens = 0;
  std::optional<double> first_token_ms;  // Absent where it did not stream.
  double total_ms = 0;
  std::string index_commit;  // Where the index stood; empty: has none.
  // Its `model` and `system_fingerprint`; empty: it did not say.
  std::string reported_model;
  std::string system_fingerprint;
};

// When a call must end, and whether anybody still waits for it. `cancelled` is
// polled from the calling thread, at least every 50 ms; empty: never.
// `on_attempt` is called from the calling thread each time that the server is
// asked, whatever comes of it; empty: nobody counts.
struct CallLimits {
  std::chrono::steady_clock::time_point deadline;
  std::function<bool()> cancelled;
  std::function<void()> on_attempt;
};

// A piece of text as the model says it. False: stop.
using PieceSink = std::function<bool(std::string_view)>;

// Model servers. Thread-safe.
class Provider {
 public:
  virtual ~Provider() = default;

  // Blocks until the answer is whole. With `on_piece` the answer also streams
  // into it, on the calling thread. Tries again, within the deadline, where
  // that can help and nothing has been said yet.
  // Unavailable: the server can't be reached, or fails. DeadlineExceeded.
  // Cancelled. ResourceExhausted: it is over its limits; the retry time where
  // it told one. InvalidArgument: it refuses the request. PermissionDenied:
  // the key. Internal: it answered what nobody can read.
  virtual absl::StatusOr<ProviderAnswer> Complete(
      const Model& model, const ProviderRequest& request,
      const CallLimits& limits, const PieceSink& on_piece) = 0;

  // OK when a server answers at the model's base URL, whatever it says.
  // Unavailable says how it failed.
  virtual absl::Status Probe(const Model& model,
                             std::chrono::milliseconds timeout) = 0;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_DOMAIN_PROVIDER_H_
