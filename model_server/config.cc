#include "model_server/config.h"

namespace evalloop::model_server {

ModelServerConfig ModelServerConfig::FromEnv(base::EnvReader& env) {
  ModelServerConfig config;
  config.artefact_dir = env.Required("EVALLOOP_ARTEFACT_DIR");
  config.listen_address = env.String("EVALLOOP_LISTEN_ADDRESS", "127.0.0.1");
  config.auth_token = env.Secret("EVALLOOP_AUTH_TOKEN");
  config.log_level = env.OneOf("EVALLOOP_LOG_LEVEL", "info",
                               {"debug", "info", "warning", "error"});
  config.tls.certificate_file =
      env.String("EVALLOOP_HTTP_TLS_CERTIFICATE_FILE", "");
  config.tls.key_file = env.String("EVALLOOP_HTTP_TLS_KEY_FILE", "");
  config.admin_tls = env.Bool("EVALLOOP_ADMIN_TLS", true);
  config.http_port =
      static_cast<std::uint16_t>(env.Int("EVALLOOP_HTTP_PORT", 8090, 0, 65535));
  config.admin_port = static_cast<std::uint16_t>(
      env.Int("EVALLOOP_ADMIN_PORT", 9106, 0, 65535));
  return config;
}

}  // namespace evalloop::model_server
