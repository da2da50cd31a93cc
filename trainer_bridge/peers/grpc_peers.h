#ifndef EVALLOOP_TRAINER_BRIDGE_PEERS_GRPC_PEERS_H_
#define EVALLOOP_TRAINER_BRIDGE_PEERS_GRPC_PEERS_H_

#include <memory>
#include <string>

#include "evalloop/v1/evaluator.grpc.pb.h"
#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "evalloop/v1/serving.grpc.pb.h"
#include "grpcpp/channel.h"
#include "trainer_bridge/domain/ports.h"

namespace evalloop::trainer_bridge {

struct PeerChannels {
  std::shared_ptr<grpc::Channel> prompt_engine;
  std::shared_ptr<grpc::Channel> evaluator;
  std::shared_ptr<grpc::Channel> serving;
};

// Peers over gRPC. Thread-safe.
class GrpcPeers final : public Peers {
 public:
  // `model_server_url`: where serving finds the embedded models, without /v1.
  GrpcPeers(const PeerChannels& channels, std::string model_server_url);

  absl::Status RegisterModel(const ModelVersion& version) override;
  absl::StatusOr<RevisionRef> Production(std::string_view prompt) override;
  absl::StatusOr<RevisionRef> PushWithModel(std::string_view prompt,
                                            const ModelVersion& version,
                                            std::string_view author) override;
  absl::StatusOr<Judged> Decide(const TrainingGate& gate, std::uint32_t version,
                                std::string_view request_id,
                                const TrainingProgress& progress) override;
  absl::StatusOr<RevisionRef> RollBack(std::string_view prompt,
                                       std::string_view reason,
                                       std::string_view author) override;

 private:
  absl::StatusOr<v1::Revision> ProductionRevision(std::string_view prompt);

  const std::unique_ptr<v1::PromptEngineService::Stub> prompt_engine_;
  const std::unique_ptr<v1::EvaluatorService::Stub> evaluator_;
  const std::unique_ptr<v1::ServingService::Stub> serving_;
  const std::string model_server_url_;
};

}  // namespace evalloop::trainer_bridge

#endif  // EVALLOOP_TRAINER_BRIDGE_PEERS_GRPC_PEERS_H_
