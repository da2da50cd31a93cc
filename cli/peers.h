#ifndef EVALLOOP_CLI_PEERS_H_
#define EVALLOOP_CLI_PEERS_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "cli/terminal.h"
#include "platform/http/client.h"

// gRPC's headers take longer to compile than most commands do; calls are made
// through call.h.
namespace grpc {
class Channel;
}

namespace evalloop::cli {

// Where the services answer. The contract's ports unless a flag or variable
// says otherwise.
struct Addresses {
  std::string prompt_engine;     // EVALLOOP_PROMPT_ENGINE_ADDRESS
  std::string evaluator;         // EVALLOOP_EVALUATOR_ADDRESS
  std::string scorer;            // EVALLOOP_SCORER_ADDRESS
  std::string serving;           // EVALLOOP_SERVING_ADDRESS
  std::string trainer_bridge;    // EVALLOOP_TRAINER_BRIDGE_ADDRESS
  std::string gateway_url;       // EVALLOOP_GATEWAY_URL, without /v1
  std::string model_server_url;  // EVALLOOP_MODEL_SERVER_URL, without /v1

  static Addresses FromEnvironment();
};

// EVALLOOP_AUTH_TOKEN or the content of EVALLOOP_AUTH_TOKEN_FILE: the bearer
// token of every call; empty: none.
std::string OwnToken();

// How the gateway and model_server are called: an https:// one may bear a
// certificate of EVALLOOP_HTTP_TLS_CA_FILE, besides the system's.
http::ClientOptions HttpOptions();

// For how long a call is tried again while its service can't be reached: it may
// have been killed and be starting.
inline constexpr std::chrono::seconds kPatience{120};

// Runs `attempt` until it returns anything but Unavailable or `patience` is
// over; says once on the terminal what is waited for.
absl::Status Patiently(std::string_view peer, std::chrono::seconds patience,
                       Terminal& terminal,
                       const std::function<absl::Status()>& attempt);

enum class Peer {
  kPromptEngine,
  kEvaluator,
  kScorer,
  kServing,
  kTrainerBridge
};
inline constexpr std::size_t kPeers = 5;

// The ways to the five services. Thread-safe.
class Peers {
 public:
  // Connects when first used. `terminal` outlives this object.
  Peers(Addresses addresses, Terminal& terminal);

  const Addresses& addresses() const { return addresses_; }
  Terminal& terminal() const { return terminal_; }

  // Unavailable, naming the service, unless each of the five can be reached
  // within `patience`: for work that should fail at its start, not half-way.
  absl::Status Reach(std::chrono::seconds patience);

  const std::shared_ptr<grpc::Channel>& channel(Peer peer) const;

  // Its name with its address.
  const std::string& NameOf(Peer peer) const;

 private:
  struct Way {
    std::string name;
    std::shared_ptr<grpc::Channel> channel;
  };

  const Addresses addresses_;
  Terminal& terminal_;
  std::array<Way, kPeers> ways_;  // In the order of Peer.
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_PEERS_H_
