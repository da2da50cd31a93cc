#include "cli/peers.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

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
  options.auth_token = env.Secret("EVALLOOP_AUTH_TOKEN");
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
  const auto connect = [this](const char* name, const std::string& address) {
    channels_.emplace_back(fmt::format("{} at {}", name, address),
                           Connect(address));
    return channels_.back().second;
  };
  prompt_engine_ = v1::PromptEngineService::NewStub(
      connect("prompt_engine", addresses_.prompt_engine));
  evaluator_ =
      v1::EvaluatorService::NewStub(connect("evaluator", addresses_.evaluator));
  scorer_ = v1::ScorerService::NewStub(connect("scorer", addresses_.scorer));
  serving_ =
      v1::ServingService::NewStub(connect("serving", addresses_.serving));
  trainer_bridge_ = v1::TrainerBridgeService::NewStub(
      connect("trainer_bridge", addresses_.trainer_bridge));
}

absl::Status Peers::Reach(std::chrono::seconds patience) {
  const auto end = std::chrono::system_clock::now() + patience;
  for (const auto& [name, channel] : channels_) {
    if (!channel->WaitForConnected(end)) {
      return absl::UnavailableError(
          fmt::format("{} can't be reached: are the services up?", name));
    }
  }
  return absl::OkStatus();
}

std::string Peers::NameOf(const v1::PromptEngineService::Stub&) const {
  return fmt::format("prompt_engine at {}", addresses_.prompt_engine);
}
std::string Peers::NameOf(const v1::EvaluatorService::Stub&) const {
  return fmt::format("evaluator at {}", addresses_.evaluator);
}
std::string Peers::NameOf(const v1::ScorerService::Stub&) const {
  return fmt::format("scorer at {}", addresses_.scorer);
}
std::string Peers::NameOf(const v1::ServingService::Stub&) const {
  return fmt::format("serving at {}", addresses_.serving);
}
std::string Peers::NameOf(const v1::TrainerBridgeService::Stub&) const {
  return fmt::format("trainer_bridge at {}", addresses_.trainer_bridge);
}

}  // namespace evalloop::cli
