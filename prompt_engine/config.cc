#include "prompt_engine/config.h"

#include <cstdint>

namespace evalloop::prompt_engine {

PromptEngineConfig PromptEngineConfig::FromEnv(base::EnvReader& env) {
  using std::chrono::hours;
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  PromptEngineConfig config;
  config.host = runtime::ReadHostConfig(
      env, "prompt_engine", {.grpc = 50051, .admin = 9101, .json = 8101});
  config.evaluator_address =
      env.String("EVALLOOP_EVALUATOR_ADDRESS", "127.0.0.1:50052");
  config.live_score_share = env.Double("EVALLOOP_LIVE_SCORE_SHARE", 1, 0, 1);
  config.outcome_grace = env.Duration("EVALLOOP_OUTCOME_GRACE", minutes(10),
                                      milliseconds(0), hours(24));
  config.mirrors.folder = env.String("EVALLOOP_PROMPT_ENGINE_GIT_FOLDER", "");
  config.mirrors.max_bytes =
      static_cast<std::uint64_t>(
          env.Int("EVALLOOP_PROMPT_ENGINE_GIT_MAX_MIB", 4096, 1, 1 << 20))
      << 20;
  return config;
}

}  // namespace evalloop::prompt_engine
