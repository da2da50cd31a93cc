#include "cli/peers.h"

#include <fmt/format.h>
#include <grpcpp/channel.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "platform/base/backoff.h"
#include "platform/base/env.h"
#include "platform/rpc/channel.h"

namespace evalloop::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstWait{200};
constexpr std::chrono::milliseconds kLongestWait{2000};
// An attempt that lasted this long had reached its service: the time to be
// patient begins anew.
constexpr std::chrono::seconds kReached{5};

std::shared_ptr<grpc::Channel> Connect(const std::string& address) {
  base::EnvReader env;
  rpc::ChannelOptions options;
  options.target = address;
  options.auth_token = OwnToken();
  options.ca_file = env.String("EVALLOOP_GRPC_TLS_CA_FILE", "");
  options.max_attempts = 1;  // Patiently tries again, and says so.
  return rpc::NewChannel(options);
}

}  // namespace

Addresses Addresses::FromEnvironment() {
  base::EnvReader env;
  Addresses addresses;
  addresses.prompt_engine =
      env.String("EVALLOOP_PROMPT_ENGINE_ADDRESS", "127.0.0.1:50051");
  addresses.evaluator =
      env.String("EVALLOOP_EVALUATOR_ADDRESS", "127.0.0.1:50052");
  addresses.scorer = env.String("EVALLOOP_SCORER_ADDRESS", "127.0.0.1:50053");
  addresses.serving = env.String("EVALLOOP_SERVING_ADDRESS", "127.0.0.1:50054");
  addresses.trainer_bridge =
      env.String("EVALLOOP_TRAINER_BRIDGE_ADDRESS", "127.0.0.1:50055");
  addresses.gateway_url =
      env.String("EVALLOOP_GATEWAY_URL", "http://127.0.0.1:8080");
  addresses.model_server_url =
      env.String("EVALLOOP_MODEL_SERVER_URL", "http://127.0.0.1:8090");
  return addresses;
}

std::string OwnToken() {
  base::EnvReader env;
  return env.Secret("EVALLOOP_AUTH_TOKEN");
}

http::ClientOptions HttpOptions() {
  base::EnvReader env;
  return {.ca_file = env.String("EVALLOOP_HTTP_TLS_CA_FILE", "")};
}

absl::Status Patiently(std::string_view peer, std::chrono::seconds patience,
                       Terminal& terminal,
                       const std::function<absl::Status()>& attempt) {
  base::Backoff backoff(kFirstWait, kLongestWait);
  auto unreachable_since = Clock::now();
  bool told = false;
  while (true) {
    const auto begin = Clock::now();
    absl::Status status = attempt();
    if (status.code() != absl::StatusCode::kUnavailable) {
      if (told) terminal.Talk(fmt::format("{} answers again", peer));
      return status;
    }
    if (Clock::now() - begin > kReached) {
      unreachable_since = Clock::now();
      backoff.Reset();
    }
    const auto left = unreachable_since + patience - Clock::now();
    if (left <= Clock::duration::zero()) {
      return absl::UnavailableError(fmt::format("{} can't be reached: {}", peer,
                                                std::string(status.message())));
    }
    if (!told) {
      told = true;
      terminal.Talk(
          fmt::format("waiting up to {} for {}", Readable(patience), peer));
    }
    std::this_thread::sleep_for(
        std::min<Clock::duration>(backoff.Next(), left));
  }
}

Peers::Peers(Addresses addresses, Terminal& terminal)
    : addresses_(std::move(addresses)), terminal_(terminal) {
  const auto connect = [this](Peer peer, const char* name,
                              const std::string& address) {
    ways_[static_cast<std::size_t>(peer)] = {
        fmt::format("{} at {}", name, address), Connect(address)};
  };
  connect(Peer::kPromptEngine, "prompt_engine", addresses_.prompt_engine);
  connect(Peer::kEvaluator, "evaluator", addresses_.evaluator);
  connect(Peer::kScorer, "scorer", addresses_.scorer);
  connect(Peer::kServing, "serving", addresses_.serving);
  connect(Peer::kTrainerBridge, "trainer_bridge", addresses_.trainer_bridge);
}

absl::Status Peers::Reach(std::chrono::seconds patience) {
  const auto end = std::chrono::system_clock::now() + patience;
  for (const auto& [name, channel] : ways_) {
    if (!channel->WaitForConnected(end)) {
      return absl::UnavailableError(
          fmt::format("{} can't be reached: are the services up?", name));
    }
  }
  return absl::OkStatus();
}

const std::shared_ptr<grpc::Channel>& Peers::channel(Peer peer) const {
  return ways_[static_cast<std::size_t>(peer)].channel;
}

const std::string& Peers::NameOf(Peer peer) const {
  return ways_[static_cast<std::size_t>(peer)].name;
}

}  // namespace evalloop::cli
