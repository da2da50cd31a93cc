#ifndef EVALLOOP_CLI_PEERS_H_
#define EVALLOOP_CLI_PEERS_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/terminal.h"
#include "evalloop/v1/evaluator.grpc.pb.h"
#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "evalloop/v1/scorer.grpc.pb.h"
#include "evalloop/v1/serving.grpc.pb.h"
#include "evalloop/v1/trainer_bridge.grpc.pb.h"
#include "platform/rpc/status.h"

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

// For how long a call is tried again while its service can't be reached: it may
// have been killed and be starting.
inline constexpr std::chrono::seconds kPatience{120};

// Runs `attempt` until it returns anything but Unavailable or `patience` is
// over; says once on the terminal what is waited for.
absl::Status Patiently(std::string_view peer, std::chrono::seconds patience,
                       Terminal& terminal,
                       const std::function<absl::Status()>& attempt);

// The five services. Calls block; all of them may be repeated, since every
// request here is idempotent by its nature or by a request id. Thread-safe.
class Peers {
 public:
  // Connects when first used. `terminal` outlives this object.
  Peers(Addresses addresses, Terminal& terminal);

  const Addresses& addresses() const { return addresses_; }

  // Unavailable, naming the service, unless each of the five can be reached
  // within `patience`: for work that should fail at its start, not half-way.
  absl::Status Reach(std::chrono::seconds patience);

  v1::PromptEngineService::Stub& prompt_engine() { return *prompt_engine_; }
  v1::EvaluatorService::Stub& evaluator() { return *evaluator_; }
  v1::ScorerService::Stub& scorer() { return *scorer_; }
  v1::ServingService::Stub& serving() { return *serving_; }
  v1::TrainerBridgeService::Stub& trainer_bridge() { return *trainer_bridge_; }

  // One unary call, tried again while the service can't be reached:
  //   peers.Call(peers.scorer(), &v1::ScorerService::Stub::GetScore, request)
  template <class Stub, class Class, class Request, class Response>
  absl::StatusOr<Response> Call(
      Stub& stub,
      grpc::Status (Class::*method)(grpc::ClientContext*, const Request&,
                                    Response*),
      const Request& request,
      std::chrono::seconds deadline = std::chrono::seconds(60),
      std::chrono::seconds patience = kPatience) {
    Response response;
    const absl::Status status =
        Patiently(NameOf(stub), patience, terminal_, [&] {
          grpc::ClientContext context;
          context.set_deadline(std::chrono::system_clock::now() + deadline);
          response.Clear();
          return rpc::FromGrpcStatus(
              (stub.*method)(&context, request, &response));
        });
    if (!status.ok()) return status;
    return response;
  }

  // A server stream read to its end; opened again from the start when the
  // service went away, so `on_message` may see a message twice. `deadline` is
  // for the whole.
  template <class Stub, class Class, class Request, class Response>
  absl::Status Follow(Stub& stub,
                      std::unique_ptr<grpc::ClientReader<Response>> (
                          Class::*method)(grpc::ClientContext*, const Request&),
                      const Request& request, std::chrono::seconds deadline,
                      const std::function<void(const Response&)>& on_message) {
    const auto end = std::chrono::system_clock::now() + deadline;
    return Patiently(NameOf(stub), kPatience, terminal_, [&] {
      grpc::ClientContext context;
      context.set_deadline(end);
      const auto reader = (stub.*method)(&context, request);
      Response response;
      while (reader->Read(&response)) on_message(response);
      return rpc::FromGrpcStatus(reader->Finish());
    });
  }

 private:
  std::string NameOf(const v1::PromptEngineService::Stub&) const;
  std::string NameOf(const v1::EvaluatorService::Stub&) const;
  std::string NameOf(const v1::ScorerService::Stub&) const;
  std::string NameOf(const v1::ServingService::Stub&) const;
  std::string NameOf(const v1::TrainerBridgeService::Stub&) const;

  const Addresses addresses_;
  Terminal& terminal_;
  // Name with address, and the way there.
  std::vector<std::pair<std::string, std::shared_ptr<grpc::Channel>>> channels_;
  std::unique_ptr<v1::PromptEngineService::Stub> prompt_engine_;
  std::unique_ptr<v1::EvaluatorService::Stub> evaluator_;
  std::unique_ptr<v1::ScorerService::Stub> scorer_;
  std::unique_ptr<v1::ServingService::Stub> serving_;
  std::unique_ptr<v1::TrainerBridgeService::Stub> trainer_bridge_;
};

}  // namespace evalloop::cli

#endif  // EVALLOOP_CLI_PEERS_H_
