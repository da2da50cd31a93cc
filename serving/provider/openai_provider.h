#ifndef EVALLOOP_SERVING_PROVIDER_OPENAI_PROVIDER_H_
#define EVALLOOP_SERVING_PROVIDER_OPENAI_PROVIDER_H_

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "platform/http/client.h"
#include "serving/domain/provider.h"
#include "serving/provider/circuit.h"

namespace evalloop::serving {

struct OpenAiProviderOptions {
  int max_attempts = 3;
  std::chrono::milliseconds first_backoff{50};
  std::chrono::milliseconds max_backoff{1'000};
  std::chrono::milliseconds connect_timeout{2'000};
};

// Provider over any server that speaks OpenAI's completions or chat
// completions, the embedded model's among them. Each base URL has a circuit and
// a retry budget of its own. Thread-safe.
class OpenAiProvider final : public Provider {
 public:
  // `client` outlives this object.
  OpenAiProvider(http::Client& client, OpenAiProviderOptions options);

  absl::StatusOr<ProviderAnswer> Complete(const Model& model,
                                          const ProviderRequest& request,
                                          const CallLimits& limits,
                                          const PieceSink& on_piece) override;
  absl::Status Probe(const Model& model,
                     std::chrono::milliseconds timeout) override;

 private:
  struct Server {
    Circuit circuit;
    RetryBudget budget;
  };
  struct Attempt {
    absl::StatusOr<ProviderAnswer> answer;
    bool said_something = false;  // A piece was passed on: no second attempt.
  };

  Server& ServerOf(const std::string& base_url);
  Attempt Try(const http::ClientRequest& request, const CallLimits& limits,
              const PieceSink& on_piece);

  http::Client& client_;
  const OpenAiProviderOptions options_;
  std::mutex mu_;
  std::map<std::string, std::unique_ptr<Server>, std::less<>> servers_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_PROVIDER_OPENAI_PROVIDER_H_
