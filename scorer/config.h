#ifndef EVALLOOP_SCORER_CONFIG_H_
#define EVALLOOP_SCORER_CONFIG_H_

#include <string>
#include <vector>

#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::scorer {

struct Config {
  runtime::HostConfig host;
  std::string gateway_url;  // Without /v1. Judges are asked there.
  // Folders whose checkouts may be read for the names in them; none: no
  // candidate's repository is known.
  std::vector<std::string> checkout_roots;
  // The registered model that answers the criteria of items; empty: none does.
  std::string judge_model;
};

// Problems are in env.Done().
Config ReadConfig(base::EnvReader& env);

}  // namespace evalloop::scorer

#endif  // EVALLOOP_SCORER_CONFIG_H_
