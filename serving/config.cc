#include "serving/config.h"

namespace evalloop::serving {

Config ReadConfig(base::EnvReader& env) {
  Config config;
  config.host = runtime::ReadHostConfig(
      env, "serving", {.grpc = 50054, .admin = 9104, .json = 8104});
  // A completion over gRPC holds a thread while its provider answers.
  config.host.threads = 32;
  config.http_port =
      static_cast<std::uint16_t>(env.Int("EVALLOOP_HTTP_PORT", 8080, 1, 65535));
  config.spool_dir = env.Required("EVALLOOP_SPOOL_DIR");
  config.completion_key = env.Secret("EVALLOOP_COMPLETION_KEY");
  config.latency_budget =
      env.Duration("EVALLOOP_LATENCY_BUDGET", std::chrono::seconds(2),
                   std::chrono::milliseconds(10), std::chrono::minutes(2));
  return config;
}

}  // namespace evalloop::serving
