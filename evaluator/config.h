#ifndef EVALLOOP_EVALUATOR_CONFIG_H_
#define EVALLOOP_EVALUATOR_CONFIG_H_

#include <string>

#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::evaluator {

struct EvaluatorConfig {
  runtime::HostConfig host;
  std::string prompt_engine_address;

  static EvaluatorConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_CONFIG_H_
