#ifndef EVALLOOP_MODEL_SERVER_CONFIG_H_
#define EVALLOOP_MODEL_SERVER_CONFIG_H_

#include <cstdint>
#include <string>

#include "platform/base/env.h"
#include "platform/http/server.h"

namespace evalloop::model_server {

// Of the server; training is told by its flags. Problems are in env.Done().
struct ModelServerConfig {
  std::string artefact_dir;
  std::string listen_address;
  std::string auth_token;
  std::string log_level;
  http::TlsFiles tls;     // Of the HTTP port; empty: none.
  bool admin_tls = true;  // Of the admin port too, where there is TLS.
  std::uint16_t http_port = 8090;
  std::uint16_t admin_port = 9106;

  static ModelServerConfig FromEnv(base::EnvReader& env);
};

}  // namespace evalloop::model_server

#endif  // EVALLOOP_MODEL_SERVER_CONFIG_H_
