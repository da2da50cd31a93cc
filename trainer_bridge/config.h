#ifndef EVALLOOP_TRAINER_BRIDGE_CONFIG_H_
#define EVALLOOP_TRAINER_BRIDGE_CONFIG_H_

#include <string>

#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::trainer_bridge {

struct TrainerBridgeConfig {
  runtime::HostConfig host;
  std::string prompt_engine_address;
  std::string evaluator_address;
  std::string serving_address;
  std::string model_server_url;
  std::string artefact_dir;

  static TrainerBridgeConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_CONFIG_H_
