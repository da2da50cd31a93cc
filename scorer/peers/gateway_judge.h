#ifndef EVALLOOP_SCORER_PEERS_GATEWAY_JUDGE_H_
#define EVALLOOP_SCORER_PEERS_GATEWAY_JUDGE_H_

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/client.h"
#include "scorer/domain/judge.h"

namespace evalloop::scorer {

// JudgeModels over the gateway's OpenAI-compatible routes /v1/models/{name} and
// /v1/chat/completions. Makes no retries. Thread-safe.
class GatewayJudge final : public JudgeModels {
 public:
  // `gateway_url` without /v1. `token` may be empty. `ca_file`: PEM of whom an
  // https:// gateway's certificate may descend from, besides the system's.
  GatewayJudge(std::string gateway_url, std::string token,
               std::string ca_file = {});

  absl::StatusOr<JudgeModel> Find(std::string_view name,
                                  std::chrono::milliseconds within) override;
  // The exchanges of one call run at once; all of this object's share a bound.
  std::vector<absl::StatusOr<JudgeAnswer>> Ask(
      std::string_view model, const JudgePrompt& prompt,
      std::span<const JudgeCriterion> criteria, std::string_view check,
      std::span<const std::uint32_t> seeds,
      std::chrono::milliseconds within) override;

 private:
  http::ClientRequest RequestTo(std::string_view path,
                                std::chrono::milliseconds within) const;

  const std::string gateway_url_;
  const std::string token_;
  http::Client client_;
};

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_PEERS_GATEWAY_JUDGE_H_
