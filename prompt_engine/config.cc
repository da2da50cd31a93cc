#include "prompt_engine/config.h"

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
  return config;
}

}  // namespace evalloop::prompt_engine
