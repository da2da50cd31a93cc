#ifndef EVALLOOP_EVALUATOR_PEERS_PROMPT_ENGINE_CLIENT_H_
#define EVALLOOP_EVALUATOR_PEERS_PROMPT_ENGINE_CLIENT_H_

#include <memory>
#include <string_view>
#include <vector>

#include "evalloop/v1/prompt_engine.grpc.pb.h"
#include "evaluator/domain/ports.h"
#include "grpcpp/channel.h"

namespace evalloop::evaluator {

// PromptLibrary over gRPC. Thread-safe.
class PromptEngineClient final : public PromptLibrary {
 public:
  explicit PromptEngineClient(const std::shared_ptr<grpc::Channel>& channel)
      : stub_(v1::PromptEngineService::NewStub(channel)) {}

  absl::StatusOr<RevisionRef> Resolve(const RevisionName& name) override;
  absl::Status Mine(const MineQuery& query,
                    const std::function<void(Item)>& take) override;
  absl::StatusOr<std::vector<Proposal>> Propose(
      std::string_view prompt, std::uint32_t base_version,
      std::string_view session) override;
  absl::StatusOr<std::vector<ChangeSince>> Diff(std::string_view prompt,
                                                std::uint32_t from,
                                                std::uint32_t to) override;
  absl::Status Publish(const RevisionRef& revision, std::string_view gate_id,
                       std::string_view author) override;
  absl::Status MoveLabel(const RevisionRef& revision, std::string_view label,
                         std::uint32_t expected_version,
                         std::string_view reason,
                         std::string_view author) override;

 private:
  std::unique_ptr<v1::PromptEngineService::Stub> stub_;
};

}  // namespace evalloop::evaluator

#endif  // EVALLOOP_EVALUATOR_PEERS_PROMPT_ENGINE_CLIENT_H_
