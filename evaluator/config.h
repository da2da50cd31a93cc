#ifndef EVALLOOP_EVALUATOR_CONFIG_H_
#define EVALLOOP_EVALUATOR_CONFIG_H_

#include <string>

#include "absl/time/time.h"
#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::evaluator {

struct EvaluatorConfig {
  runtime::HostConfig host;
  std::string prompt_engine_address;
  // How old the runs of production may be; zero: nothing is run unasked.
  absl::Duration baseline_age;

  static EvaluatorConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_CONFIG_H_
