#include <filesystem>

#include "platform/base/sleep.h"
#include "platform/rpc/channel.h"
#include "platform/runtime/host.h"
#include "platform/telemetry/log.h"
#include "trainer_bridge/config.h"
#include "trainer_bridge/domain/pipeline.h"
#include "trainer_bridge/launcher/embedded_launcher.h"
#include "trainer_bridge/peers/grpc_peers.h"
#include "trainer_bridge/service/trainer_bridge_service.h"
#include "trainer_bridge/store/postgres_training_store.h"

namespace evalloop::trainer_bridge {
namespace {

constexpr std::chrono::milliseconds kIdle{300};
constexpr std::chrono::milliseconds kAfterTrouble{1'000};

// The trainer is the model server's binary, installed beside ours.
std::string TrainerBinary() {
  return std::filesystem::read_symlink("/proc/self/exe")
      .replace_filename("model_server")
      .string();
}

void KeepTraining(Pipeline& pipeline, std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto worked = pipeline.WorkOnNext(stop);
    if (!worked.ok()) {
      telemetry::LogWarning("a training job waits",
                            {{"why", worked.status().ToString()}});
      base::SleepUnlessStopped(stop, kAfterTrouble);
    } else if (!*worked) {
      base::SleepUnlessStopped(stop, kIdle);
    }
  }
}

absl::Status Serve(const TrainerBridgeConfig& config) {
  auto host = runtime::Host::Start(config.host, {});
  if (!host.ok()) return host.status();
  runtime::Host& h = **host;

  const auto channel = [&config](const std::string& address) {
    return rpc::NewChannel({.target = address,
                            .auth_token = config.host.auth_token,
                            .ca_file = config.host.grpc_ca_file,
                            .wait_for_ready = true});
  };
  PostgresTrainingStore store(h.pool(), h.transactor());
  EmbeddedLauncher launcher(
      {.trainer_binary = TrainerBinary(), .artefact_dir = config.artefact_dir});
  GrpcPeers peers({.prompt_engine = channel(config.prompt_engine_address),
                   .evaluator = channel(config.evaluator_address),
                   .serving = channel(config.serving_address)},
                  config.model_server_url);
  Pipeline pipeline(store, launcher, peers, h.clock());
  TrainerBridgeServiceImpl service(store, pipeline, h.executor());

  h.Background("jobs", [&pipeline](std::stop_token stop) {
    KeepTraining(pipeline, stop);
  });
  return h.Serve({&service});
}

}  // namespace
}  // namespace evalloop::trainer_bridge

int main(int argc, char** argv) {
  using evalloop::trainer_bridge::TrainerBridgeConfig;
  TrainerBridgeConfig config;
  return evalloop::runtime::Main(
      argc, argv, "trainer_bridge",
      [&](auto& env) { config = TrainerBridgeConfig::FromEnv(env); },
      [&] { return evalloop::trainer_bridge::Serve(config); });
}
