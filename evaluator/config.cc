#include "evaluator/config.h"

namespace evalloop::evaluator {

EvaluatorConfig EvaluatorConfig::FromEnv(base::EnvReader& env) {
  EvaluatorConfig config;
  config.host = runtime::ReadHostConfig(
      env, "evaluator", {.grpc = 50052, .admin = 9102, .json = 8102});
  config.prompt_engine_address =
      env.String("EVALLOOP_PROMPT_ENGINE_ADDRESS", "127.0.0.1:50051");
  config.baseline_age =
      absl::Hours(env.Int("EVALLOOP_BASELINE_HOURS", 24 * 7, 0, 24 * 366));
  return config;
}

}  // namespace evalloop::evaluator
