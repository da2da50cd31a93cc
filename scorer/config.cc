#include "scorer/config.h"

namespace evalloop::scorer {

Config ReadConfig(base::EnvReader& env) {
  Config config;
  config.host = runtime::ReadHostConfig(
      env, "scorer", {.grpc = 50053, .admin = 9103, .json = 8103});
  config.gateway_url =
      env.String("EVALLOOP_GATEWAY_URL", "http://127.0.0.1:8080");
  config.checkout_roots = env.List("EVALLOOP_CHECKOUT_ROOTS", "");
  config.judge_model = env.String("EVALLOOP_JUDGE_MODEL", "");
  return config;
}

}  // namespace evalloop::scorer
