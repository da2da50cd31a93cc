#ifndef EVALLOOP_SERVING_TESTING_FAKE_PROVIDER_H_
#define EVALLOOP_SERVING_TESTING_FAKE_PROVIDER_H_

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serving/domain/provider.h"

namespace evalloop::serving {

// Answers what it was told to, in order, then "answer" for ever. Thread-safe.
class FakeProvider final : public Provider {
 public:
  void Next(absl::StatusOr<ProviderAnswer> answer) {
    std::lock_guard lock(mu_);
    next_.push_back(std::move(answer));
  }
  void FailProbes(absl::Status status) { probe_ = std::move(status); }
  std::vector<ProviderRequest> requests() const {
    std::lock_guard lock(mu_);
    return requests_;
  }

  // `words` as an answer whose tokens have probability e^-0.1 each.
  static ProviderAnswer Saying(const std::vector<std::string>& words) {
    ProviderAnswer answer;
    for (const std::string& word : words) {
      answer.text += word;
      CompletionToken token;
      token.text = word;
      token.log_probability = -0.1;
      answer.tokens.push_back(std::move(token));
    }
    answer.finish_reason = "stop";
    answer.prompt_tokens = 7;
    answer.completion_tokens = static_cast<std::uint32_t>(words.size());
    return answer;
  }

  // Provider. Streams word by word where asked to.
  absl::StatusOr<ProviderAnswer> Complete(const Model&,
                                          const ProviderRequest& request,
                                          const CallLimits& limits,
                                          const PieceSink& on_piece) override {
    absl::StatusOr<ProviderAnswer> answer = Saying({"ans", "wer"});
    {
      std::lock_guard lock(mu_);
      requests_.push_back(request);
      if (!next_.empty()) {
        answer = std::move(next_.front());
        next_.pop_front();
      }
    }
    if (limits.on_attempt) limits.on_attempt();
    if (limits.cancelled && limits.cancelled()) {
      return absl::CancelledError("gone");
    }
    if (answer.ok() && on_piece) {
      for (const CompletionToken& token : answer->tokens) {
        if (!on_piece(token.text)) return absl::CancelledError("gone");
      }
    }
    return answer;
  }
  absl::Status Probe(const Model&, std::chrono::milliseconds) override {
    return probe_;
  }

 private:
  mutable std::mutex mu_;
  std::deque<absl::StatusOr<ProviderAnswer>> next_;
  std::vector<ProviderRequest> requests_;
  absl::Status probe_;
};

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_TESTING_FAKE_PROVIDER_H_
