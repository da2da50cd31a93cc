#include "prompt_engine/config.h"

namespace evalloop::prompt_engine {

PromptEngineConfig PromptEngineConfig::FromEnv(base::EnvReader& env) {
  PromptEngineConfig config;
  config.host = runtime::ReadHostConfig(
      env, "prompt_engine", {.grpc = 50051, .admin = 9101, .json = 8101});
  config.evaluator_address =
      env.String("EVALLOOP_EVALUATOR_ADDRESS", "127.0.0.1:50052");
  return config;
}

}  // namespace evalloop::prompt_engine
