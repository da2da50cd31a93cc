#ifndef EVALLOOP_PROMPT_ENGINE_PEERS_EVALUATOR_CLIENT_H_
#define EVALLOOP_PROMPT_ENGINE_PEERS_EVALUATOR_CLIENT_H_

#include <memory>
#include <string_view>

#include "evalloop/v1/evaluator.grpc.pb.h"
#include "grpcpp/channel.h"
#include "prompt_engine/domain/gates.h"

namespace evalloop::prompt_engine {

// Gates over gRPC. Thread-safe.
class EvaluatorClient final : public Gates {
 public:
  explicit EvaluatorClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::EvaluatorService::NewStub(channel)) {}

  absl::StatusOr<GateResult> Get(std::string_view gate_id) override;

 private:
  std::unique_ptr<v1::EvaluatorService::Stub> stub_;
};

}  // namespace evalloop::prompt_engine

#endif  // EVALLOOP_PROMPT_ENGINE_PEERS_EVALUATOR_CLIENT_H_
