#include "scorer/config.h"

namespace evalloop::scorer {

runtime::HostConfig ReadConfig(base::EnvReader& env) {
  return runtime::ReadHostConfig(env, "scorer", /*grpc_port=*/50053,
                                 /*admin_port=*/9103);
}

}  // namespace evalloop::scorer
