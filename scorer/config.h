#ifndef EVALLOOP_SCORER_CONFIG_H_
#define EVALLOOP_SCORER_CONFIG_H_

#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::scorer {

// The scorer has no settings of its own. Problems are in env.Done().
runtime::HostConfig ReadConfig(base::EnvReader& env);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_CONFIG_H_
