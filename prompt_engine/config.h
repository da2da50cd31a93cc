#ifndef EVALLOOP_PROMPT_ENGINE_CONFIG_H_
#define EVALLOOP_PROMPT_ENGINE_CONFIG_H_

#include <chrono>
#include <string>

#include "code_analysis/mirror.h"
#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::prompt_engine {

struct PromptEngineConfig {
  runtime::HostConfig host;
  std::string evaluator_address;
  // Of the completions whose outcome is known, how many scorer rates, in
  // [0, 1]. A laptop's traffic costs nothing to rate whole.
  double live_score_share = 1;
  // How long an editor has to tell what became of a completion before history
  // is searched without it.
  std::chrono::milliseconds outcome_grace{};
  // Where repositories that are given by URL are copied to, if anywhere.
  code_analysis::MirrorOptions mirrors;

  static PromptEngineConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_CONFIG_H_
