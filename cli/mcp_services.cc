#include "cli/mcp_services.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

// Descriptors are known only where their generated code is linked in.
#include "evalloop/v1/access_service.pb.h"
#include "evalloop/v1/evaluator.pb.h"
#include "evalloop/v1/prompt_engine.pb.h"
#include "evalloop/v1/scorer.pb.h"
#include "evalloop/v1/serving.pb.h"
#include "evalloop/v1/trainer_bridge.pb.h"

namespace evalloop::cli::mcp {
namespace {

constexpr auto kForAgents = std::to_array<std::string_view>({
    // The library.
    "ListPrompts",
    "ListRevisions",
    "GetRevision",
    "DiffRevisions",
    "LintRevision",
    "RenderPrompt",
    "PushRevision",
    "ListHistory",
    // Benchmarks.
    "ListBenchmarks",
    "GetBenchmark",
    "ListItems",
    "GetItem",
    // Runs.
    "StartRun",
    "GetRun",
    "ListRuns",
    "WatchRun",
    "CancelRun",
    "ListRows",
    "CompareRuns",
    "AggregateRows",
    "FindRegressions",
    "ListFlips",
    // Gates and what they cost.
    "StartGate",
    "GetGate",
    "ListGates",
    "GetFrontier",
    "ListDecisions",
    // What was served, and what became of it.
    "ListModels",
    "ListCompletions",
    "GetCompletion",
    "GetOutcome",
});

// The service of a file, which is linked in by being asked for here.
template <class Message>
const google::protobuf::ServiceDescriptor* ServiceBy() {
  return Message::descriptor()->file()->service(0);
}

}  // namespace

std::vector<ApiService> AllServices(const Peers& peers) {
  std::vector<ApiService> all;
  const auto add = [&](const google::protobuf::ServiceDescriptor* descriptor,
                       Peer peer) {
    all.push_back({.descriptor = descriptor,
                   .channel = peers.channel(peer),
                   .name = peers.NameOf(peer)});
  };
  add(ServiceBy<v1::GetRevisionRequest>(), Peer::kPromptEngine);
  add(ServiceBy<v1::GetRunRequest>(), Peer::kEvaluator);
  add(ServiceBy<v1::GetScoreRequest>(), Peer::kScorer);
  add(ServiceBy<v1::GetModelRequest>(), Peer::kServing);
  add(ServiceBy<v1::CreateKeyRequest>(), Peer::kServing);
  add(ServiceBy<v1::GetTrainingJobRequest>(), Peer::kTrainerBridge);
  return all;
}

bool IsForAgents(const google::protobuf::MethodDescriptor& method) {
  return std::ranges::find(kForAgents, method.name()) != kForAgents.end();
}

}  // namespace evalloop::cli::mcp
