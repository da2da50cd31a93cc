#include "trainer_bridge/peers/grpc_peers.h"

#include <chrono>
#include <utility>

#include "fmt/format.h"
#include "platform/rpc/channel.h"

namespace evalloop::trainer_bridge {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kQuick = 15s;
constexpr std::chrono::milliseconds kGating = 1h;
constexpr std::string_view kFamily = "evalloop-ngram";

RevisionRef RefOf(const v1::Revision& revision) {
  return {.version = revision.version(),
          .model = revision.content().model().name(),
          .model_snapshot = revision.content().model().snapshot()};
}

}  // namespace

GrpcPeers::GrpcPeers(const PeerChannels& channels, std::string model_server_url)
    : prompt_engine_(v1::PromptEngineService::NewStub(channels.prompt_engine)),
      evaluator_(v1::EvaluatorService::NewStub(channels.evaluator)),
      serving_(v1::ServingService::NewStub(channels.serving)),
      model_server_url_(std::move(model_server_url)) {}

absl::Status GrpcPeers::RegisterModel(const ModelVersion& version) {
  v1::RegisterModelRequest request;
  v1::Model& model = *request.mutable_model();
  model.set_name(version.model);
  model.set_provider(v1::Model::PROVIDER_EMBEDDED);
  model.set_base_url(model_server_url_ + "/v1");
  model.set_model_id(version.trained.digest);
  model.set_snapshot(version.trained.digest);
  model.set_family(std::string(kFamily));
  model.set_fim_form("suffix");
  model.set_token_probabilities(true);
  return rpc::CallUnary(*serving_, &v1::ServingService::Stub::RegisterModel,
                        request, kQuick)
      .status();
}

absl::StatusOr<v1::Revision> GrpcPeers::ProductionRevision(
    std::string_view prompt) {
  v1::GetRevisionRequest request;
  request.mutable_revision()->set_prompt(std::string(prompt));
  auto found = rpc::CallUnary(*prompt_engine_,
                              &v1::PromptEngineService::Stub::GetRevision,
                              request, kQuick);
  if (!found.ok()) return found.status();
  return std::move(*found->mutable_revision());
}

absl::StatusOr<RevisionRef> GrpcPeers::Production(std::string_view prompt) {
  const auto revision = ProductionRevision(prompt);
  if (!revision.ok()) return revision.status();
  return RefOf(*revision);
}

absl::StatusOr<RevisionRef> GrpcPeers::PushWithModel(
    std::string_view prompt, const ModelVersion& version,
    std::string_view author) {
  const auto production = ProductionRevision(prompt);
  if (!production.ok()) return production.status();
  v1::PushRevisionRequest request;
  request.set_prompt(std::string(prompt));
  *request.mutable_content() = production->content();
  v1::ModelReference& model = *request.mutable_content()->mutable_model();
  model.set_name(version.model);
  model.set_snapshot(version.trained.digest);
  request.set_parent_version(production->version());
  request.set_message(
      fmt::format("Model trained on commit {}", version.commit.substr(0, 12)));
  request.set_author(std::string(author));
  const auto pushed = rpc::CallUnary(
      *prompt_engine_, &v1::PromptEngineService::Stub::PushRevision, request,
      kQuick);
  if (!pushed.ok()) return pushed.status();
  return RefOf(pushed->revision());
}

absl::StatusOr<Peers::Judged> GrpcPeers::Decide(
    const TrainingGate& gate, std::uint32_t version,
    std::string_view request_id, const TrainingProgress& progress) {
  v1::DecideRevisionRequest request;
  request.mutable_candidate()->set_prompt(gate.prompt);
  request.mutable_candidate()->set_version(version);
  request.set_benchmark(gate.benchmark);
  request.set_benchmark_version(gate.benchmark_version);
  request.set_kind("model");
  request.set_mode(v1::RUN_MODE_TYPED);
  request.mutable_autopilot()->set_publish(gate.promote);
  request.mutable_autopilot()->set_move_production(gate.promote);
  request.set_request_id(std::string(request_id));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kGating);
  const auto reader = evaluator_->DecideRevision(&context, request);
  v1::DecideRevisionResponse response;
  Judged judged;
  bool done = false;
  while (reader->Read(&response)) {
    if (response.done()) {
      done = true;
      judged.applied = response.decision().applied();
      judged.decision = response.decision().SerializeAsString();
    } else if (!progress(response.progress(), 1)) {
      context.TryCancel();
    }
  }
  if (const absl::Status ended = rpc::FromGrpcStatus(reader->Finish());
      !ended.ok()) {
    return ended;
  }
  if (!done) return absl::UnavailableError("the evaluator ended early");
  return judged;
}

absl::StatusOr<RevisionRef> GrpcPeers::RollBack(std::string_view prompt,
                                                std::string_view reason,
                                                std::string_view author) {
  v1::RollBackLabelRequest request;
  request.set_prompt(std::string(prompt));
  request.set_label("production");
  request.set_reason(std::string(reason));
  request.set_author(std::string(author));
  const auto moved = rpc::CallUnary(
      *prompt_engine_, &v1::PromptEngineService::Stub::RollBackLabel, request,
      kQuick);
  if (!moved.ok()) return moved.status();
  return Production(prompt);
}

}  // namespace evalloop::trainer_bridge
