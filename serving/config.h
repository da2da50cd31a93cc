#ifndef EVALLOOP_SERVING_CONFIG_H_
#define EVALLOOP_SERVING_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "platform/base/env.h"
#include "platform/runtime/host.h"

namespace evalloop::serving {

struct Config {
  runtime::HostConfig host;
  std::uint16_t http_port = 0;
  std::string spool_dir;
  std::string completion_key;  // The key itself.
  std::chrono::milliseconds latency_budget{0};
};

// From EVALLOOP_*, see deploy/config.schema.json. Problems are in env.Done().
Config ReadConfig(base::EnvReader& env);

}  // namespace evalloop::serving

#endif  // EVALLOOP_SERVING_CONFIG_H_
