#ifndef EVALLOOP_PROMPT_ENGINE_CONFIG_H_
#define EVALLOOP_PROMPT_ENGINE_CONFIG_H_

#include <string>

#include "code_analysis/mirror.h"
#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::prompt_engine {

struct PromptEngineConfig {
  runtime::HostConfig host;
  std::string evaluator_address;
  // Where repositories that are given by URL are copied to, if anywhere.
  code_analysis::MirrorOptions mirrors;

  static PromptEngineConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_CONFIG_H_
