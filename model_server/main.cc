#include <chrono>
#include <cstdio>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "model_server/config.h"
#include "model_server/domain/model_library.h"
#include "model_server/http/model_routes.h"
#include "model_server/store/folder_artefact_store.h"
#include "model_server/train_command.h"
#include "platform/base/signals.h"
#include "platform/base/text.h"
#include "platform/http/admin.h"
#include "platform/http/router.h"
#include "platform/http/server.h"
#include "platform/telemetry/log.h"
#include "platform/telemetry/metrics.h"

namespace evalloop::model_server {
namespace {

constexpr std::chrono::seconds kGrace{3};
constexpr int kExitUsage = 2;
constexpr int kExitInfrastructure = 3;

constexpr std::string_view kUsage =
    "usage: model_server                  serve (configured by EVALLOOP_*)\n"
    "       model_server --train --repo PATH --out DIR [--commit REV]\n"
    "                    [--fit-commits N]\n";

absl::Status Serve(const ModelServerConfig& config,
                   base::TerminationSignals& signals) {
  telemetry::Registry registry;
  FolderArtefactStore store(config.artefact_dir);
  ModelLibrary library(store);
  telemetry::Gauge loaded =
      registry.GetGauge("evalloop_model_loaded", "Models in memory");
  registry.BeforeSerialize(
      [&] { loaded.Set(static_cast<double>(library.loaded())); });
  ModelRoutes routes(library, registry);
  http::Router router;
  routes.AddTo(router);
  auto server = http::Server::Start({.address = config.listen_address,
                                     .port = config.http_port,
                                     .auth_token = config.auth_token,
                                     .tls = config.tls},
                                    std::move(router).AsHandler());
  if (!server.ok()) return server.status();
  auto admin = http::AdminServer::Start(
      {.address = config.listen_address,
       .port = config.admin_port,
       .auth_token = config.auth_token,
       .tls = config.admin_tls ? config.tls : http::TlsFiles()},
      registry,
      {{"artefacts", [&library] { return library.List().status(); }}});
  if (!admin.ok()) return admin.status();
  telemetry::LogInfo("ready", {{"http_port", (*server)->port()},
                               {"admin_port", (*admin)->port()}});
  signals.Wait();
  (*server)->Stop(kGrace);
  return absl::OkStatus();
}

int Fail(const absl::Status& status) {
  fmt::print(stderr, "model_server: {}\n", base::S(status.message()));
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
                 absl::IsFailedPrecondition(status)
             ? kExitUsage
             : kExitInfrastructure;
}

int Main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--train") {
    const auto flags = ReadTrainFlags(argc - 2, argv + 2);
    if (!flags.ok()) {
      fmt::print(stderr, "{}", kUsage);
      return Fail(flags.status());
    }
    const absl::Status trained = RunTraining(*flags);
    return trained.ok() ? 0 : Fail(trained);
  }
  if (argc > 1) {
    const bool help = std::string_view(argv[1]) == "--help";
    fmt::print(help ? stdout : stderr, "{}", kUsage);
    return help ? 0 : kExitUsage;
  }
  // Only now: a training run dies of SIGTERM like any command.
  base::TerminationSignals signals;
  base::EnvReader env;
  const auto config = ModelServerConfig::FromEnv(env);
  if (const auto status = env.Done(); !status.ok()) return Fail(status);
  telemetry::InitLog("model_server", telemetry::ParseLevel(config.log_level));
  const absl::Status served = Serve(config, signals);
  return served.ok() ? 0 : Fail(served);
}

}  // namespace
}  // namespace evalloop::model_server

int main(int argc, char** argv) {
  return evalloop::model_server::Main(argc, argv);
}
