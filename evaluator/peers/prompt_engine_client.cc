#include "evaluator/peers/prompt_engine_client.h"

#include <chrono>
#include <utility>

#include "evaluator/translate/translate.h"
#include "platform/rpc/channel.h"

namespace evalloop::evaluator {
namespace {

using namespace std::chrono_literals;
using Stub = v1::PromptEngineService::Stub;

constexpr std::chrono::milliseconds kQuick = 15s;
constexpr std::chrono::milliseconds kLearning = 10min;
constexpr std::chrono::milliseconds kMining = 10min;

}  // namespace

absl::StatusOr<RevisionRef> PromptEngineClient::Resolve(
    const RevisionName& name) {
  v1::GetRevisionRequest request;
  v1::RevisionSelector& selector = *request.mutable_revision();
  selector.set_prompt(name.prompt);
  if (name.version != 0) {
    selector.set_version(name.version);
  } else if (!name.label.empty()) {
    selector.set_label(name.label);
  } else if (!name.digest.empty()) {
    selector.set_digest(name.digest);
  }
  const auto found =
      rpc::CallUnary(*stub_, &Stub::GetRevision, request, kQuick);
  if (!found.ok()) return found.status();
  return FromProto(found->revision());
}

absl::Status PromptEngineClient::Mine(const MineQuery& query,
                                      const std::function<void(Item)>& take) {
  v1::MineItemsRequest request;
  request.set_repository(query.repository);
  request.set_after_commit(query.after_commit);
  request.set_until_commit(query.until_commit);
  request.set_max_items(query.max_items);
  for (const std::string& name : query.classes) request.add_classes(name);
  for (const std::string& name : query.tasks) request.add_tasks(name);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kMining);
  const auto reader = stub_->MineItems(&context, request);
  v1::MineItemsResponse response;
  while (reader->Read(&response)) take(FromProto(response.item()));
  return rpc::FromGrpcStatus(reader->Finish());
}

absl::StatusOr<std::vector<Proposal>> PromptEngineClient::Propose(
    std::string_view prompt, std::uint32_t base_version,
    std::string_view session) {
  v1::ProposeRevisionsRequest request;
  request.set_prompt(std::string(prompt));
  request.set_base_version(base_version);
  request.add_kinds(v1::PROPOSAL_KIND_THRESHOLD);
  request.add_kinds(v1::PROPOSAL_KIND_LEARNT);
  request.mutable_learn_from()->set_prompt(std::string(prompt));
  request.mutable_learn_from()->set_session(std::string(session));
  const auto learnt =
      rpc::CallUnary(*stub_, &Stub::ProposeRevisions, request, kLearning);
  if (!learnt.ok()) return learnt.status();
  std::vector<Proposal> proposals;
  for (const v1::Proposal& proposal : learnt->proposals()) {
    proposals.push_back({.kind = proposal.kind() == v1::PROPOSAL_KIND_LEARNT
                                     ? ProposalKind::kLearnt
                                     : ProposalKind::kThreshold,
                         .proposed = proposal.proposed(),
                         .reason = proposal.reason(),
                         .revision = FromProto(proposal.revision())});
  }
  return proposals;
}

absl::StatusOr<std::vector<ChangeSince>> PromptEngineClient::Diff(
    std::string_view prompt, std::uint32_t from, std::uint32_t to) {
  v1::DiffRevisionsRequest request;
  request.mutable_from()->set_prompt(std::string(prompt));
  request.mutable_from()->set_version(from);
  request.mutable_to()->set_prompt(std::string(prompt));
  request.mutable_to()->set_version(to);
  const auto found =
      rpc::CallUnary(*stub_, &Stub::DiffRevisions, request, kQuick);
  if (!found.ok()) return found.status();
  std::vector<ChangeSince> changes;
  for (const v1::RevisionChange& change : found->changes()) {
    changes.push_back({.kind = change.kind(),
                       .field = change.field(),
                       .from = change.from(),
                       .to = change.to()});
  }
  return changes;
}

absl::Status PromptEngineClient::Publish(const RevisionRef& revision,
                                         std::string_view gate_id,
                                         std::string_view author) {
  v1::PublishRevisionRequest request;
  request.set_prompt(revision.prompt);
  request.set_version(revision.version);
  request.set_gate_id(std::string(gate_id));
  request.set_author(std::string(author));
  return rpc::CallUnary(*stub_, &Stub::PublishRevision, request, kQuick)
      .status();
}

absl::Status PromptEngineClient::MoveLabel(const RevisionRef& revision,
                                           std::string_view label,
                                           std::uint32_t expected_version,
                                           std::string_view reason,
                                           std::string_view author) {
  v1::MoveLabelRequest request;
  request.set_prompt(revision.prompt);
  request.set_label(std::string(label));
  request.set_version(revision.version);
  request.set_expected_version(expected_version);
  request.set_reason(std::string(reason));
  request.set_author(std::string(author));
  return rpc::CallUnary(*stub_, &Stub::MoveLabel, request, kQuick).status();
}

}  // namespace evalloop::evaluator
