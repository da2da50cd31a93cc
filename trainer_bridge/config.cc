#include "trainer_bridge/config.h"

namespace evalloop::trainer_bridge {

TrainerBridgeConfig TrainerBridgeConfig::FromEnv(base::EnvReader& env) {
  TrainerBridgeConfig config;
  config.host = runtime::ReadHostConfig(
      env, "trainer_bridge", {.grpc = 50055, .admin = 9105, .json = 8105});
  config.prompt_engine_address =
      env.String("EVALLOOP_PROMPT_ENGINE_ADDRESS", "127.0.0.1:50051");
  config.evaluator_address =
      env.String("EVALLOOP_EVALUATOR_ADDRESS", "127.0.0.1:50052");
  config.serving_address =
      env.String("EVALLOOP_SERVING_ADDRESS", "127.0.0.1:50054");
  config.model_server_url =
      env.String("EVALLOOP_MODEL_SERVER_URL", "http://127.0.0.1:8090");
  config.artefact_dir = env.Required("EVALLOOP_ARTEFACT_DIR");
  return config;
}

}  // namespace evalloop::trainer_bridge
